"""flask-smorest with our parser and our error shape, and with types, which it has none of."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask_smorest  # type: ignore[import-untyped] # it ships none
from flask import Flask

from web.errors import ErrorSchema
from web.parsing import Parser, require_unasked

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Api(flask_smorest.Api):  # type: ignore[misc] # untyped
    """The API with our error shape instead of the library's."""

    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        """Ours are installed for the whole application."""


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # untyped
    """A blueprint whose arguments are read by our parser."""

    ARGUMENTS_PARSER = Parser()

    def route(self, rule: str, **more: Any) -> Decorator:
        """Register a view at an address below /api/v1."""
        register: Decorator = super().route(rule, **more)
        return lambda view: register(view if _asks(view) else _unasked(view))

    def get(self, rule: str, **more: Any) -> Decorator:
        """Register a view that reads."""
        return self.route(rule, methods=["GET"], **more)

    def post(self, rule: str, **more: Any) -> Decorator:
        """Register a view that adds."""
        return self.route(rule, methods=["POST"], **more)

    def put(self, rule: str, **more: Any) -> Decorator:
        """Register a view that replaces."""
        return self.route(rule, methods=["PUT"], **more)

    def delete(self, rule: str, **more: Any) -> Decorator:
        """Register a view that takes away."""
        return self.route(rule, methods=["DELETE"], **more)

    def arguments(self, schema: Any, **more: Any) -> Decorator:
        """Read and check the body, or the query with location="query"."""
        found: Decorator = super().arguments(schema, **more)
        return found

    def response(self, status: int, schema: Any = None, **more: Any) -> Decorator:
        """What is answered when all is well."""
        found: Decorator = super().response(status, schema, **more)
        return found

    def alt_response(self, status: int, **more: Any) -> Decorator:
        """What is answered otherwise."""
        found: Decorator = super().alt_response(status, **more)
        return found

    def told(self, **more: Any) -> Decorator:
        """What else the description says of an operation."""
        found: Decorator = self.doc(**more)
        return found


def _asks(view: Callable[..., Any]) -> bool:
    """Whether a view takes keys in its address."""
    described = getattr(view, "_apidoc", {}).get("arguments", {})
    return any(each.get("in") == "query" for each in described.get("parameters", ()))


def _unasked(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, which refuses keys in its address."""

    @wraps(view)
    def checked(*args: Any, **more: Any) -> Any:
        require_unasked()
        return view(*args, **more)

    return checked


def new_api(app: Flask, spec: dict[str, Any]) -> Api:
    """The API of an application; its description is served at /api/v1/openapi.json."""
    app.config.update(
        API_TITLE="铭牌 Mingpai",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    return Api(app, spec_kwargs=spec)
