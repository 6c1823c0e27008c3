"""Single records, each with what belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from adapters.views.questions.facts import fact_at, facts_at
from adapters.views.questions.history import told
from adapters.views.questions.lists import Lists
from adapters.views.questions.moment import Item, Moment
from adapters.views.tables import (
    VIEWS,
    accounts,
    applications,
    checks,
    grants,
    namings,
    notices,
    objections,
    organisations,
    rectifications,
    roles,
    self_checks,
    timeline,
)

REVIEWING = (
    "studio.reviewed",
    "studio.scored",
    "studio.returned",
    "studio.amended",
    "studio.overridden",
    "studio.reviewer_recused",
)
"""What an application's page tells of its way through the stages."""


class Records(Lists):
    """Questions that one record answers. All raise NotFound where there was none at the moment."""

    def one(self, name: str, id: object, *, as_of: int | None = None) -> Item:
        """One row of a view, with the names of what it refers to, and its record's version."""
        with self.at(as_of) as moment:
            return shown(moment, name, id)

    def organisation(self, id: object, *, as_of: int | None = None) -> Item:
        """An organisation, with what stands right below it and what it stands below."""
        with self.at(as_of) as moment:
            found = shown(moment, "organisations", id)
            found["children"] = moment.of(organisations, parent=found["id"])
            above = [int(each) for each in found["path"].strip("/").split("/")[:-1]]
            table = organisations.table
            query = sa.select(table).where(moment.holds(table), table.c.path.in_(_prefixes(above)))
            found["above"] = moment.rows(query.order_by(sa.func.length(table.c.path)))
            return found

    def account(self, id: object, *, as_of: int | None = None) -> Item:
        """An account with its roles."""
        with self.at(as_of) as moment:
            found = shown(moment, "accounts", id)
            found["roles"] = moment.label(moment.of(roles, account=found["id"]))
            return found

    def account_named(self, username: str, *, as_of: int | None = None) -> Item | None:
        """The account with a user name, with its roles; None where there is none."""
        with self.at(as_of) as moment:
            found = moment.of(accounts, username=username.strip().lower())
        return self.account(found[0]["id"], as_of=as_of) if found else None

    def studio(self, id: object, *, as_of: int | None = None) -> Item:
        """A studio with its applications, namings, grants, checks and orders to rectify."""
        with self.at(as_of) as moment:
            found = shown(moment, "studios", id)
            parts = {
                "all_namings": namings,
                "applications": applications,
                "grants": grants,
                "checks": checks,
                "rectifications": rectifications,
                "self_checks": self_checks,
            }
            for name, view in parts.items():
                found[name] = moment.label(moment.of(view, studio=found["id"]))
            return found

    def naming(self, studio: object, number: str, *, as_of: int | None = None) -> Item:
        """One naming of a studio, with its checks."""
        with self.at(as_of) as moment:
            found = shown(moment, "namings", f"{studio}/{number}")
            parts = {"studio": found["studio"], "number": number}
            found["checks"] = moment.of(checks, **parts)
            found["rectifications"] = moment.of(rectifications, **parts)
            return found

    def application(self, id: object, *, as_of: int | None = None) -> Item:
        """An application with dossier, verdicts as judged, evidence, and its way through the stages.

        `verdicts` have `judged` where a person decided and `waived` where it was overridden;
        `steps` are the events of its reviews in order, with opinions, points and reasons.
        """
        with self.at(as_of) as moment:
            found = shown(moment, "applications", id)
            facts = fact_at(moment.connection, found["dossier_at"])
            waived = set(found["overridden"])
            found["dossier"] = facts.get("dossier", {})
            found["evidence"] = facts.get("evidence", [])
            found["verdicts"] = [
                {
                    **verdict,
                    "judged": found["judged"].get(verdict["condition"]),
                    "waived": verdict["condition"] in waived,
                }
                for verdict in facts.get("verdicts", [])
            ]
            query = sa.select(timeline).where(
                timeline.c.record == found["studio"],
                timeline.c.position.between(found["first_at"], moment.position),
                timeline.c.topic.in_(REVIEWING),
            )
            steps = told(moment, query.order_by(timeline.c.position))
            found["steps"] = [s for s in steps if s["facts"].get("application") == found["id"]]
            return found

    def call(self, id: object, *, as_of: int | None = None) -> Item:
        """A call with what it promised, how its applications stand, and the use of its quotas.

        `progress`: for each recommending union and category, how many were entered, recommended,
        selected, named and left. `quotas`: each with `uses`, by organisation.
        """
        with self.at(as_of) as moment:
            found = shown(moment, "calls", id)
            for name, value in fact_at(moment.connection, found["opened_at"]).items():
                found.setdefault(name, value)
            rows = moment.of(applications, call=found["id"])
            found["progress"] = moment.label(_progress(rows))
            for quota in found["quotas"]:
                quota["uses"] = moment.label(_uses(quota, rows))
            found["notices"] = moment.of(notices, call=found["id"])
            return found

    def notice(self, id: object, *, as_of: int | None = None) -> Item:
        """A notice with its lines and objections; what objectors said stands in `objections`."""
        with self.at(as_of) as moment:
            found = shown(moment, "notices", id)
            lines = fact_at(moment.connection, found["entries_at"]).get("entries", [])
            gone = set(found["dropped"])
            found["entries"] = [{**line, "dropped": line["studio"] in gone} for line in lines]
            raised = moment.label(moment.of(objections, notice=found["id"]))
            positions = {each[name] for each in raised for name in ("raised_at", "closed_at")}
            facts = facts_at(moment.connection, positions - {None})
            for each in raised:
                said, answer = facts[each["raised_at"]], facts.get(each["closed_at"], {})
                each.update(text=said["text"], objector=said["objector"])
                each["finding"] = answer.get("finding")
            found["objections"] = raised
            return found

    def grid(
        self,
        *,
        years: tuple[int, int],
        as_of: int | None = None,
        scope: object | None = None,
        **asked: Any,
    ) -> Item:
        """Namings down, years across: a page as of `listed("namings")`, each with `years`.

        `years` of an item: year → the governing result (grade, grade_name, failing, corrected,
        late, check), or nothing where the year has none.
        """
        page = self.listed("namings", as_of=as_of, scope=scope, **asked)
        with self.at(page["as_of"]) as moment:
            table = checks.table
            query = sa.select(table).where(
                moment.holds(table),
                table.c.studio.in_({each["studio"] for each in page["items"]}),
                table.c.year.between(*years),
                table.c.governing.is_(True),
            )
            cells: dict[tuple[str, str], dict[str, Item]] = {}
            for row in moment.rows(query):
                cells.setdefault((row["studio"], row["number"]), {})[str(row["year"])] = row
            for each in page["items"]:
                each["years"] = cells.get((each["studio"], each["number"]), {})
            return page


