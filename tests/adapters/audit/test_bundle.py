"""The auditor's bundle: what is in it, and that it proves itself to anyone, anywhere."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.audit import verify
from adapters.audit.bundle import make_bundle
from adapters.audit.verify import verify_bundle
from adapters.log.proofs import verify_proof_file
from adapters.log.scan import LogDamaged
from domain.errors import Forbidden, Invalid, Refused
from domain.values import Money
from tests.adapters.audit.conftest import Bundle
from tests.adapters.audit.scene import CANARIES, PAPER, Town, members
from tests.adapters.views.story import PERSONAL, PHONE

WITHOUT_NETWORK = """
import runpy, sys
def refuse(event, args):
    if event.startswith(("socket.", "subprocess.", "sqlite3.", "os.system", "urllib.")):
        raise AssertionError(event)
sys.addaudithook(refuse)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The plain verifier, isolated from this project, with network and databases barred."""
    command = [sys.executable, "-I", "-c", WITHOUT_NETWORK, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env={})


def test_the_plain_verifier_says_yes_in_an_empty_folder_without_network_or_database(
    bundle: Bundle, tmp_path: Path
) -> None:
    (tmp_path / "verify.py").write_bytes(bundle.members["verify.py"])
    (tmp_path / "audit.zip").write_bytes(bundle.path.read_bytes())
    found = run(tmp_path, "verify.py", "audit.zip", bundle.vkey)
    report = verify_bundle(bundle.path, bundle.vkey)
    assert (found.returncode, found.stdout.splitlines()) == (0, [*report.lines, "通过"])
    assert report.lines[-1] == (
        "追溯表、页面与事件一致；金额（元）：补助 10,000.00，拨付 10,000.00，使用 3,000.00，"
        "退回 500.00，结余 6,500.00"
    )
    assert sorted(each.name for each in tmp_path.iterdir()) == ["audit.zip", "verify.py"]


def test_the_plain_verifier_says_no_with_exit_code_1(bundle: Bundle, tmp_path: Path) -> None:
    broken = bytearray(bundle.path.read_bytes())
    broken[len(broken) // 3] ^= 1
    (tmp_path / "audit.zip").write_bytes(broken)
    found = run(tmp_path, verify.__file__, "audit.zip", bundle.vkey)
    assert (found.returncode, found.stdout.splitlines()[-1][:4]) == (1, "不通过：")


def test_without_its_arguments_it_tells_how_it_is_used(tmp_path: Path) -> None:
    found = run(tmp_path, verify.__file__)
    assert (found.returncode, "用法" in found.stderr) == (2, True)


def test_the_member_and_the_register_s_own_verifier_are_one_file(bundle: Bundle) -> None:
    assert bundle.members["verify.py"] == Path(verify.__file__).read_bytes()


def test_it_needs_the_standard_library_and_cryptography_only() -> None:
    tree = ast.parse(Path(verify.__file__).read_text("utf-8"))
    names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name.split(".")[0] for name in names} - sys.stdlib_module_names
    assert foreign == {"cryptography"}


def test_each_proof_in_it_also_satisfies_the_register_s_own_verifier(bundle: Bundle) -> None:
    proofs = [data for name, data in bundle.members.items() if name.startswith("proofs/")]
    shown = [verify_proof_file(data, bundle.vkey) for data in proofs]
    assert len(shown) == len([name for name in bundle.members if name.startswith("events/")])


def test_the_pack_and_the_files_are_in_it_under_their_digests(bundle: Bundle) -> None:
    digest = bundle.town.house.policies["story-2024"].digest
    paper = hashlib.sha256(PAPER).hexdigest()
    names = [name for name in bundle.members if name.startswith(("policy", "evidence"))]
    assert names == [f"evidence/{paper}.pdf", f"policy/{digest}.json", f"policy/{digest}.yaml"]
    assert hashlib.sha256(bundle.members[f"policy/{digest}.json"]).hexdigest() == digest


def test_the_page_is_chinese_self_contained_and_without_scripts(bundle: Bundle) -> None:
    page = bundle.members["index.html"].decode()
    assert '<html lang="zh-CN">' in page
    assert re.findall(r"<script|https?://|@import|url\(|\son\w+=", page) == []
    links = set(re.findall(r'href="([^"]+)"', page))
    assert links <= set(bundle.members)


def test_what_users_wrote_cannot_become_markup(tmp_path: Path) -> None:
    town = Town(tmp_path, f"sqlite:///{tmp_path / 'm.db'}").until_money()
    evil = '<script>alert(1)</script><data class="paid" value="1">0.01</data>'
    studio = town.filed[0][0]
    town.did(town.register.naming.rename, "officer", studio, name=evil, reason=evil)
    made = town.bundle(tmp_path / "b.zip")
    assert verify_bundle(made.path, made.vkey).ok
    assert "<script" not in members(made.path)["index.html"].decode()
    town.house.close()


def test_personal_values_stay_sealed(bundle: Bundle) -> None:
    everything = b"".join(bundle.members.values())
    assert [each for each in (*PERSONAL, *CANARIES) if each.encode() in everything] == []


def test_a_role_and_a_reason_unseal_them_into_a_member_of_their_own(town: Town) -> None:
    path = town.house.settings.home / "unsealed.zip"
    made = town.bundle(path, reason="经费审查委员会年度审计")
    found = members(path)
    shown = json.loads(found.pop("unsealed.json"))
    told = {(each["field"], each["value"]) for each in shown["values"]}
    expected = zip(("phone", "ethnicity", "account_number"), PERSONAL, strict=True)
    assert told == set(expected)
    assert (PHONE.encode() in b"".join(found.values()), verify_bundle(path, made.vkey).ok) == (
        False,
        True,
    )
    looks = town.house.queries.timeline(topics=["access.unsealed", "access.exported"])["items"]
    assert [(each["topic"], each["facts"].get("reason")) for each in looks] == [
        ("access.exported", None),
        ("access.unsealed", "经费审查委员会年度审计"),
    ]


def test_unsealing_needs_a_reason_that_says_something(town: Town) -> None:
    path = town.house.settings.home / "b.zip"
    with pytest.raises(Invalid, match="理由"):
        town.bundle(path, reason="  ")
    assert not path.exists()


def test_a_bundle_is_made_only_by_those_whom_the_studio_stands_below(town: Town) -> None:
    for who in ("unit0", "union0", "union1"):
        with pytest.raises(Forbidden):
            town.bundle(town.house.settings.home / "b.zip", who)


def test_a_file_that_is_gone_or_changed_is_named_and_the_rest_still_proves_itself(
    town: Town,
) -> None:
    place = town.files.path(town.paper.sha256)
    place.write_bytes(b"%PDF something else")
    made = town.bundle(town.house.settings.home / "b.zip", None)
    assert made.absent == ("凭据.pdf：附件内容已被改动",)
    report = verify_bundle(made.path, made.vkey)
    assert (report.ok, report.lines[3]) == (
        True,
        "附件和政策文件 1 个，与事件所记的摘要相符，另有 1 个不在登记处",
    )


def test_a_pack_that_was_changed_since_is_named_and_not_passed_off_as_the_one_used(
    town: Town,
) -> None:
    (town.house.settings.packs / "story-2024.yaml").unlink()
    made = town.bundle(town.house.settings.home / "b.zip", None)
    assert made.absent == ("政策文件 story-2024 第 1 版：文件已改版或不在本机",)
    assert verify_bundle(made.path, made.vkey).ok


def test_a_naming_entered_by_its_document_has_a_chain_from_there_on(town: Town) -> None:
    studio = town.filed[2][0]
    payee = {
        "organisation": town.units[2],
        "account_name": "第2厂",
        "bank": "工行",
        "account_number": "621700000000001",
    }
    grant = town.did(
        town.register.subsidies.grant, "second", studio, payee=payee, document="补助决定",
        number="2019-07", fund=town.fund, amount=Money(1_000_000),
    )  # fmt: skip
    made = make_bundle(town.house, town.by(), grant, town.house.settings.home / "b.zip")
    report = verify_bundle(made.path, made.vkey)
    assert (report.fault, report.money["granted"]) == ("", 1_000_000)
    told = json.loads(members(made.path)["trace.json"])["steps"]
    assert [step["step"] for step in told if step["events"]] == ["naming", "fund", "grant"]


def test_a_cancelled_grant_and_an_earlier_moment_have_bundles_too(town: Town) -> None:
    home = town.house.settings.home
    rows = list(town.house.queries.every("grants", filters={"status": "cancelled"}))
    made = make_bundle(town.house, town.by(), rows[0]["id"], home / "cancelled.zip")
    report = verify_bundle(made.path, made.vkey)
    assert (report.ok, report.money["fund_released"]) == (True, 1_000_000)
    paid = min(each["recorded_at"] for each in town.house.queries.grant(town.grant)["payments"])
    made = town.bundle(home / "then.zip", None, as_of=paid)
    report = verify_bundle(made.path, made.vkey)
    assert (report.ok, report.money["paid"], report.money["spent"]) == (True, 400_000, 0)


def test_the_log_is_asked_to_be_sound_before_a_bundle_is_made(tmp_path: Path) -> None:
    town = Town(tmp_path, f"sqlite:///{tmp_path / 'm.db'}").until_money()
    with town.house.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE events SET state = replace(state, '300000', '200000')"
            " WHERE topic = 'studio.subsidy_spent'"
        )
    with pytest.raises(LogDamaged):
        town.bundle(tmp_path / "b.zip", None)
    assert not (tmp_path / "b.zip").exists()
    town.house.close()


def test_a_changed_event_behind_the_last_checkpoint_is_noticed_as_well(tmp_path: Path) -> None:
    town = Town(tmp_path, f"sqlite:///{tmp_path / 'm.db'}").until_money()
    town.bundle(tmp_path / "a.zip", None)
    with town.house.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE events SET state = CAST(replace(state, '300000', '200000') AS BLOB)"
            " WHERE topic = 'studio.subsidy_spent'"
        )
    with pytest.raises(Refused, match="推不出树根"):
        town.bundle(tmp_path / "b.zip", None)
    assert not (tmp_path / "b.zip").exists()
    town.house.close()
