"""A peer: Django with django-simple-history, recording the same check and the same status change."""

from __future__ import annotations

import time
import uuid
from datetime import date
from typing import Any

import django
from django.apps import AppConfig
from django.conf import settings
from sqlalchemy import make_url


class Bench(AppConfig):
    """The peer's one app."""

    name = "tests.bench"
    label = "bench"
    default = True


def configure(url: str) -> None:
    """Set Django up on a database, with the durability that the register has."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        database: dict[str, Any] = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parsed.database,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    else:
        database = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parsed.database,
            "USER": parsed.username,
            "HOST": parsed.query.get("host") or parsed.host,
            "PORT": parsed.port or "",
        }
    settings.configure(
        DATABASES={"default": {**database, "CONN_MAX_AGE": None}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "simple_history",
            "tests.bench.django_peer.Bench",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def measure(url: str, singles: int, batch: int, rounds: int) -> dict[str, float]:
    """Checks a second, one by one and in batches through the bulk path."""
    configure(url)
    from django.core.management import call_command
    from django.db import connection, transaction
    from simple_history.utils import bulk_create_with_history, bulk_update_with_history

    from tests.bench.django_models import Check, Studio

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in (Studio, Studio.history.model, Check, Check.history.model):
            editor.create_model(model)
    total = singles + batch * rounds
    studios = [Studio(id=uuid.uuid4(), name=f"第{n}创新工作室") for n in range(total)]
    with transaction.atomic():
        bulk_create_with_history(studios, Studio)
    ids = [studio.id for studio in studios]

    begin = time.perf_counter()
    for id in ids[:singles]:
        with transaction.atomic():
            studio = Studio.objects.select_for_update().get(pk=id)
            _check(studio).save()
            studio.status, studio.checked = "合格", 2024
            studio.save()
    single = singles / (time.perf_counter() - begin)

    begin = time.perf_counter()
    for n in range(rounds):
        chosen = ids[singles + n * batch : singles + (n + 1) * batch]
        with transaction.atomic():
            found = list(Studio.objects.select_for_update().filter(pk__in=chosen))
            bulk_create_with_history([_check(studio) for studio in found], Check)
            for studio in found:
                studio.status, studio.checked = "合格", 2024
            bulk_update_with_history(found, Studio, ["status", "checked"])
    return {"single": single, "batch": batch * rounds / (time.perf_counter() - begin)}


def _check(studio: Any) -> Any:
    from tests.bench.django_models import Check

    return Check(
        id=uuid.uuid4(),
        studio=studio,
        year=2024,
        assessor="city",
        grade="pass",
        failing=False,
        findings="台账齐全，按计划完成两项攻关课题",
        due_on=date(2024, 12, 31),
        received_on=date(2024, 12, 20),
    )
