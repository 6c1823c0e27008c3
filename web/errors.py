"""Errors as the API tells them: one shape, one dict from kinds to statuses, never a 500 for bad input.

Every error is {code, message, field, clause, details}: `code` is stable and for programs, `message` is Chinese and for
people, `field` names the input as `dossier.results[0].name`, `clause` the notice's clause, `details` holds plain values.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from eventsourcing.persistence import OperationalError
from flask import Flask, Response, make_response, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from domain.errors import DomainError, Forbidden, Invalid, NotFound, OutOfOrder, Refused, Stale
from web.context import services

log = structlog.get_logger("mingpai.web")


class Unauthenticated(DomainError):
    """Nobody is signed in, or not with this (401)."""


class Malformed(DomainError):
    """The request cannot be read at all (400)."""


STATUSES: dict[type[DomainError], HTTPStatus] = {
    Malformed: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    OutOfOrder: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Which status says what kind of no."""

OWN_STATUSES = {
    "file_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "file_type_unknown": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "not_json": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}
"""Codes for which HTTP has a word of its own."""

HTTP_MESSAGES = {
    400: ("bad_request", "请求无法识别"),
    401: ("not_signed_in", "请先登录"),
    403: ("forbidden", "没有权限"),
    404: ("not_found", "没有这个地址或记录"),
    405: ("method_not_allowed", "该地址不支持这种操作"),
    406: ("not_acceptable", "无法提供所要求的格式"),
    408: ("timeout", "请求超时"),
    409: ("conflict", "与现有记录冲突，请重试"),
    413: ("too_large", "请求内容过大"),
    414: ("address_too_long", "地址过长"),
    415: ("not_json", "请求内容须为 application/json"),
    416: ("range_unsatisfiable", "所要求的范围不存在"),
    429: ("too_many_requests", "操作过于频繁，请稍后再试"),
    431: ("headers_too_large", "请求头过大"),
    500: ("internal", "系统内部错误，已记录，请联系管理员"),
    503: ("busy", "系统繁忙，请稍后重试"),
}


class ErrorSchema(Schema):
    """The one shape of errors."""

    code = fields.String(required=True, metadata={"description": "stable, for programs"})
    message = fields.String(required=True, metadata={"description": "Chinese, for people"})
    field = fields.String(required=True, allow_none=True)
    clause = fields.String(required=True, allow_none=True)
    details = fields.Dict(required=True)


def status_of(error: DomainError) -> int:
    """The HTTP status for an error."""
    if error.code in OWN_STATUSES:
        return OWN_STATUSES[error.code]
    kinds = (kind for kind in type(error).__mro__ if kind in STATUSES)
    return STATUSES[next(kinds)]


def install(app: Flask) -> None:
    """Let the application answer every error in the one shape."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _unexpected)


def _domain_error(error: DomainError) -> Response:
    return respond(error.as_dict(), status_of(error))


def _http_error(error: HTTPException) -> Response:
    if error.response is not None and error.code is None:
        return make_response(error.response)
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    code, message = HTTP_MESSAGES.get(status, ("http_error", "请求未能完成"))
    return respond(_body(code, message), status, dict(error.get_headers()))


def _busy(error: OperationalError) -> Response:
    log.warning("database_busy", endpoint=request.endpoint, error=type(error).__name__)
    code, message = HTTP_MESSAGES[503]
    return respond(_body(code, message), 503, {"Retry-After": "1"})


def _unexpected(error: Exception) -> Response:
    # The words of an exception may hold what was sent in; where it happened holds nobody's data.
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else ""
    log.error("unexpected", endpoint=request.endpoint, error=type(error).__name__, where=where)
    code, message = HTTP_MESSAGES[500]
    return respond(_body(code, message), 500)


def _body(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "field": None, "clause": None, "details": {}}


KEPT_HEADERS = ("Retry-After", "Allow", "WWW-Authenticate", "Content-Range")


def respond(body: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> Response:
    """An error in the one shape: JSON for programs, the pages' own page for people."""
    page = services().error_page
    if page is not None and not request.path.startswith("/api/"):
        response = make_response(page(body, status), status)
    else:
        response = make_response(body, status)
    for name in KEPT_HEADERS:
        if headers and name in headers:
            response.headers[name] = headers[name]
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
