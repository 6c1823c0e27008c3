"""What the domain says when the answer is no. One kind for each HTTP status; the code names the rule."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule of the register said no.

    code: stable and snake_case, for programs; message: Chinese, for people; field: the input it concerns;
    clause: the notice's clause that says so; details: plain JSON values, such as needed=5, found=4.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        clause: str | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.clause = clause
        self.details: dict[str, Any] = details

    def __str__(self) -> str:
        return self.message

    def as_dict(self) -> dict[str, Any]:
        """The error as plain JSON values."""
        return {
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "clause": self.clause,
            "details": self.details,
        }


class Invalid(DomainError):
    """The input itself is wrong (422)."""


class NotFound(DomainError):
    """There is no such thing, or not for this reader (404)."""


class Forbidden(DomainError):
    """This account may not do it (403)."""


class OutOfOrder(DomainError):
    """The step does not come next (409)."""


class Refused(DomainError):
    """The input is well formed, but a rule says no (422)."""


class Stale(DomainError):
    """It was changed by someone else in the meantime (409)."""
