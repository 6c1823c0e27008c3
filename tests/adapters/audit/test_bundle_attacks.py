"""What somebody might do to a bundle, from one flipped bit to the log's own operator lying."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.audit import verify
from adapters.audit.verify import verify_bundle
from adapters.log.notes import Signer, sign
from tests.adapters.audit.conftest import Bundle
from tests.adapters.audit.scene import regular, repack, signed_again

PATIENT = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def fault(path: Path, vkey: str) -> str:
    """Why a bundle is refused; empty if it is not."""
    report = verify_bundle(path, vkey)
    assert report.ok is (report.fault == "")
    return report.fault


def test_a_bundle_packed_again_with_the_same_members_is_as_good(
    bundle: Bundle, tmp_path: Path
) -> None:
    assert fault(repack(bundle.members, tmp_path / "b.zip"), bundle.vkey) == ""


def test_a_changed_byte_in_any_member_fails(bundle: Bundle, tmp_path: Path) -> None:
    for name, data in bundle.members.items():
        changed = {**bundle.members, name: data[:-1] + bytes([data[-1] ^ 1])}
        assert fault(repack(changed, tmp_path / "b.zip"), bundle.vkey) != "", name


@PATIENT
@given(data=st.data())
def test_a_changed_byte_anywhere_in_any_member_fails(
    bundle: Bundle, tmp_path: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(bundle.members)))
    content = bytearray(bundle.members[name])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    changed = {**bundle.members, name: bytes(content)}
    assert fault(repack(changed, tmp_path / "b.zip"), bundle.vkey) != ""


@PATIENT
@given(data=st.data())
def test_bytes_put_in_or_taken_out_of_a_member_fail(
    bundle: Bundle, tmp_path: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(bundle.members)))
    content = bundle.members[name]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    put = data.draw(st.binary(max_size=20))
    made = content[:start] + put + content[end:]
    if made != content:
        path = repack({**bundle.members, name: made}, tmp_path / "b.zip")
        assert fault(path, bundle.vkey) != ""


@PATIENT
@given(data=st.data())
def test_a_changed_byte_of_the_zip_itself_never_shows_something_else(
    bundle: Bundle, tmp_path: Path, data: st.DataObject
) -> None:
    """A date in a header may change without harm; what is shown may not."""
    whole = bytearray(bundle.path.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "b.zip"
    path.write_bytes(whole)
    report = verify_bundle(path, bundle.vkey)
    sound = verify_bundle(bundle.path, bundle.vkey)
    assert not report.ok or report == sound


def test_a_dropped_member_fails(bundle: Bundle, tmp_path: Path) -> None:
    for name in bundle.members:
        left = {each: data for each, data in bundle.members.items() if each != name}
        assert fault(repack(left, tmp_path / "b.zip"), bundle.vkey) != "", name


def test_an_added_member_fails(bundle: Bundle, tmp_path: Path) -> None:
    for name in ("unsealed.json", "events/9999.json", "evidence/" + "0" * 64):
        more = {**bundle.members, name: b"{}"}
        expected = "成员与清单不符：有缺少或多余"
        assert fault(repack(more, tmp_path / "b.zip"), bundle.vkey) == expected


def test_two_members_that_change_places_fail(bundle: Bundle, tmp_path: Path) -> None:
    events = [name for name in bundle.members if name.startswith("events/")][:2]
    one, other = (bundle.members[name] for name in events)
    swapped = {**bundle.members, events[0]: other, events[1]: one}
    assert fault(repack(swapped, tmp_path / "b.zip"), bundle.vkey) != ""


UNKNOWN = (
    "../evil.py",
    "/etc/passwd",
    "events/../../evil",
    "events\\1.json",
    "EVENTS/1.json",
    "events/01.json",
    "events/１.json",
    "readme.txt",
    "events/",
    "verify.pyc",
    "evidence/" + "0" * 64 + ".tar.gz",
    "index.html\0.txt",
    "events/1.json\n",
)


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_member_by_any_other_name_is_refused(bundle: Bundle, tmp_path: Path, name: str) -> None:
    path = repack(bundle.members, tmp_path / "b.zip")
    with zipfile.ZipFile(path, "a") as archive:
        info = regular("placeholder")
        info.filename = name
        archive.writestr(info, b"x")
    assert fault(path, bundle.vkey).startswith(("不该有的成员", "成员重名"))


def test_two_members_of_one_name_are_refused(bundle: Bundle, tmp_path: Path) -> None:
    path = repack(bundle.members, tmp_path / "b.zip")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(regular("trace.json"), bundle.members["trace.json"])
    assert fault(path, bundle.vkey) == "成员重名或个数不符"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO])
def test_links_and_folders_are_refused(bundle: Bundle, tmp_path: Path, kind: int) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in bundle.members.items():
            info = regular(name)
            if name == "trace.json":
                info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, data)
    assert fault(path, bundle.vkey) == "不是普通文件：trace.json"


def test_something_before_or_behind_the_zip_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    whole = bundle.path.read_bytes()
    path = tmp_path / "b.zip"
    for data in (b"#!/bin/sh\n" + whole, whole + b"\n", whole + whole, b"", b"PK", whole[:-1]):
        path.write_bytes(data)
        assert fault(path, bundle.vkey) != ""


def test_a_zip_with_a_comment_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    path = repack(bundle.members, tmp_path / "b.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"see also"
    assert fault(path, bundle.vkey) == "不是规范的 zip，或有夹带"


def bomb(path: Path, name: str, size: int) -> Path:
    """A zip whose only member unpacks to many zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        info = regular(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w") as file:
            for _ in range(size >> 20):
                file.write(bytes(1 << 20))
    return path


@pytest.mark.parametrize("name", ["manifest.txt", "events/1.json", "policy/" + "0" * 64 + ".yaml"])
def test_a_bomb_is_refused_before_it_is_unpacked(bundle: Bundle, tmp_path: Path, name: str) -> None:
    path = bomb(tmp_path / "b.zip", name, verify.MOST_TEXT + (1 << 20))
    assert fault(path, bundle.vkey) == f"成员过大：{name}"


def test_a_bomb_that_lies_about_its_size_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    path = bomb(tmp_path / "b.zip", "manifest.txt", 32 << 20)
    whole = path.read_bytes().replace(struct.pack("<L", 32 << 20), struct.pack("<L", 1000))
    path.write_bytes(whole)
    assert fault(path, bundle.vkey) != ""


def test_more_members_than_anyone_reads_are_refused_unread(bundle: Bundle, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for n in range(1, verify.MOST + 2):
            archive.writestr(regular(f"events/{n}.json"), b"")
    path = tmp_path / "b.zip"
    path.write_bytes(buffer.getvalue())
    assert fault(path, bundle.vkey) == "不是规范的 zip，或有夹带"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.zip", "k+0+0").startswith("文件已损坏或格式不正确")


def test_another_key_of_the_same_name_is_refused(bundle: Bundle) -> None:
    name = bundle.vkey.partition("+")[0]
    other = Signer(name, Ed25519PrivateKey.generate()).vkey
    assert fault(bundle.path, str(other)) == "没有给定公钥的签名，或签名行多余"


@pytest.mark.parametrize("key", ["", "a", "a+b", "a+00000000+AAAA", "log+12345678+!!"])
def test_a_malformed_key_is_refused(bundle: Bundle, key: str) -> None:
    assert fault(bundle.path, key) != ""


def test_a_manifest_of_another_signer_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    stranger = Signer("stranger", Ed25519PrivateKey.generate())
    text = bundle.members["manifest.txt"].decode().rpartition("\n\n")[0] + "\n"
    forged = {**bundle.members, "manifest.txt": sign(text, stranger).encode()}
    assert fault(repack(forged, tmp_path / "b.zip"), bundle.vkey) != ""


def test_a_manifest_with_a_line_more_below_its_signature_is_refused(
    bundle: Bundle, tmp_path: Path
) -> None:
    stranger = Signer("stranger", Ed25519PrivateKey.generate())
    manifest = bundle.members["manifest.txt"]
    more = manifest + stranger.sign("x\n").line().encode()
    forged = {**bundle.members, "manifest.txt": more}
    path = repack(forged, tmp_path / "b.zip")
    assert fault(path, bundle.vkey) == "没有给定公钥的签名，或签名行多余"


def edit_json(name: str, change: Callable[[Any], Any]) -> Callable[[dict[str, bytes]], None]:
    def edit(members: dict[str, bytes]) -> None:
        value = json.loads(members[name])
        change(value)
        members[name] = json.dumps(value, ensure_ascii=False).encode()

    return edit


def spent(members: dict[str, bytes]) -> str:
    """The member of the spending event."""
    return next(
        name
        for name, data in members.items()
        if name.startswith("events/") and b'"studio.subsidy_spent"' in data
    )


def less_spent(members: dict[str, bytes]) -> None:
    name = spent(members)
    members[name] = members[name].replace(b"300000", b"200000")


def without_spending(members: dict[str, bytes]) -> None:
    name = spent(members)
    del members[name], members[name.replace("events", "proofs").replace("json", "tlog-proof")]


def less_on_the_page(members: dict[str, bytes]) -> None:
    amount = b'value="300000">3,000.00'
    assert amount in members["index.html"]
    members["index.html"] = members["index.html"].replace(amount, b'value="200000">2,000.00')


def words_on_the_page(members: dict[str, bytes]) -> None:
    members["index.html"] = members["index.html"].replace(b">3,000.00<", b">3,000,000.00<")


def _set(**values: Any) -> Callable[[Any], None]:
    return lambda document: document.update(values)


def _less_money(document: Any) -> None:
    document["money"]["spent"] -= 100


def _other_person(document: Any) -> None:
    document["steps"][0]["events"][0]["by"]["account"] = None


def _other_words(document: Any) -> None:
    document["steps"][0]["events"][0]["facts"]["title"] = "另一批次"


def _without_spending(document: Any) -> None:
    next(s for s in document["steps"] if s["step"] == "spending")["events"].clear()


def _other_name(document: Any) -> None:
    next(iter(document["names"].values()))[0] = "张三"


def without_its_receipt(members: dict[str, bytes]) -> None:
    del members[next(name for name in members if name.startswith("evidence/"))]


LIES: dict[str, Callable[[dict[str, bytes]], None]] = {
    "附件、政策文件": without_its_receipt,
    "推不出树根|证明与事件": less_spent,
    "KeyError|缺号": without_spending,
    "页面": less_on_the_page,
    "页面金额": words_on_the_page,
    "金额与由事件计算": edit_json("trace.json", _less_money),
    "追溯表与第": edit_json("trace.json", _other_person),
    "追溯表与第 ": edit_json("trace.json", _other_words),
    "漏了": edit_json("trace.json", _without_spending),
    "名称与第": edit_json("trace.json", _other_name),
    "同一笔|漏了": edit_json("trace.json", _set(grant="0" * 32)),
    "缺号": edit_json("trace.json", _set(versions=3)),
    "同一时点": edit_json("trace.json", _set(as_of=1)),
}


@pytest.mark.parametrize("expected", LIES)
def test_even_the_holder_of_the_log_s_key_cannot_make_it_say_otherwise(
    bundle: Bundle, tmp_path: Path, expected: str
) -> None:
    forged = dict(bundle.members)
    LIES[expected](forged)
    path = repack(signed_again(forged, bundle.key_file), tmp_path / "b.zip")
    found = fault(path, bundle.vkey)
    assert any(each.strip() in found for each in expected.split("|")), found


def test_a_file_that_no_event_refers_to_is_refused_whoever_signs(
    bundle: Bundle, tmp_path: Path
) -> None:
    import hashlib

    more = {**bundle.members, f"evidence/{hashlib.sha256(b'x').hexdigest()}": b"x"}
    path = repack(signed_again(more, bundle.key_file), tmp_path / "b.zip")
    assert fault(path, bundle.vkey) == "附件、政策文件与事件所记的不符"
    wrong = {**bundle.members, "evidence/" + "0" * 64: b"x"}
    path = repack(signed_again(wrong, bundle.key_file), tmp_path / "b.zip")
    assert fault(path, bundle.vkey).startswith("文件不是其名称所指的内容")


def test_a_checkpoint_of_another_log_is_refused_whoever_signs(
    bundle: Bundle, tmp_path: Path
) -> None:
    forged = dict(bundle.members)
    forged["checkpoint.txt"] = forged["checkpoint.txt"].replace(b"\n1", b"\n2", 1)
    path = repack(signed_again(forged, bundle.key_file), tmp_path / "b.zip")
    assert fault(path, bundle.vkey) == "签名不正确：内容被改动，或公钥不对"
