"""Evidence: handing files in, and getting them back by their SHA-256."""

from __future__ import annotations

from typing import Any

from flask import Response, request, send_file
from marshmallow import Schema, fields

from domain.errors import Invalid, NotFound
from domain.model.organisation import Organisation
from domain.values import Evidence
from web import auth
from web.blueprint import Blueprint
from web.context import house, register, services
from web.fields import Strict, Words

blueprint = Blueprint("evidence", __name__, description="证明材料")

SHOWN_INLINE = ("application/pdf", "image/jpeg", "image/png", "video/mp4")


class Name(Strict):
    """The file's name, for a body that is the file itself."""

    name = Words(200, load_default=None)


class EvidenceSchema(Schema):
    """A file: refer to it by its SHA-256."""

    sha256 = fields.String(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "bytes"})
    type = fields.String(required=True)


@blueprint.post("/evidence")
@blueprint.arguments(Name, location="query")
@blueprint.response(201, EvidenceSchema)
def upload(data: dict[str, Any]) -> Evidence:
    """Hand a file in: as form field `file`, or as the body itself with its name in the address."""
    store = services().evidence
    who = auth.current()
    request.max_content_length = store.largest + 1024 * 1024
    if (request.mimetype or "").startswith("multipart/"):
        file = request.files.get("file")
        if file is None:
            raise Invalid("file_missing", "没有收到文件", field="file")
        stream, name = file.stream, data["name"] or file.filename or ""
    else:
        stream, name = request.stream, data["name"] or ""
    place = who.post.organisation
    return store.put(stream, name, at=house().clock(), account=who.account, organisation=place)


@blueprint.get("/evidence/<string:sha256>")
@blueprint.response(200, EvidenceSchema)
def show(sha256: str) -> Evidence:
    """What a file is."""
    return _visible(sha256)


@blueprint.get("/evidence/<string:sha256>/file")
@blueprint.response(200, content_type="application/octet-stream")
def download(sha256: str) -> Response:
    """The file itself."""
    found = _visible(sha256)
    response = send_file(
        services().evidence.path(sha256),
        mimetype=found.type,
        as_attachment=found.type not in SHOWN_INLINE,
        download_name=found.name,
        etag=sha256,
        conditional=True,
    )
    # What is opened beside our pages runs nothing, whatever is in it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _visible(sha256: str) -> Evidence:
    """A file that was handed in from within the reader's part of the tree."""
    place = auth.current().post.organisation
    mandate = auth.mandate("evidence")
    for owner in services().evidence.owners(sha256):
        if place in register().get(Organisation, owner, mandate).lineage:
            return services().evidence.describe(sha256, owner)
    raise NotFound("evidence_unknown", "没有这个文件")
