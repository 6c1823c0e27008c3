"""A person's calendar at its secret address, which needs nobody to sign in."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, make_response, request

from adapters.feeds.feed import feed
from adapters.feeds.ical import MEDIA_TYPE
from domain.errors import NotFound
from web.context import base_url, house, services
from web.duties import pending, posts_of
from web.security import FEED_LIMIT, limiter

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")


@blueprint.get("/<secret>.ics")
@limiter.limit(FEED_LIMIT)
def show(secret: str) -> Response:
    """The calendar; whatever else is asked for gets one and the same answer."""
    response = _calendar(secret)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _calendar(secret: str) -> Response:
    account = services().feeds.holder(secret)
    if account is None:
        return _nothing()
    found, now = house(), house().clock()
    try:
        text = feed(
            found.engine,
            found.queries,
            services().texts,
            account,
            pending(posts_of(account)),
            now=now,
            base=base_url(),
        )
    except NotFound:
        return _nothing()
    response = make_response(text)
    response.content_type = MEDIA_TYPE
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = "inline; filename=mingpai.ics"
    response.set_etag(hashlib.sha256(text).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _nothing() -> Response:
    response = make_response("没有这个日历。\n", HTTPStatus.NOT_FOUND)
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-store"
    return response
