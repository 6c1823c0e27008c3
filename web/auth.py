"""Who is asking: a session by cookie or a bearer token, and the role in which they act.

An account may hold several roles, each on an organisation. The header `X-Mingpai-Role: role@organisation-id` picks one
for a request, the session's choice for the requests after it; who holds only one need not choose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import flask_login
from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin
from flask_wtf.csrf import CSRFError, CSRFProtect

from domain.errors import Forbidden, Invalid, NotFound
from domain.model.account import Account, account_id
from domain.values import Actor, Mandate, Role
from web.context import house, register, services
from web.errors import Unauthenticated

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
ROLE_HEADER = "X-Mingpai-Role"
SESSION_HOURS = 12


@dataclass(frozen=True, slots=True)
class Post:
    """A role held on an organisation."""

    role: Role
    organisation: UUID

    def __str__(self) -> str:
        return f"{self.role.value}@{self.organisation}"

    @classmethod
    def parse(cls, text: str) -> Post:
        """From `role@organisation-id`. Raises Invalid."""
        role, _, organisation = text.partition("@")
        try:
            return cls(Role(role), UUID(organisation))
        except ValueError:
            raise Invalid(
                "role_malformed", "角色应写作“角色@组织编号”", field=ROLE_HEADER
            ) from None


@dataclass(frozen=True)
class Identity(UserMixin):  # type: ignore[misc] # flask_login ships no types
    """The account that is signed in. `by` is session or token."""

    account: UUID
    username: str
    name: str
    home: UUID
    posts: tuple[Post, ...]
    by: str

    def get_id(self) -> str:
        """What the session remembers."""
        return str(self.account)

    @property
    def post(self) -> Post:
        """The role in which this request acts. Raises Forbidden where it is not held or not chosen."""
        chosen = request.headers.get(ROLE_HEADER)
        if chosen is None and self.by == "session":
            chosen = session.get("post")
        if chosen is not None:
            found = Post.parse(chosen)
            if found not in self.posts:
                raise Forbidden("role_not_held", "账号没有所选的角色", field=ROLE_HEADER)
            return found
        if not self.posts:
            raise Forbidden("no_role", "账号还没有任何角色，请联系管理员")
        if len(self.posts) > 1:
            held = [str(post) for post in self.posts]
            raise Forbidden(
                "role_not_chosen", "账号有多个角色，请先选择", field=ROLE_HEADER, roles=held
            )
        return self.posts[0]


def find(account: UUID, by: str) -> Identity | None:
    """The identity of an account that exists and is not disabled."""
    asking = Mandate(Actor(account, None), Role.PUBLIC, house().clock(), "identity")
    try:
        found = register().get(Account, account, asking)
    except NotFound:
        return None
    if found.disabled:
        return None
    held = sorted(found.roles, key=lambda pair: (pair[0].value, str(pair[1])))
    posts = tuple(Post(role, organisation) for role, organisation in held)
    return Identity(account, found.username, found.name, found.home, posts, by)


def current() -> Identity:
    """Who is asking. Raises Unauthenticated."""
    who = asker()
    if who is None:
        raise Unauthenticated("not_signed_in", "请先登录")
    return who


def asker() -> Identity | None:
    """Who is asking, or None for the public."""
    who = flask_login.utils._get_user()  # noqa: SLF001 - the public name is a proxy of it
    return who if isinstance(who, Identity) else None


def mandate(request_id: str, seen: Mapping[UUID, int] | None = None) -> Mandate:
    """The authority under which the present request acts."""
    who = current()
    post = who.post
    return register().directory.mandate(
        who.account,
        role=post.role,
        organisation=post.organisation,
        at=house().clock(),
        request_id=request_id,
        seen=seen,
    )


def public_mandate(request_id: str) -> Mandate:
    """The authority of someone who need not say who they are."""
    return Mandate(Actor(None, None, None), Role.PUBLIC, house().clock(), request_id)


def sign_in(username: str, password: str) -> Identity:
    """Begin a session. Raises Unauthenticated, in the same words and time whatever was wrong."""
    account = account_id(username)
    right = services().credentials.verify(account, password)
    who = find(account, "session") if right else None
    if who is None:
        raise Unauthenticated("sign_in_failed", "用户名或密码不正确，或账号已停用")
    session.clear()
    flask_login.login_user(who)
    session.permanent = True
    session["mark"] = services().credentials.mark(account)
    if len(who.posts) == 1:
        session["post"] = str(who.posts[0])
    return who


def sign_out() -> None:
    """End the session."""
    flask_login.logout_user()
    session.clear()


def choose(post: Post) -> None:
    """Act in one of the roles held from now on. Raises Forbidden."""
    if post not in current().posts:
        raise Forbidden("role_not_held", "账号没有所选的角色", field="role")
    session["post"] = str(post)


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie, which over https travels over nothing else."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def install(app: Flask) -> None:
    """Let the application know who asks, and refuse forged requests."""
    app.session_interface = Sessions()
    app.config.update(
        SESSION_COOKIE_NAME="mingpai",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    manager = LoginManager(app)
    manager.session_protection = "basic"
    manager.user_loader(_by_session)
    manager.request_loader(_by_token)
    csrf = CSRFProtect(app)

    @app.before_request
    def _refuse_forged() -> None:
        if request.method in SAFE:
            return
        who = asker()
        form_of_a_page = not request.path.startswith("/api/")
        if form_of_a_page or (who is not None and who.by == "session"):
            try:
                csrf.protect()
            except CSRFError:
                told = "页面已过期或请求来源不明，请刷新后重试"
                raise Forbidden("csrf", told, field="X-CSRFToken") from None


def _by_session(id: str) -> Identity | None:
    account = UUID(id)
    mark = services().credentials.mark(account)
    if mark is None or session.get("mark") != mark:
        return None
    return find(account, "session")


def _by_token(asked: Request) -> Identity | None:
    header = asked.headers.get("Authorization")
    if header is None:
        return None
    found = re.fullmatch(r"Bearer ([A-Za-z0-9_-]{10,200})", header)
    holder = services().credentials.holder(found[1], house().clock()) if found else None
    who = find(holder, "token") if holder else None
    if who is None:
        raise Unauthenticated("token_invalid", "令牌无效、已过期或已撤销")
    return who
