"""The first set-up: the link that the server printed, and a form behind it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from domain.errors import DomainError, Forbidden
from web import setup
from web.context import house, services
from web.errors import status_of
from web.security import SIGN_IN_LIMIT, limiter

blueprint = Blueprint("setup", __name__)


@dataclass(frozen=True)
class Input:
    """One input of the form."""

    name: str
    label: str
    type: str = "text"
    autocomplete: str = "off"
    hint: str = ""
    value: str = ""


INPUTS = (
    Input("federation", "总工会全称", hint="如“某某市总工会”"),
    Input("code", "组织代码", hint="本系统内的简短编号，如 city"),
    Input("name", "管理员姓名", autocomplete="name"),
    Input("username", "管理员用户名", autocomplete="username"),
    Input("password", "密码", "password", "new-password", "至少 12 个字符"),
)


@blueprint.get("/setup/<token>")
def show(token: str) -> str:
    """The form, for who holds a link that still works."""
    if setup.is_set_up(house()) or not services().credentials.is_setup_link(token):
        raise Forbidden("setup_link_invalid", "初始化链接无效或已使用")
    return _form("")


@blueprint.post("/setup/<token>")
@limiter.limit(SIGN_IN_LIMIT)
def found(token: str) -> Response:
    """Found the federation, open its first administrator's account, and go to sign in."""
    given = {field.name: request.form.get(field.name, "").strip() for field in INPUTS}
    try:
        setup.set_up(
            house(),
            services().credentials,
            token=token,
            federation={"name": given["federation"], "code": given["code"]},
            username=given["username"],
            name=given["name"],
            password=request.form.get("password", ""),
        )
    except DomainError as error:
        return make_response(_form(error.message), status_of(error))
    flash("已建立，请登录", "good")
    return make_response(redirect(url_for("pages.login.sign_in"), 303))


def _form(error: str) -> str:
    filled = [Input(i.name, i.label, i.type, i.autocomplete, i.hint, _kept(i)) for i in INPUTS]
    return render_template("setup.html", fields=filled, error=error)


def _kept(field: Input) -> str:
    return "" if field.type == "password" else request.form.get(field.name, "")
