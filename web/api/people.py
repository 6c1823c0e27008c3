"""What several desks take in: people, evidence, who is paid."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from domain.errors import Invalid, NotFound
from domain.values import Evidence
from web import auth
from web.context import services
from web.fields import Id, Strict, Words, known, many


class PersonSchema(Strict):
    """A person. Phone, birth date, ethnicity, political status, e-mail and ID number are sealed."""

    name = Words(50)
    gender = Words(10, load_default="")
    position = Words(100, load_default="")
    title = Words(100, load_default="")
    education = Words(50, load_default="")
    phone = Words(50, load_default="")
    birth_date = Words(20, load_default="")
    ethnicity = Words(50, load_default="")
    political_status = Words(50, load_default="")
    email = Words(200, load_default="")
    id_number = Words(50, load_default="")


class PayeeSchema(Strict):
    """The account of a unit or union, never of a person. The account number is sealed."""

    organisation = Id()
    account_name = Words(100)
    bank = Words(100)
    account_number = Words(50)


class FileField(fields.String):
    """A file that was handed in before, by its SHA-256; loads as Evidence."""

    def __init__(self, **more: Any) -> None:
        told = "应为文件的 SHA-256（64 位十六进制）"
        super().__init__(
            validate=validate.Regexp(r"\A[0-9a-f]{64}\Z", error=told),
            **known(error_messages={"invalid": told}, **more),
        )

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **more: Any) -> Any:
        sha256 = super().deserialize(value, attr, data, **more)
        return found(sha256) if isinstance(sha256, str) else sha256


def found(sha256: str) -> Evidence:
    """A file that was handed in, by the name that one's own organisation gave it. Raises Invalid."""
    who = auth.asker()
    try:
        return services().evidence.describe(sha256, who.post.organisation if who else None)
    except NotFound:
        raise Invalid(
            "evidence_unknown", "没有上传过这个文件", field="evidence", sha256=sha256
        ) from None


def files(most: int = 100) -> Any:
    """A list of files."""
    return many(FileField(), most, load_default=())
