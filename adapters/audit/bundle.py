"""The auditor's bundle: one subsidy in one zip that proves itself, made under one signed checkpoint.

Members: `manifest.txt` (a signed note that lists all others), `checkpoint.txt`, `events/<position>.json`, `proofs/<position>.tlog-proof`,
`policy/<digest>.json` and `.yaml`, `evidence/<SHA-256>.<suffix>`, `trace.json`, `index.html`, `verify.py`, and `unsealed.json` where
personal values were unsealed for a reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from adapters.audit import verify
from adapters.audit.archive import Member, write
from adapters.audit.page import evidence, page, policies, sealed_in
from adapters.audit.policies import pack_members
from adapters.audit.stored import Event
from adapters.audit.trace import Trace, trace
from adapters.bootstrap import House
from adapters.evidence import KINDS
from adapters.log import keys, merkle
from adapters.log.checkpoints import Checkpoint
from adapters.log.engine import reading
from adapters.log.notes import Note, sign
from adapters.log.proofs import ProofFile
from adapters.log.tree import StoredTree
from adapters.trust.notary import Notary, open_notary
from domain.desks.desk import require
from domain.errors import Refused
from domain.model.studio import Studio
from domain.sealed import Sealed
from domain.values import Mandate, Role

OBJECTION = "notice.objection_raised"
"""Who objected is nobody's business in an audit of money: their values stay sealed."""

MAKERS = (Role.AUDITOR, Role.CITY_OFFICER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Made:
    """A bundle that was made and checked: where it is, the key that it verifies under, what is missing (Chinese)."""

    path: Path
    vkey: str
    events: int
    absent: tuple[str, ...]


def make_bundle(
    house: House,
    mandate: Mandate,
    grant: UUID | str,
    path: Path,
    *,
    as_of: int | None = None,
    reason: str | None = None,
    notary: Notary | None = None,
) -> Made:
    """Write the bundle of a grant, record that it was handed out, and check it with its own verifier.

    With a reason, its sealed values are unsealed into a member of their own; that is recorded before. Raises NotFound, Forbidden,
    Refused, and what the notary refuses.
    """
    found = trace(house, grant, as_of=as_of)
    _require_scope(house, mandate, UUID(found.document["studio"]))
    unsealed = None if reason is None else _unsealed(house, mandate, found, reason)
    house.register.privacy.note_export(
        mandate, what="audit_bundle", filters=f"grant={found.document['grant']}", as_of=as_of
    )
    own = notary or open_notary(house.settings, house.engine)
    try:
        made = _write(house, own, mandate, found, path, unsealed)
    finally:
        if notary is None:
            own.close()
    report = verify.verify_bundle(path, made.vkey)
    if not report.ok:
        path.unlink()
        raise Refused("bundle_unsound", f"审计包未通过核验，没有留下：{report.fault}")
    return made


def _require_scope(house: House, mandate: Mandate, studio: UUID) -> None:
    """The operator at the machine may; others for what stands below them."""
    if mandate.role is not Role.RULE:
        require(mandate, MAKERS, house.register.get(Studio, studio, mandate).lineage)


def _write(
    house: House,
    notary: Notary,
    mandate: Mandate,
    found: Trace,
    path: Path,
    unsealed: dict[str, Any] | None,
) -> Made:
    note = notary.checkpoint()
    signer = keys.load_signer(house.settings.signing_key_file)
    if not any(each.by(signer.vkey) for each in Note.parse(note).signatures):
        raise Refused("key_changed", "签名密钥刚刚更换，请再做一次")
    packs, files, absent = _files(house, found)
    held = {member.digest: member.name for member in (*packs, *files)}
    document = {**found.document, "absent": absent}
    html = page(found, log=notary.origin, files=held, absent=absent)
    members = [
        Member.of("checkpoint.txt", note),
        Member.of("index.html", html.encode()),
        Member.of("trace.json", _json(document)),
        Member.of("verify.py", Path(verify.__file__).read_bytes()),
        *_proved(house, found.events, note),
        *packs,
        *files,
    ]
    if unsealed is not None:
        members.append(Member.of("unsealed.json", _json(unsealed)))
    members.sort(key=lambda member: member.name)
    lines = [
        verify.TITLE,
        f"log {notary.origin}",
        f"grant {document['grant']}",
        f"as-of {document['as_of']}",
        f"made {mandate.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        *(f"{member.digest} {member.size} {member.name}" for member in members),
    ]
    manifest = sign("".join(f"{line}\n" for line in lines), signer).encode()
    write(path, [Member.of("manifest.txt", manifest), *members], mandate.at)
    return Made(path, str(signer.vkey), len(found.events), tuple(absent.values()))


def _proved(house: House, events: Mapping[int, Event], note: bytes) -> Iterator[Member]:
    """Each event with its proof under one checkpoint."""
    size = Checkpoint.parse(Note.parse(note).text).size
    with reading(house.engine) as connection:
        tree = StoredTree(connection)
        for position, event in events.items():
            stored = {name: value for name, value in event.items() if name != "facts"}
            hashes = merkle.inclusion_proof(position - 1, size, tree)
            proof = ProofFile(position - 1, tuple(hashes), note, verify.leaf_of(event)).encode()
            yield Member.of(f"events/{position}.json", _json(stored))
            yield Member.of(f"proofs/{position}.tlog-proof", proof)


def _files(house: House, found: Trace) -> tuple[list[Member], list[Member], dict[str, str]]:
    """The packs and the files that are there and unchanged, and why others are not (Chinese)."""
    packs: list[Member] = []
    files: list[Member] = []
    absent: dict[str, str] = {}
    for digest, name in policies(found).items():
        members = pack_members(house.settings.packs, digest)
        packs += members
        if not members:
            absent[digest] = f"{name}：文件已改版或不在本机"
    for digest, name in evidence(found).items():
        suffix = PurePath(name).suffix.lower()
        place = house.settings.evidence / digest[:2] / digest[2:]
        if not place.is_file():
            absent[digest] = f"{name}：附件不在库中"
            continue
        member = Member.at(f"evidence/{digest}{suffix if suffix in KINDS else ''}", place)
        if member.digest == digest:
            files.append(member)
        else:
            absent[digest] = f"{name}：附件内容已被改动"
    return packs, files, absent


def _unsealed(house: House, mandate: Mandate, found: Trace, reason: str) -> dict[str, Any]:
    """The plain words of what is sealed in the told events; the look is recorded first."""
    values = [
        (position, Sealed(UUID(hex=each["s"]), each["f"], each["c"]))
        for position in found.told
        if found.events[position]["topic"] != OBJECTION
        for each in sealed_in(found.events[position])
    ]
    under = replace(mandate, request_id=f"{mandate.request_id}/unseal")
    studio = UUID(found.document["studio"])
    sealed = [value for _, value in values]
    words = house.register.privacy.reveal(under, studio, sealed, reason=reason) if values else []
    return {
        "reason": reason,
        "account": str(mandate.account),
        "at": mandate.at.astimezone(UTC).isoformat(),
        "values": [
            {
                "position": position,
                "subject": str(value.subject),
                "field": value.field,
                "value": "已删除" if word is None else word,
            }
            for (position, value), word in zip(values, words, strict=True)
        ],
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
