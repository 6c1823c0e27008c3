"""Evidence: kept by its content, typed by name and content, never a path from outside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from adapters.evidence import EvidenceStore
from adapters.log.engine import create_engine
from domain.errors import Invalid, NotFound

AT = datetime(2022, 10, 20, tzinfo=UTC)
PDF = b"%PDF-1.7 proof"
SHA256 = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def store(tmp_path: Path, database_url: str) -> Iterator[EvidenceStore]:
    engine = create_engine(database_url)
    yield EvidenceStore(engine, tmp_path / "evidence", largest=1_000)
    engine.dispose()


def put(store: EvidenceStore, name: str, content: bytes = PDF) -> str:
    return store.put(BytesIO(content), name, at=AT).sha256


def test_a_file_is_found_by_its_content_and_tells_name_size_and_type(store: EvidenceStore) -> None:
    kept = store.put(BytesIO(PDF), "证明.PDF", at=AT)
    assert (kept.sha256, kept.name, kept.size, kept.type) == (
        SHA256,
        "证明.PDF",
        len(PDF),
        "application/pdf",
    )
    assert store.describe(SHA256) == kept
    assert store.open(SHA256).read() == PDF
    assert store.path(SHA256).parts[-2:] == (SHA256[:2], SHA256[2:])


def test_the_same_content_is_kept_once(store: EvidenceStore) -> None:
    assert put(store, "一.pdf") == put(store, "二.pdf")
    kept = [path for path in store.path(SHA256).parents[1].rglob("*") if path.is_file()]
    assert kept == [store.path(SHA256)]
    assert store.describe(SHA256).name == "一.pdf"


def test_a_file_that_was_changed_on_disk_is_noticed(store: EvidenceStore) -> None:
    put(store, "证明.pdf")
    assert store.intact(SHA256)
    store.path(SHA256).write_bytes(b"%PDF-1.7 other")
    assert not store.intact(SHA256)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("程序.exe", b"MZ", "file_type_unknown"),
        ("证明.pdf", b"MZ", "file_type_differs"),
        ("网页.html", b"<script>", "file_type_unknown"),
        ("照片.jpg", b"<svg/>", "file_type_differs"),
        ("空.pdf", b"", "file_empty"),
        ("大.pdf", b"%PDF-" + b"x" * 1_000, "file_too_large"),
        ("", PDF, "file_name"),
        ("长" * 300 + ".pdf", PDF, "file_name"),
    ],
)
def test_what_is_not_evidence_is_refused_and_leaves_nothing(
    store: EvidenceStore, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        put(store, name, content)
    assert refused.value.code == code
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ""] == []


def test_a_name_is_never_a_way_out_of_the_folder(store: EvidenceStore) -> None:
    put(store, "../../etc/证明.pdf")
    assert store.describe(SHA256).name == "证明.pdf"
    for asked in ("../../etc/passwd", "a" * 64, SHA256[:63], SHA256.upper()):
        with pytest.raises(NotFound):
            store.path(asked)
