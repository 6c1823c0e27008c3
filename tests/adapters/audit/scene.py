"""A town whose subsidy is audited: its register with real files and its own policy pack, and a bundle of its grant."""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from adapters.audit.archive import Member, write
from adapters.audit.bundle import Made, make_bundle
from adapters.audit.verify import TITLE
from adapters.bootstrap import build
from adapters.evidence import EvidenceStore
from adapters.log import keys
from adapters.log.notes import Note, sign
from domain.model.studio import Studio
from domain.values import Evidence, Role
from tests.adapters.views import story
from tests.adapters.views.story import Story

PAPER = b"%PDF-1.4 a receipt, invented\n"
WHEN = datetime(2024, 5, 1, tzinfo=UTC)
LEADER = {
    "name": "孙四",
    "phone": "13700009999",
    "birth_date": "1979-03-04",
    "ethnicity": "鄂伦春族",
    "political_status": "九三学社社员",
    "email": "canary.sun@example.org",
    "id_number": "110101197903047777",
}
CANARIES = tuple(value for name, value in LEADER.items() if name != "name")


class Town(Story):
    """The story's town, where files are kept and the leader tells more of himself."""

    def __init__(self, home: Path, database_url: str) -> None:
        super().__init__(home, database_url)
        settings = self.house.settings
        settings.packs.mkdir(exist_ok=True)
        shutil.copy(Path(story.__file__).with_name("story-2024.yaml"), settings.packs)
        self.files = EvidenceStore(self.house.engine, settings.evidence)
        self.paper: Evidence = self.files.put(io.BytesIO(PAPER), "凭据.pdf", at=WHEN)

    def until_money(self) -> Town:
        """Everything up to the subsidy, and an auditor of the city."""
        with patch.object(story, "PAPER", self.paper):
            for chapter in (self.settle, self.intake, self.publicity, self.naming, self.money):
                chapter()
                if chapter == self.naming:
                    self.succeed()
            self.person("auditor", Role.AUDITOR, self.city)
        return self

    def succeed(self) -> None:
        """A leader of whom everything personal is known."""
        studio = self.filed[0][0]
        change = self.register.naming.change_leader
        self.did(change, "officer", studio, leader=LEADER, facts={}, reason="退休")
        self.leader = self.register.get(Studio, studio, self.by()).leader.id

    def bundle(self, path: Path, who: str | None = "auditor", **more: Any) -> Made:
        return make_bundle(self.house, self.by(who), self.grant, path, **more)

    def again(self) -> None:
        """Close the house and open it anew, as after a restart."""
        before = self.house
        self.house = build(
            before.settings,
            new_id=before.new_id,
            policies=before.policies,
            calendar=before.calendar,
        )
        self.register = self.house.register
        before.close()


def members(path: Path) -> dict[str, bytes]:
    """What is in a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repack(contents: Mapping[str, bytes], path: Path) -> Path:
    """The same kind of zip with these members."""
    write(path, [Member.of(name, data) for name, data in contents.items()], WHEN)
    return path


def signed_again(contents: Mapping[str, bytes], key_file: Path) -> dict[str, bytes]:
    """The manifest made to fit and signed with the log's own key: what only the log's operator could do."""
    signer = keys.load_signer(key_file)
    old = Note.parse(contents["manifest.txt"]).text.split("\n")[:5]
    rest = {name: data for name, data in sorted(contents.items()) if name != "manifest.txt"}
    made = [Member.of(name, data) for name, data in rest.items()]
    lines = [*old, *(f"{each.digest} {each.size} {each.name}" for each in made)]
    assert lines[0] == TITLE
    text = "".join(f"{line}\n" for line in lines)
    return {"manifest.txt": sign(text, signer).encode(), **rest}


def regular(name: str) -> zipfile.ZipInfo:
    """The header of an ordinary file."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info