def shown(moment: Moment, name: str, id: object) -> Item:
    """A row with the names of what it refers to, and its record's version. Raises NotFound."""
    found = moment.label([moment.one(VIEWS[name], id)])[0]
    query = sa.select(sa.func.max(timeline.c.version)).where(
        timeline.c.record == found["id"], timeline.c.position <= moment.position
    )
    version = moment.connection.scalar(query)
    return found if version is None else {**found, "version": version}


def _prefixes(above: Sequence[int]) -> list[str]:
    """The paths of all organisations above, from the parts of a path."""
    return ["/" + "".join(f"{part}/" for part in above[: n + 1]) for n in range(len(above))]


def _progress(rows: Iterable[Mapping[str, Any]]) -> list[Item]:
    states = ("entered", "recommended", "selected", "named", "left")
    found: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        found.setdefault((row["recommender"], row["category"]), Counter())[row["call_state"]] += 1
    return [
        {"recommender": union, "category": category, **{state: count[state] for state in states}}
        for (union, category), count in sorted(found.items())
    ]


def _uses(quota: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[Item]:
    """How much of a quota each unit or union has used, or the whole call: what counts in domain.md."""
    per = quota["per"]
    column = "unit" if per == "unit" else "recommender"
    uses: Counter[str | None] = Counter()
    reasons: dict[str | None, list[str]] = {}
    for row in rows:
        counted = row["call_state"] != "left" and (per == "unit" or row["call_state"] != "entered")
        concerned = quota["union"] in (None, row[column]) and row[column] not in quota["except"]
        if counted and concerned and row["category"] in quota["categories"]:
            whose = None if per == "call" else row[column]
            uses[whose] += 1
            if quota["id"] in row["exceeded"] and row["quota_reason"]:
                reasons.setdefault(whose, []).append(row["quota_reason"])
    return [
        {
            "organisation": whose,
            "count": count,
            "over": count > quota["cap"],
            "reasons": reasons.get(whose, []),
        }
        for whose, count in sorted(uses.items(), key=str)
    ]
