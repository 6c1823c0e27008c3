"""Packs are refused with file, line and field, whatever is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.packs.loader import PACKS, digest_of, find_pack, load_pack, load_packs
from adapters.packs.reading import MAX_BYTES, PackError, Problem

SIXTH = Path(__file__).with_name("linhai-2025.yaml")
ALL = [*sorted(PACKS.glob("*.yaml")), SIXTH]
SMALL = """\
id: small-1
version: "1"
level: city
document: {issuer: 某市总工会, title: 通知}
categories:
  - {id: one, name: 甲, honour: 甲, clause: 一, text: 甲}
conditions:
  - id: team
    clause: 一1
    text: 团队不少于3人
    kind: team_size
    least: 3
stages:
  - {id: naming, name: 命名, by: city, clause: 二, text: 命名}
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "pack.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(folder: Path, text: str | bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(PackError) as refusal:
        load_pack(written(folder, text))
    return [(each.line, each.field, each.message) for each in refusal.value.problems]


ASSESSMENT = "assessment: {grades: [{id: bad, name: 差, failing: true}], failures_to_revoke: 3, clause: 一, text: 一"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_shipped_pack_loads(path: Path) -> None:
    policy = load_pack(path)
    assert policy.id == path.stem
    assert len(policy.digest) == 64


def test_five_packs_ship() -> None:
    assert sorted(load_packs()) == [
        "changchun-2023",
        "jingzhou-2019",
        "jiujiang-2023",
        "nanchang-2021",
        "wuxi-2022",
    ]


def test_a_pack_is_found_by_id_or_document_number_or_file() -> None:
    assert find_pack("changchun-2023") == find_pack("长会办字〔2023〕33号")
    assert find_pack(str(PACKS / "changchun-2023.yaml")) == find_pack("changchun-2023")
    with pytest.raises(PackError) as refusal:
        find_pack("atlantis")
    assert refusal.value.problems[0].message.startswith("没有这个政策包；可选：changchun-2023")


def test_the_small_pack_is_good(tmp_path: Path) -> None:
    assert load_pack(written(tmp_path, SMALL)).category("one").conditions[0].kind == "team_size"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "level: city",
            "level: town",
            (3, "level", "应为其中之一：city、province、county、nation"),
        ),
        ("level: city\n", "", (1, "level", "缺少此项")),
        ("level: city", "level: city\nlevel: city", (4, "level", "重复的键（第 3 行已有）")),
        ("    least: 3", "    least: true", (12, "conditions[0].least", "应为整数")),
        ("    least: 3", "    least: .nan", (12, "conditions[0].least", "应为整数")),
        ("    least: 3", "    least: 3.5", (12, "conditions[0].least", "应为整数")),
        ("    least: 3", "    least: 0", (12, "conditions[0].least", "应不小于 1、不大于 10000")),
        (
            "    kind: team_size\n    least: 3",
            "    kind: venue_area",
            (8, "conditions[0].least", "缺少此项"),
        ),
        (
            "    kind: team_size\n    least: 3",
            "    kind: venue_area\n    least:",
            (12, "conditions[0].least", "不能为空"),
        ),
        ("    least: 3", "    least:", (12, "conditions[0].least", "须至少给出 least 或 most")),
        (
            "    least: 3",
            "    least: 3\n    most: 2",
            (13, "conditions[0].most", "most 小于 least"),
        ),
        (
            "    least: 3",
            "    least: 3\n    extra: 1",
            (13, "conditions[0].extra", "不认识的键"),
        ),
        (
            "    least: 3",
            "    leest: 3",
            (12, "conditions[0].leest", "不认识的键，是否为 least？"),
        ),
        (
            "    least: 3",
            "    least: 3\n    force: maybe",
            (13, "conditions[0].force", "应为其中之一：required、in_principle、preferred"),
        ),
        (
            "    least: 3",
            "    least: 3\n    categories: [two]",
            (13, "conditions[0].categories[0]", "没有类别“two”"),
        ),
        (
            "    least: 3",
            "    least: 3\n    least: 4",
            (13, "conditions[0].least", "重复的键（第 12 行已有）"),
        ),
        ("by: city", "by: mayor", None),
        ('version: "1"', "version: 1", (2, "version", "应为文本（数字与 true/false 请加引号）")),
        ("id: small-1", "id: Small 1", None),
        (
            "document: {issuer: 某市总工会, title: 通知}",
            "document: {issuer: 某市总工会, title: 通知, on: 2023-02-29}",
            (4, "document.on", "没有 2023-02-29 这一天"),
        ),
        (
            "document: {issuer: 某市总工会, title: 通知}",
            "document: 通知",
            (4, "document", "应为映射（键: 值）"),
        ),
        ("level: city", "_type_: city", (3, "_type_", "不允许使用的键")),
        ("level: city", "level: &a city", (3, "", "不允许使用锚点和引用（& 与 *）")),
        ("level: city", "level: *a", (3, "", "不允许使用锚点和引用（& 与 *）")),
        ("level: city", "level: !!python/name:os.system city", None),
        ("level: city", "level: [city", None),
        ("level: city", "? [a]\n: 1", (3, "", "键应为文字")),
        ("stages:", "---\nstages:", (13, "", "只能有一个 YAML 文档")),
    ],
)
def test_a_fault_is_told_with_line_and_field(
    tmp_path: Path, old: str, new: str, expected: tuple[int, str, str] | None
) -> None:
    found = problems(tmp_path, SMALL.replace(old, new, 1))
    assert expected is None or expected in found


