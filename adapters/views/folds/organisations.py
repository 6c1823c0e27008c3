"""Organisations with their paths, accounts and their roles.

A path is the positions at which an organisation and those above it were registered, as
`/1/5/17/`: what stands below an organisation has a path that begins with its own.
"""

from __future__ import annotations

from typing import Any

from adapters.views.folds.dispatch import dump, on, text, uid
from adapters.views.tables import accounts, organisations, roles
from adapters.views.versions import Fold


@on("organisation.registered")
def registered(fold: Fold, e: Any) -> None:
    id = uid(e.originator_id)
    above = fold.get(organisations, text(e.parent)) or {"path": "/", "recommender": None}
    fold.add(
        organisations,
        id,
        name=e.name,
        kind=e.kind,
        parent=text(e.parent),
        federation=text(e.federation) or id,
        recommender=id if e.kind == "recommending_union" else above["recommender"],
        path=f"{above['path']}{fold.position}/",
        code=e.code,
        closed=False,
    )


@on("organisation.renamed")
def renamed(fold: Fold, e: Any) -> None:
    fold.change(organisations, uid(e.originator_id), name=e.name)


@on("organisation.timing_set")
def timing_set(fold: Fold, e: Any) -> None:
    fold.change(organisations, uid(e.originator_id), timing=dump(e.timing))


@on("organisation.closed")
def closed(fold: Fold, e: Any) -> None:
    fold.change(organisations, uid(e.originator_id), closed=True)


@on("account.opened")
def opened(fold: Fold, e: Any) -> None:
    fold.add(
        accounts,
        uid(e.originator_id),
        username=e.username,
        name=e.name,
        home=uid(e.home),
        path=path_of(fold, e.home),
        disabled=False,
    )


@on("account.role_granted")
def role_granted(fold: Fold, e: Any) -> None:
    account, organisation = uid(e.originator_id), uid(e.organisation)
    fold.add(
        roles,
        f"{account}/{e.role}/{organisation}",
        account=account,
        role=e.role,
        organisation=organisation,
        path=path_of(fold, e.organisation),
    )


@on("account.role_revoked")
def role_revoked(fold: Fold, e: Any) -> None:
    fold.end(roles, f"{uid(e.originator_id)}/{e.role}/{uid(e.organisation)}")


@on("account.disabled")
def disabled(fold: Fold, e: Any) -> None:
    fold.change(accounts, uid(e.originator_id), disabled=True)


@on("account.enabled")
def enabled(fold: Fold, e: Any) -> None:
    fold.change(accounts, uid(e.originator_id), disabled=False)


def path_of(fold: Fold, organisation: object | None) -> str:
    """The path of an organisation; that of nobody is empty and so below no one."""
    row = fold.get(organisations, text(organisation))
    return row["path"] if row else ""
