"""独立核验审计包：只用 Python 3.11 和 cryptography，不联网，不用数据库。

用法：python verify.py 审计包.zip 公钥行        通过 0，不通过 1，用法错误 2
本文件和公钥行须得自可信来源；包内的副本供比对。步骤见 check_all，自上而下。
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TITLE, PROOF = "mingpai audit bundle v1", "c2sp.org/tlog-proof@v1"
MOST, MOST_TEXT, MOST_BYTES = 9_000, 16_000_000, 2_000_000_000  # 成员数；文本、整包的字节数
MEMBER = re.compile(  # 只许有这样的成员：名称中没有“..”、反斜杠和绝对路径的余地
    r"(manifest|checkpoint)\.txt|(trace|unsealed)\.json|index\.html|verify\.py"
    r"|events/[1-9]\d{0,17}\.json|proofs/[1-9]\d{0,17}\.tlog-proof"
    r"|policy/[0-9a-f]{64}\.(json|yaml)|evidence/[0-9a-f]{64}(\.[a-z0-9]{1,5})?",
    re.ASCII,
)
SUMS = {  # 各项金额由哪种事件累加而成（单位：分）
    "studio.subsidy_granted": "granted", "studio.subsidy_paid": "paid",
    "studio.payment_reconciled": "reconciled", "studio.subsidy_spent": "spent",
    "studio.recovery_ordered": "recovery", "studio.subsidy_returned": "returned",
    "fund.committed": "fund_granted", "fund.released": "fund_released",
    "fund.paid": "fund_paid", "fund.returned": "fund_returned",
}  # fmt: skip
NAMES = {"granted": "补助", "paid": "拨付", "spent": "使用", "returned": "退回", "balance": "结余"}


class Refused(Exception):
    """核验不通过；说明是第一处不符。"""


@dataclass
class Report:
    """ok：是否通过；lines：逐项结论；fault：不通过的原因；money：各项金额（分）。"""

    ok: bool = False
    lines: list[str] = field(default_factory=list)
    fault: str = ""
    grant: str = ""
    money: dict[str, int] = field(default_factory=dict)


def require(held: object, otherwise: str) -> None:
    if not held:
        raise Refused(otherwise)


def unbase64(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    require(base64.b64encode(raw).decode() == text, "base64 写法不规范")
    return raw


def signed_text(note: bytes, vkey: str, *, alone: bool) -> list[str]:
    """签名文本（C2SP signed-note）的各行，前提是公钥的签名恰有一行且正确；alone：别无他人。"""
    name, number, material = vkey.split("+", 2)  # 名称+编号+base64(类型‖公钥)
    raw = unbase64(material)
    own = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    require(len(raw) == 33 and raw[0] == 1 and own.hex() == number, "公钥行不正确")
    head, _, tail = note.decode().rpartition("\n\n")
    lines = [re.fullmatch(r"— (\S+) (\S+)", line) for line in tail[:-1].split("\n")]
    blobs = [(line[1], unbase64(line[2])) for line in lines if line]
    mine = [blob[4:] for signer, blob in blobs if signer == name and blob[:4] == own]
    shape = tail[-1:] == "\n" and not re.search(r"[\x00-\x09\x0b-\x1f]", head + tail)
    require(shape and len(blobs) == len(lines) <= 100, "签名文本的格式不正确")
    require(len(mine) == 1 and (len(blobs) == 1 or not alone), "没有给定公钥的签名，或签名行多余")
    Ed25519PublicKey.from_public_bytes(raw[1:]).verify(mine[0], f"{head}\n".encode())
    return head.split("\n")


def open_zip(path: Path) -> zipfile.ZipFile:
    """只接受最普通的 zip：前后无夹带，无重名、加密、链接，不过大。什么也不解压到磁盘。"""
    size = path.stat().st_size
    require(42 < size < MOST_BYTES, "文件过大或过小")
    with path.open("rb") as file:
        file.seek(-42, 2)
        before, end = file.read(20), file.read()
    mark, *disks, here, count, length, start, comment = struct.unpack("<4s4H2LH", end)
    whole = start + length + 22 == size and here == count <= MOST and not (any(disks) or comment)
    require(whole and mark == b"PK\5\6" and before[:4] != b"PK\6\7", "不是规范的 zip，或有夹带")
    archive = zipfile.ZipFile(path)
    members = archive.infolist()
    require(count == len(members) == len(set(archive.namelist())), "成员重名或个数不符")
    require(sum(each.file_size for each in members) < MOST_BYTES, "解压后过大")
    for each in members:
        name, small = each.orig_filename, each.file_size <= MOST_TEXT
        require(name == each.filename and MEMBER.fullmatch(name), f"不该有的成员：{name!r}")
        require(each.external_attr >> 28 in {0, 8} and not each.flag_bits, f"不是普通文件：{name}")
        require(small or name.startswith("evidence/"), f"成员过大：{name}")
    return archive


def check_members(archive: zipfile.ZipFile, lines: list[str]) -> None:
    """清单与成员一一对应：每行是 SHA-256、字节数、名称。附件和政策文件以自己的摘要为名。"""
    listed = {name: (digest, size) for digest, size, name in (line.split(" ") for line in lines)}
    names = set(archive.namelist()) - {"manifest.txt"}
    require(names == set(listed) and len(lines) == len(listed), "成员与清单不符：有缺少或多余")
    for name, (digest, size) in listed.items():
        found = hashlib.sha256()
        with archive.open(name) as member:
            while chunk := member.read(1 << 20):
                found.update(chunk)
        same = found.hexdigest() == digest and str(archive.getinfo(name).file_size) == size
        require(same, f"内容与清单不符：{name}")
        own = re.fullmatch(r"(?:evidence/|policy/(?=.*json))([0-9a-f]{64}).*", name)
        require(not own or own[1] == digest, f"文件不是其名称所指的内容：{name}")


def leaf_of(event: dict[str, Any]) -> bytes:
    """事件在哈希树中的字节：标记，然后是各带长度的编号、版本、类别和内容。"""
    version = event["originator_version"].to_bytes(8, "big", signed=True)
    texts = event["topic"].encode(), event["state"].encode()
    parts = UUID(event["originator_id"]).bytes, version, *texts
    return b"mingpai-event-1\n" + b"".join(struct.pack(">I", len(each)) + each for each in parts)


def check_event(archive: zipfile.ZipFile, at: int, note: bytes, size: int, root: str) -> Any:
    """第 at 条事件：它的字节、它的证明、同一个检查点，三者相符。返回事件。"""
    event = json.loads(archive.read(f"events/{at}.json"))
    leaf = leaf_of(event)
    head, _, signed = archive.read(f"proofs/{at}.tlog-proof").partition(b"\n\n")
    lines = head.decode().split("\n")
    first = [PROOF, f"extra {base64.b64encode(leaf).decode()}", f"index {at - 1}"]
    require(lines[:3] == first and signed == note, f"第 {at} 条：证明与事件或检查点不符")
    found = root_from(leaf, at - 1, size, [unbase64(line) for line in lines[3:]])
    require(found == unbase64(root), f"第 {at} 条：推不出树根，事件被改动或不在日志中")
    return {**event, "facts": json.loads(event["state"], object_hook=plain)}


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """由叶子和路径推算树根（RFC 6962 §2.1）：左子树取小于 size 的最大的 2 的幂。"""
    require(0 <= index < size and (size > 1) == bool(path), "证明的序号或长度不正确")
    if size == 1:
        return hashlib.sha256(b"\0" + leaf).digest()
    left, rest, side = 1 << (size - 1).bit_length() - 1, path[:-1], path[-1]
    if index < left:
        return hashlib.sha256(b"\1" + root_from(leaf, index, left, rest) + side).digest()
    return hashlib.sha256(b"\1" + side + root_from(leaf, index - left, size - left, rest)).digest()


def plain(value: dict[str, Any]) -> Any:
    """存储的值，去掉类型标记；个人信息仍是密文。"""
    kind, data = value.get("_type_"), value.get("_data_")
    if kind == "actor" and data:
        ids = [str(UUID(hex=each)) if each else None for each in data[:2]]
        return {"account": ids[0], "organisation": ids[1], "rule": data[2]}
    return str(UUID(hex=data)) if kind == "uuid_hex" else data if kind else value


def money_of(events: dict[int, Any], grant: str) -> dict[str, int]:
    """由事件重新计算一笔补助的各项金额（分）。"""
    sums = dict.fromkeys(SUMS.values(), 0)
    for event in events.values():
        fact, name = event["facts"], SUMS.get(event["topic"])
        if name and fact["grant"] == grant:
            sums[name] += fact.get("line", fact)["amount"]
    return {**sums, "balance": sums["paid"] - sums["spent"] - sums["returned"]}


def check_trace(trace: Any, events: dict[int, Any]) -> None:
    """追溯表所说的每件事都是事件所记，不漏这笔补助的事件；工作室的记录没有缺号。"""
    told = {each["position"]: each for step in trace["steps"] for each in step["events"]}
    for at, each in told.items():
        event, facts = events[at], events[at]["facts"]
        kept = {"topic": event["topic"], "record": event["originator_id"], "by": facts["by"]}
        kept |= {"version": event["originator_version"], "at": facts["timestamp"]}
        kept |= {"facts": {name: facts.get(name) for name in each["facts"]}}
        require({name: each[name] for name in kept} == kept, f"追溯表与第 {at} 条事件不符")
    for id, (name, at) in trace["names"].items():
        kept = {"id": events[at]["originator_id"], "name": events[at]["facts"]["name"]}
        require(kept == {"id": id, "name": name}, f"名称与第 {at} 条事件不符")
    about = {at for at, event in events.items() if event["facts"].get("grant") == trace["grant"]}
    records = {events[at]["originator_id"] for at in about if events[at]["topic"][:4] != "fund"}
    own = [e for e in events.values() if e["originator_id"] == trace["studio"]]
    versions = sorted(event["originator_version"] for event in own)
    whole = about <= set(told) and records == {trace["studio"]}
    require(whole, "追溯表漏了这笔补助的事件")
    require(versions == list(range(1, trace["versions"] + 1)), "工作室的记录有缺号")


def check_money(trace: Any, page: str, events: dict[int, Any]) -> dict[str, int]:
    """追溯表与页面的金额都由事件得出，补助账与资金账相符。"""
    money = money_of(events, trace["grant"])
    books = all(money[each] == money[f"fund_{each}"] for each in ("granted", "paid", "returned"))
    require(books and trace["money"] == money, "金额与由事件计算的不符，或补助账与资金账不符")
    marks = re.findall(r'<data class="(\w*)" value="(\d+)">([^<]*)</data>', page)
    totals = {name: int(fen) for name, fen, _ in marks if name}
    states = "".join(event["state"] for event in events.values())
    known = {*money.values(), *map(int, re.findall(r'"money_fen","_data_":(\d+)}', states))}
    shown = {(int(fen), f"{int(fen) // 100:,}.{fen[-2:]:0>2}" == text) for _, fen, text in marks}
    same = all(fen in known and right for fen, right in shown)
    require(same and totals == money and len(marks) == page.count("<data"), "页面金额与事件不符")
    return money


def check_all(path: Path, vkey: str, report: Report) -> None:
    """逐步核验；每步的结论写进报告。"""
    with open_zip(path) as archive:
        origin = vkey.partition("+")[0]
        head = signed_text(archive.read("manifest.txt"), vkey, alone=True)
        require(head[:2] == [TITLE, f"log {origin}"], "清单不属于这个日志")
        check_members(archive, head[5:])
        report.lines += [f"清单签名正确，{len(head) - 5} 个成员逐字节相符；{head[3]}；{head[4]}"]
        note = archive.read("checkpoint.txt")
        log, size, root, *_ = signed_text(note, vkey, alone=False)
        require(log == origin, "检查点不属于这个日志")
        report.lines += [f"检查点签名正确：日志 {log} 共 {size} 条"]
        stems = [tuple(re.split(r"[/.]", name)[:2]) for name in sorted(archive.namelist())]
        positions = [int(number) for folder, number in stems if folder == "events"]
        require(positions == [int(n) for f, n in stems if f == "proofs"], "事件与证明不成对")
        events = {at: check_event(archive, at, note, int(size), root) for at in positions}
        report.lines += [f"{len(events)} 条事件的哈希和证明都通向已签署的树根，没有改动"]
        trace = json.loads(archive.read("trace.json"))
        told = [events[each["position"]] for step in trace["steps"] for each in step["events"]]
        states = "".join(event["state"] for event in told)
        wanted = set(re.findall(r'"_type_":"evidence","_data_":{"sha256":"(\w{64})"', states))
        wanted |= {f["policy"]["digest"] for e in told if (f := e["facts"]).get("policy")}
        files = {digest for folder, digest in stems if folder in {"evidence", "policy"}}
        require(files | set(trace["absent"]) == wanted, "附件、政策文件与事件所记的不符")
        lost = f"，另有 {len(wanted - files)} 个不在登记处" if wanted - files else ""
        report.lines += [f"附件和政策文件 {len(files)} 个，与事件所记的摘要相符{lost}"]
        check_trace(trace, events)
        report.money = check_money(trace, archive.read("index.html").decode(), events)
        about = [f"grant {trace['grant']}", f"as-of {trace['as_of']}"]
        require(head[2:4] == about, "清单与追溯表不是同一笔补助或同一时点")
        report.grant = trace["grant"]
        sums = "，".join(f"{NAMES[name]} {report.money[name] / 100:,.2f}" for name in NAMES)
        report.lines += [f"追溯表、页面与事件一致；金额（元）：{sums}"]


def verify_bundle(path: Path | str, vkey: str) -> Report:
    """核验一个审计包；不通过时报告里写明第一处不符。"""
    report = Report()
    try:
        check_all(Path(path), vkey.strip(), report)
        report.ok = True
    except Refused as error:
        report.fault = str(error)
    except InvalidSignature:
        report.fault = "签名不正确：内容被改动，或公钥不对"
    except Exception as error:  # noqa: BLE001 - whatever a damaged file provokes is a no
        report.fault = f"文件已损坏或格式不正确（{type(error).__name__}：{str(error)[:200]}）"
    return report


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.stderr.write(f"{__doc__}\n")
        sys.exit(2)
    result = verify_bundle(sys.argv[1], sys.argv[2])
    end = "通过" if result.ok else f"不通过：{result.fault}"
    sys.stdout.write("\n".join([*result.lines, end, ""]))
    sys.exit(0 if result.ok else 1)
