"""Who looks at a page: what the band across the top says, and what is not for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import Forbidden
from domain.values import ROLE_NAMES
from web import auth
from web.pages.names import Names


@dataclass(frozen=True)
class Choice:
    """A role that the visitor may act in."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Visitor:
    """The account that is signed in, or nobody."""

    name: str = ""
    post: auth.Post | None = None
    posts: tuple[auth.Post, ...] = ()

    @property
    def signed_in(self) -> bool:
        return bool(self.name)

    @property
    def role_name(self) -> str:
        return ROLE_NAMES[self.post.role] if self.post else ""

    @property
    def choices(self) -> list[Choice]:
        """The roles to choose from."""
        names = Names()
        return [
            Choice(
                str(post),
                f"{ROLE_NAMES[post.role]}（{names[post.organisation]}）",
                post == self.post,
            )
            for post in self.posts
        ]


def visitor() -> Visitor:
    """Who asks for this page."""
    who = auth.asker()
    if who is None:
        return Visitor()
    try:
        post = who.post
    except Forbidden:
        post = None
    return Visitor(who.name, post, who.posts)
