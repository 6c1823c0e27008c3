"""What forms that change something have in common: once, by whom, and on what the user saw."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, request

from domain.errors import Invalid
from domain.values import Mandate
from web import auth
from web.context import queries


def request_id(form: str) -> str:
    """The request's id from the form's own number: sent twice, it is recorded once."""
    try:
        return f"{form}:{UUID(request.form.get('once', ''))}"
    except ValueError:
        raise Invalid("form_incomplete", "页面已过期，请刷新后重试") from None


def is_done(request_id: str) -> bool:
    """Whether this very form was recorded before, as by a second click."""
    return queries().request(request_id) is not None


def mandate(request_id: str, record: UUID) -> Mandate:
    """The visitor's authority, on the version of the record that the form was shown with."""
    version = request.form.get("version", "")
    if not version.isdecimal():
        raise Invalid("form_incomplete", "页面已过期，请刷新后重试")
    return auth.mandate(request_id, seen={record: int(version)})


def shown_once(page: str) -> Response:
    """A page with a secret on it, which no browser keeps."""
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    return response
