"""Errors for people: what happened, by which clause, and a way out."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, render_template, request, url_for

from web import auth
from web.pages import login

TITLES = {
    400: "请求无法识别",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种操作",
    409: "与现有记录冲突",
    413: "内容过大",
    422: "不能办理",
    429: "操作过于频繁",
    500: "系统内部错误",
    503: "系统繁忙",
}


def page(body: dict[str, Any], status: int) -> str:
    """An error as a page. Who is not signed in gets the form to do so."""
    g.as_of = None
    if status >= 500:
        return _plain(body["message"], status)
    if status == 401 and request.endpoint != "pages.login.begin":
        return login.form(next=request.full_path.rstrip("?"), error=body["message"])
    return render_template(
        "errors/page.html",
        status=status,
        title=TITLES.get(status, "请求未能完成"),
        message=body["message"],
        clause=body["clause"],
        ways_out=_ways_out(status),
    )


def _plain(message: str, status: int) -> str:
    """A page that needs no database, for when there is none to ask."""
    template = current_app.jinja_env.get_template("errors/plain.html")
    again = request.full_path.rstrip("?") if request.method == "GET" else "/"
    title = TITLES.get(status, "请求未能完成")
    return template.render(status=status, title=title, message=message, again=again)


def _ways_out(status: int) -> list[tuple[str, str]]:
    ways = []
    if status == 409 and request.method == "GET":
        ways.append((request.full_path, "再试一次"))
    if "as_of" in request.args:
        ways.append((request.path, "回到现在"))
    if auth.asker() is None:
        return [
            *ways,
            (url_for("pages.login.sign_in"), "登录"),
            (url_for("pages.notices.index"), "查看公示"),
        ]
    return [
        *ways,
        (url_for("pages.home.index"), "回到首页"),
        (url_for("pages.studios.index"), "查看工作室"),
    ]
