"""The peer's tables: a studio with its status, and its yearly checks, each with a history."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords


class Studio(models.Model):
    """A studio as far as a check changes it."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=100)
    status = models.CharField(max_length=20, default="已命名", db_index=True)
    checked = models.IntegerField(null=True)
    history = HistoricalRecords()

    class Meta:
        app_label = "bench"


class Check(models.Model):
    """One year's result."""

    id = models.UUIDField(primary_key=True)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT)
    year = models.IntegerField(db_index=True)
    assessor = models.CharField(max_length=30)
    grade = models.CharField(max_length=30)
    failing = models.BooleanField()
    findings = models.TextField()
    due_on = models.DateField()
    received_on = models.DateField()
    history = HistoricalRecords()

    class Meta:
        app_label = "bench"
