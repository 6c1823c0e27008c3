"""What people most often get wrong when they write YAML by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.packs.reading import PackError
from adapters.packs.yaml_lines import read_yaml


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('id: x\n\tversion: "1"\n', 2, "缩进不能用制表符（Tab），请用空格"),
        ("a: b: c\n", 1, "文字中有“: ”，请加引号；或上一行缩进有误"),
        ("a:\n  - b\n - c\n", 3, "缩进与上文不一致"),
        ('a: "b\n', 2, "引号或括号没有结束"),
        ("id: x\nlevel\nb: c\n", 3, "缺少冒号，或冒号后没有空格"),
        ("a: [1, 2\nb: 3\n", 2, "括号内缺少逗号，或括号没有结束"),
    ],
)
def test_common_slips_of_yaml_are_told_in_chinese(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as refusal:
        read_yaml(path)
    [found] = refusal.value.problems
    assert (found.line, found.message) == (line, f"不是正确的 YAML：{message}")