def test_an_unknown_kind_lists_the_kinds(tmp_path: Path) -> None:
    line, field, message = problems(tmp_path, SMALL.replace("team_size", "team_spirit"))[0]
    assert (line, field) == (11, "conditions[0].kind")
    assert message.startswith("不认识的条件类型；可选：leader_honour、leader_title")


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "文件是空的"),
        (b" \n\n", 1, "文件是空的"),
        ("id: 甲\n".encode("gbk"), 1, "不是 UTF-8 编码（请另存为 UTF-8）"),
        (b"id: a\nlevel: \xff", 2, "不是 UTF-8 编码（请另存为 UTF-8）"),
        (SMALL.encode("utf-16"), 1, "不是 UTF-8 编码（请另存为 UTF-8）"),
        (b"a" * (MAX_BYTES + 1), 1, "文件超过 512 KiB"),
        (b"- a\n", 1, "最外层应为映射（键: 值）"),
        (b"id: \x00", 1, "不是正确的 YAML：含有不可用的字符"),
        (b"a: " + b"[" * 5000, 1, "嵌套超过 24 层"),
    ],
)
def test_what_is_no_pack_is_told_so(
    tmp_path: Path, content: bytes, line: int, message: str
) -> None:
    found = problems(tmp_path, content)
    assert [(each[0], each[2]) for each in found] == [(line, message)]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load_pack(written(tmp_path, b"\xef\xbb\xbf" + SMALL.encode())).id == "small-1"


def test_a_missing_file_is_a_problem_of_that_file(tmp_path: Path) -> None:
    with pytest.raises(PackError) as refusal:
        load_pack(tmp_path / "none.yaml")
    assert [each.file for each in refusal.value.problems] == [str(tmp_path / "none.yaml")]


def test_a_problem_reads_file_line_message() -> None:
    assert str(Problem("a.yaml", 3, "level", "缺少此项")) == "a.yaml:3: level：缺少此项"


def test_a_problem_stays_on_its_line_whatever_the_key() -> None:
    assert str(Problem("a.yaml", 3, "a\nb\x1b[0m", "坏")) == "a.yaml:3: a\ufffdb\ufffd[0m：坏"


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SMALL)
    (tmp_path / "b.yaml").write_text(SMALL)
    with pytest.raises(PackError) as refusal:
        load_packs(tmp_path)
    assert refusal.value.problems[0].message == "编号 small-1 与另一文件重复"


def test_the_digest_is_of_the_content_and_not_of_its_layout(tmp_path: Path) -> None:
    plain = load_pack(written(tmp_path, SMALL)).digest
    other = "# 说明\n" + SMALL.replace('version: "1"', "effective_to: null\nversion:   '1'")
    assert load_pack(written(tmp_path, other)).digest == plain
    assert load_pack(written(tmp_path, SMALL.replace("least: 3", "least: 4"))).digest != plain
    assert plain == "af9e3fd905ded85add5221aec9503eff3ba7c1f87d3027f584da77da953ff184"


def test_the_order_of_keys_does_not_matter_and_that_of_items_does() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1, "c": None})
    assert digest_of({"a": [1, 2]}) != digest_of({"a": [2, 1]})


# What the parts of a pack say of each other


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (
            "kind: team_size\n    least: 3",
            "kind: text_length\n    field: a.b\n    least: 3",
            "conditions[0].kind",
        ),
        ("kind: team_size\n    least: 3", "kind: leader_age", "conditions[0].least"),
        (
            "kind: team_size\n    least: 3",
            "kind: results_in_window\n    window: {months: 3, from_year: 2020}",
            "conditions[0].window",
        ),
        (
            "kind: team_size\n    least: 3",
            "kind: name_pattern\n    pattern: 创新工作室",
            "conditions[0].pattern",
        ),
        (
            "kind: team_size\n    least: 3",
            "kind: any_of\n    of: []",
            "conditions[0].of",
        ),
        (
            "kind: team_size\n    least: 3",
            "kind: any_of\n    of:\n      - {id: team, kind: legal_person}",
            "conditions[0].of[0].id",
        ),
        ("stages:", "publicity: {clause: 三, text: 公示}\nstages:", "publicity"),
        (
            "stages:",
            "publicity: {clause: 三, text: 公示, working_days: 5, calendar_days: 7}\nstages:",
            "publicity",
        ),
        (
            "stages:",
            "quotas: [{id: q, categories: [one], per: unit, force: hard, clause: 一, text: 一}]\nstages:",
            "quotas[0]",
        ),
        *(
            ("stages:", f"{ASSESSMENT}, {keys}}}\nstages:", f"assessment.{field}")
            for field, keys in (
                ("due_month_day", 'due_month_day: "02-29"'),
                ("opens_month_day", 'due_month_day: "12-31", opens_month_day: "9-1"'),
                ("opens_month_day", 'due_month_day: "06-30", opens_month_day: "07-01"'),
                ("remind_days_before", 'due_month_day: "12-31", remind_days_before: [7, 7]'),
                ("remind_days_before[0]", 'due_month_day: "12-31", remind_days_before: [-1]'),
            )
        ),
    ],
)
def test_parts_that_do_not_fit_are_told(tmp_path: Path, old: str, new: str, field: str) -> None:
    assert field in [each[1] for each in problems(tmp_path, SMALL.replace(old, new, 1))]


def test_an_assessment_may_say_when_it_opens_and_when_unions_are_reminded(tmp_path: Path) -> None:
    days = 'due_month_day: "12-31", opens_month_day: "10-08", remind_days_before: [60, 7]'
    pack = load_pack(
        written(tmp_path, SMALL.replace("stages:", f"{ASSESSMENT}, {days}}}\nstages:"))
    )
    assert pack.assessment is not None
    assert (pack.assessment.opens_month_day, pack.assessment.remind_days_before) == (
        "10-08",
        (60, 7),
    )
