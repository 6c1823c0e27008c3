"""Dossier files: JSON with lines, and only what the category's pack reads."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import is_valid

from adapters.packs.dossiers import load_dossier
from adapters.packs.json_lines import read_json
from adapters.packs.reading import PackError
from domain.policy.dossier import blank, schema
from tests.domain.policy.dossiers import filled, policy

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CATEGORY = policy("wuxi-2022").category("worker")


def written(folder: Path, content: Any) -> Path:
    path = folder / "dossier.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = (
            content
            if isinstance(content, str)
            else json.dumps(content, ensure_ascii=False, indent=1)
        )
        path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, content: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(PackError) as refusal:
        load_dossier(written(folder, content), CATEGORY)
    return [(each.line, each.field, each.message) for each in refusal.value.problems]


def line_of(folder: Path, word: str) -> int:
    lines = (folder / "dossier.json").read_text(encoding="utf-8").split("\n")
    return next(at for at, line in enumerate(lines, 1) if word in line)


def test_a_filled_and_a_blank_dossier_are_whole(tmp_path: Path) -> None:
    for content in (filled("wuxi-2022", "worker"), blank(CATEGORY)):
        assert load_dossier(written(tmp_path, content), CATEGORY) == content


@pytest.mark.parametrize(
    ("group", "name", "value", "message"),
    [
        ("team", "size", True, "应为整数"),
        ("team", "size", "5", "应为整数"),
        ("team", "size", 5.5, "应为整数"),
        ("team", "size", -1, "应在 0 至 10000 之间"),
        ("studio", "founded_on", "2022-02-30", "应为 YYYY-MM-DD 形式的日期"),
        ("studio", "founded_on", "20220228", "应为 YYYY-MM-DD 形式的日期"),
        ("unit", "legal_person", 1, "应为 true 或 false"),
        ("team", "spirit", 1, "不认识的键"),
        ("leader", "titles", {}, "应为列表"),
        ("statements", "worker_venue", ["甲"], "应为文本"),
    ],
)
def test_a_wrong_value_is_told_with_its_line(
    tmp_path: Path, group: str, name: str, value: Any, message: str
) -> None:
    content = filled("wuxi-2022", "worker")
    content[group][name] = value
    found = problems(tmp_path, content)
    assert found == [(line_of(tmp_path, f'"{name}"'), f"{group}.{name}", message)]


def test_a_missing_key_is_told_at_its_group(tmp_path: Path) -> None:
    content = filled("wuxi-2022", "worker")
    del content["team"]["frontline"]
    assert problems(tmp_path, content) == [
        (line_of(tmp_path, '"team"'), "team.frontline", "缺少此项")
    ]


def test_a_place_in_a_list_is_numbered(tmp_path: Path) -> None:
    content = filled("wuxi-2022", "worker")
    content["leader"]["titles"] = [{"name": "能手", "level": "town", "year": 2020}]
    line, field, message = problems(tmp_path, content)[0]
    assert (line, field) == (line_of(tmp_path, '"town"'), "leader.titles[0].level")
    assert message == "应为其中之一：nation、province、city、county、unit"


@pytest.mark.parametrize(
    ("content", "line", "field", "message"),
    [
        ("{", 1, "", "不是正确的 JSON：键应加双引号"),
        ('{\n"a": 1,\n"a": 2}', 3, "a", "重复的键（第 2 行已有）"),
        ('{\n"a": {"b": 1, "b": 2}}', 2, "a.b", "重复的键（第 2 行已有）"),
        ('{"a": NaN}', 1, "a", "不是正确的 JSON：无法识别 'NaN}'"),
        ('{"a": -Infinity}', 1, "a", "不是正确的 JSON：无法识别 '-Infinity}'"),
        ('{"a": 1e999}', 1, "a", "数字超出范围"),
        ('{"a": ' + "9" * 5000 + "}", 1, "a", "数字过长"),
        ('{"a": 01}', 1, "", "不是正确的 JSON：此处应为 }"),
        ("{'a': 1}", 1, "", "不是正确的 JSON：键应加双引号"),
        ('{"a": 1}\n{}', 2, "", "不是正确的 JSON：结尾之后还有内容"),
        ('{"a": 1,}', 1, "", "不是正确的 JSON：键应加双引号"),
        ('{"a": "b\n"}', 1, "a", "不是正确的 JSON：文本没有结束或含有控制字符"),
        ('{"a": "\\ud800"}', 1, "a", "文本中有残缺字符"),
        ('{"\\ud800": 1}', 1, "", "文本中有残缺字符"),
        ('\n{"_type_": 1}', 2, "_type_", "不允许使用的键"),
        ('{"a": {"_data_": 1}}', 1, "a._data_", "不允许使用的键"),
        ('{"a":' * 30 + "1" + "}" * 30, 1, "a.a.a", "嵌套超过 24 层"),
        ("[" * 100_000, 1, "[0][0][0]", "嵌套超过 24 层"),
        ("", 1, "", "文件是空的"),
        ("[]", 1, "", "申报材料应为对象（键与值）"),
        ("null", 1, "", "申报材料应为对象（键与值）"),
        ('"团队"'.encode("gbk"), 1, "", "不是 UTF-8 编码（请另存为 UTF-8）"),
    ],
)
def test_what_is_no_dossier_is_told_so(
    tmp_path: Path, content: str | bytes, line: int, field: str, message: str
) -> None:
    assert problems(tmp_path, content) == [(line, field, message)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@QUIET
@given(value=JSON, indent=st.sampled_from([None, 2]))
def test_what_json_writes_is_read_back(tmp_path: Path, value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert read_json(written(tmp_path, text)).value == value


@QUIET
@given(text=st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \n\\ub', min_size=1, max_size=40))
def test_the_reader_takes_nothing_that_json_refuses(tmp_path: Path, text: str) -> None:
    try:
        value = read_json(written(tmp_path, text)).value
    except PackError:
        return
    assert json.loads(text, parse_float=Decimal) == value


def test_the_lines_are_those_of_the_keys(tmp_path: Path) -> None:
    read = read_json(written(tmp_path, '{\n "a":\n  [1,\n   {"b": 2}]}'))
    assert read.lines == {
        (): 1,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 1): 4,
        ("a", 1, "b"): 4,
    }


@pytest.mark.parametrize(
    ("name", "category"),
    [
        (name, each.id)
        for name in (
            "wuxi-2022",
            "jiujiang-2023",
            "nanchang-2021",
            "jingzhou-2019",
            "changchun-2023",
        )
        for each in policy(name).categories
    ],
)
def test_the_schema_agrees_with_the_check(name: str, category: str) -> None:
    found = policy(name).category(category)
    rules = schema(found)
    assert is_valid(rules, filled(name, category))
    assert is_valid(rules, blank(found))
    assert not is_valid(rules, {**blank(found), "zz": 1})
    assert not is_valid(rules, {})
