"""What a request can reach: the house and the tables outside the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from adapters.answers import Answers
from adapters.bootstrap import House
from adapters.commits import Commits
from adapters.credentials import Credentials
from adapters.evidence import EvidenceStore
from adapters.feeds.addresses import Addresses
from adapters.messages.texts import Texts
from adapters.views.queries import Queries
from domain.register import Register

EXTENSION = "mingpai"


@dataclass
class Services:
    """Everything a view works with; `error_page` renders an error for people, set by the pages."""

    house: House
    credentials: Credentials
    evidence: EvidenceStore
    answers: Answers
    commits: Commits
    texts: Texts
    feeds: Addresses
    error_page: Callable[[dict[str, Any], int], str] | None = None


def services() -> Services:
    """The services of the application that answers this request."""
    found: Services = current_app.extensions[EXTENSION]
    return found


def house() -> House:
    return services().house


def register() -> Register:
    return house().register


def queries() -> Queries:
    return house().queries


def base_url() -> str:
    """What paths of ours are put behind for those who read them elsewhere, without a slash at its end."""
    return house().settings.public_url or request.host_url.rstrip("/")
