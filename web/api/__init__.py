"""The JSON API under /api/v1: a module for each desk, by its name, and a few for what is no desk."""

from __future__ import annotations

from typing import Any

from flask import Flask

from web.api import (
    accesses,
    assessments,
    calls,
    contacts,
    deliveries,
    directory,
    endpoints,
    evidence,
    feeds,
    inbox,
    intake,
    jobs,
    ledgers,
    naming,
    policies,
    privacy,
    publicity,
    review,
    session,
    setup,
    studios,
    subsidies,
    tasks,
    timings,
    workdays,
)
from web.blueprint import new_api

MODULES = (
    session,
    setup,
    directory,
    calls,
    intake,
    review,
    publicity,
    naming,
    subsidies,
    assessments,
    ledgers,
    studios,
    policies,
    evidence,
    privacy,
    accesses,
    tasks,
    inbox,
    feeds,
    jobs,
    contacts,
    endpoints,
    deliveries,
    timings,
    workdays,
)

SPEC: dict[str, Any] = {
    "info": {
        "description": (
            "创新工作室登记册。写操作接受 Idempotency-Key（重试安全）和 If-Match（版本号）；"
            "读操作接受 as_of（ISO 时刻、日期或 position:N）。金额以分为单位，时间为 UTC。"
            "账号有多个角色时，以请求头 X-Mingpai-Role: 角色@组织编号 指明以何身份办理。"
            "会话（Cookie）写操作须带请求头 X-CSRFToken，令牌（Bearer）不需要。"
            "错误均为 {code, message, field, clause, details}。"
        )
    },
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "mingpai"},
        }
    },
    "security": [{"token": []}, {"session": []}],
}


def install(app: Flask) -> None:
    """Register every blueprint."""
    api = new_api(app, SPEC)
    for module in MODULES:
        api.register_blueprint(module.blueprint, url_prefix="/api/v1")
