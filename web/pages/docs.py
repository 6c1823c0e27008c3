"""The page of the API: its description, browsable."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

blueprint = Blueprint("docs", __name__)


@blueprint.get("/api/docs")
def index() -> str:
    """Swagger UI on the OpenAPI description, from our own files."""
    return render_template("api_docs.html", spec_url=url_for("api-docs.openapi_json"))
