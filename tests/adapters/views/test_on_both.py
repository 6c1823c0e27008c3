"""The views on each database: rows, pages, privacy, repeated requests."""

from __future__ import annotations

from pathlib import Path
