"""Every use case of the desks can be reached over HTTP."""

from __future__ import annotations

import inspect
from pathlib import Path

import web.api
from domain.desks.assessments import Assessments
from domain.desks.calls import Calls
from domain.desks.desk import Desk
from domain.desks.directory import Directory
from domain.desks.intake import IntakeDesk
from domain.desks.ledgers import LedgersDesk
from domain.desks.naming import NamingDesk
from domain.desks.privacy import Privacy
from domain.desks.publicity import PublicityDesk
from domain.desks.review import ReviewDesk
from domain.desks.subsidies import Subsidies

DESKS: dict[str, type[Desk]] = {
    "assessments": Assessments,
    "calls": Calls,
    "directory": Directory,
    "intake": IntakeDesk,
    "ledgers": LedgersDesk,
    "naming": NamingDesk,
    "privacy": Privacy,
    "publicity": PublicityDesk,
    "review": ReviewDesk,
    "subsidies": Subsidies,
}
ELSEWHERE = {
    "assessments.check",  # the same as check_many with one result
    "calls.pass_deadline",  # by rule, when its time has come
    "assessments.check_each",  # for files, from the command line
    "directory.found",  # by the setup link
    "privacy.erase",  # through adapters.audit, which also sweeps the caches
    "privacy.note_export",  # by what exports
    "publicity.complete_due",  # by rule, when its time has come
    "publicity.completed",  # unsaved: a part of other commands
    "publicity.recompute",  # by rule, when the calendar changes
    "review.admit",
    "subsidies.cancel_unpaid",
}


def test_every_use_case_has_an_endpoint() -> None:
    sources = "".join(path.read_text() for path in Path(web.api.__file__).parent.glob("*.py"))
    missing = []
    for name, desk in DESKS.items():
        for verb, method in vars(desk).items():
            public = inspect.isfunction(method) and not verb.startswith("_")
            if public and "mandate" in inspect.signature(method).parameters:
                called = f"register().{name}.{verb}(" in sources
                if not called and f"{name}.{verb}" not in ELSEWHERE:
                    missing.append(f"{name}.{verb}")
    assert missing == []
