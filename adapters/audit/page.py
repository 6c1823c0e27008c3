"""The bundle's readable page: Chinese, self-contained, without scripts, from a trace's document and events alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from typing import Any, Final

from adapters.audit import words
from adapters.audit.stored import Event
from adapters.audit.trace import Trace, rows, yuan

GRANT: Final = ("granted", "paid", "reconciled", "spent", "recovery", "returned", "balance")
FUND: Final = ("fund_granted", "fund_released", "fund_paid", "fund_returned")
OUTCOMES: Final = {"pass": "符合", "fail": "不符合", "needs_human": "待人工判断"}
FORCES: Final = {"required": "必备条件", "in_principle": "原则上", "preferred": "优先条件"}

STYLE: Final = """
body{font:15px/1.6 "Noto Serif CJK SC","Source Han Serif SC",SimSun,serif;color:#1b1b1b;
 max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;border-bottom:3px double #8a6a2f;padding-bottom:.4rem}
h2{font-size:1.15rem;margin:1.6rem 0 .4rem;color:#5c4316}
table{border-collapse:collapse;width:100%;page-break-inside:auto}
tr{page-break-inside:avoid}
th,td{border:1px solid #c9bfa8;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:#f5f0e4;font-weight:600}
.steps{table-layout:fixed}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.t{white-space:nowrap}
code{font:12px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;word-break:break-all}
.small{color:#5a5a5a;font-size:.85rem}
a{color:inherit}
.a{width:11.2rem}.b{width:7.5rem}.d{width:11rem}.e{width:4rem}.c{width:4.5rem}
@media print{body{margin:0;padding:0;max-width:none;font-size:9.5pt}a{text-decoration:none}
 h2{page-break-after:avoid}td.t{white-space:normal}
 .a{width:6.5rem}.b{width:5.2rem}.d{width:7rem}.e{width:3.2rem}}
@page{size:A4;margin:18mm 16mm}
"""


def page(trace: Trace, *, log: str, files: Mapping[str, str], absent: Mapping[str, str]) -> str:
    """The page. files: SHA-256 → member that holds the file; absent: SHA-256 → why it is not there."""
    told = trace.document
    body = [
        *_head(trace, log),
        *_sums(told["money"]),
        *_steps(told),
        *_verdicts(trace),
        *_papers(trace, files, absent),
        *_checking(log),
    ]
    top = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
    fixed = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    fixed += "style-src 'unsafe-inline'\">"
    title = f"<title>补助追溯 {escape(told['grant'])}</title><style>{STYLE}</style></head><body>"
    return "\n".join([top + fixed + title, *body, "</body></html>", ""])


def studio_name(trace: Trace) -> str:
    """What the studio is called, by the last event that named it."""
    own = [e for e in trace.events.values() if e["originator_id"] == trace.document["studio"]]
    names = [e for e in own if e["topic"] in {"studio.registered", "studio.renamed"}]
    return str(names[-1]["facts"]["name"]) if names else ""


def fen(amount: int, name: str = "") -> str:
    """An amount as the verifier reads it."""
    return f'<data class="{name}" value="{amount}">{yuan(amount)}</data>'


def _head(trace: Trace, log: str) -> Iterable[str]:
    told = trace.document
    granted = next(e for e in trace.events.values() if _grants(e, told["grant"]))
    unit = granted["facts"]["payee"]["account_name"]
    yield f"<h1>{escape(studio_name(trace))} 补助追溯</h1>"
    yield f"<p>命名编号 {escape(granted['facts']['number'])}，收款方 {escape(unit)}。"
    yield f"截至日志 {escape(log)} 第 {told['as_of']} 条，共述及 {len(trace.told)} 条记录。"
    yield "时间为北京时间，金额单位为元。每行末的序号是该事在日志中的位置，可点开原始记录。</p>"
    yield f'<p class="small">补助编号 <code>{escape(told["grant"])}</code></p>'


def _grants(event: Event, grant: str) -> bool:
    return bool(event["topic"] == "studio.subsidy_granted" and event["facts"]["grant"] == grant)


def _sums(money: Mapping[str, int]) -> Iterable[str]:
    for caption, names in (("补助账", GRANT), ("资金账", FUND)):
        heads = "".join(f'<th class="n">{words.SUMS[name]}</th>' for name in names)
        cells = "".join(f'<td class="n">{fen(money[name], name)}</td>' for name in names)
        yield f"<h2>{caption}</h2><table><tr>{heads}</tr><tr>{cells}</tr></table>"
    yield '<p class="small">结余 = 已拨付 − 已使用 − 已退回。</p>'


def _steps(told: Mapping[str, Any]) -> Iterable[str]:
    for title, lines in groupby(rows(told), key=lambda row: row["step"]):
        yield f'<h2>{escape(title)}</h2><table class="steps">'
        yield '<col class="a"><col class="b"><col><col class="d"><col class="e">'
        yield '<tr><th>时间</th><th>事项</th><th>内容</th><th>经办</th><th class="n">位置</th></tr>'
        for row in lines:
            parts = (fen(p) if isinstance(p, int) else escape(p) for p in row["parts"])
            place = f'<a href="events/{row["position"]}.json">{row["position"]}</a>'
            yield f'<tr><td class="t">{row["at"]}</td><td class="t">{escape(row["title"])}</td>'
            yield f"<td>{''.join(parts)}</td><td>{escape(row['who'])}</td>"
            yield f'<td class="n">{place}</td></tr>'
        yield "</table>"


def _verdicts(trace: Trace) -> Iterable[str]:
    """Clause by clause, as the last dossier was judged, with what people judged since."""
    events = [trace.events[at] for at in trace.told]
    filed = [e for e in events if e["topic"] in {"studio.applied", "studio.amended"}]
    if not filed:
        return
    reviewed = [e["facts"] for e in events if e["topic"] == "studio.reviewed"]
    judged = {k: v for facts in reviewed for k, v in facts["judgements"].items()}
    yield '<h2>逐条认定</h2><table class="steps"><col class="c"><col><col class="c"><col><tr><th>条款</th><th>要求</th><th>效力</th><th>认定</th></tr>'
    for verdict in filed[-1]["facts"]["verdicts"]:
        outcome = OUTCOMES.get(verdict["outcome"], verdict["outcome"])
        if verdict["condition"] in judged:
            outcome = f"人工判断{OUTCOMES[judged[verdict['condition']]]}"
        force = FORCES.get(verdict["force"], verdict["force"])
        said = f"{outcome}：{verdict['sentence']}"
        cells = (verdict["clause"], verdict["text"], force, said)
        yield "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
    yield "</table>"


def _papers(trace: Trace, files: Mapping[str, str], absent: Mapping[str, str]) -> Iterable[str]:
    yield "<h2>文件</h2><table><tr><th>文件</th><th>SHA-256</th><th>所在</th></tr>"
    for digest, name in {**policies(trace), **evidence(trace)}.items():
        member = files.get(digest)
        place = f'<a href="{member}">包内</a>' if member else escape(absent.get(digest, "未附"))
        yield f"<tr><td>{escape(name)}</td><td><code>{digest}</code></td><td>{place}</td></tr>"
    yield "</table>"
    sealed = sorted({token["f"] for at in trace.told for token in sealed_in(trace.events[at])})
    if sealed:
        shown = "、".join(words.PERSONAL.get(each, each) for each in sealed)
        yield f'<p class="small">记录中的个人信息（{escape(shown)}）以密文保存，本页不显示。</p>'


def policies(trace: Trace) -> dict[str, str]:
    """The rules that the chain was decided under: digest → what they are called."""
    refs = [trace.events[at]["facts"].get("policy") for at in trace.told]
    return {ref["digest"]: f"政策文件 {ref['id']} 第 {ref['version']} 版" for ref in refs if ref}


def evidence(trace: Trace) -> dict[str, str]:
    """The files that the told events refer to: SHA-256 → name."""
    found = [evidence_of(trace.events[at]) for at in trace.told]
    return {digest: name for each in found for digest, name in each.items()}


def evidence_of(event: Event) -> dict[str, str]:
    """The files that an event refers to: SHA-256 → name."""
    return {each["sha256"]: each["name"] for each in _marked(event, "evidence")}


def sealed_in(event: Event) -> list[dict[str, str]]:
    """The sealed values of an event, as s (subject, hex), f (field) and c (token)."""
    return _marked(event, "sealed")


def _marked(event: Event, kind: str) -> list[dict[str, Any]]:
    """The values of a kind in an event's state, wherever they stand."""
    found: list[dict[str, Any]] = []

    def look(value: dict[str, Any]) -> Any:
        if value.get("_type_") == kind:
            found.append(value["_data_"])
        return value

    json.loads(event["state"], object_hook=look)
    return found


def _checking(log: str) -> Iterable[str]:
    yield "<h2>如何核验</h2>"
    yield f"<p>向本市总工会或公开渠道取得日志 {escape(log)} 的公钥行，用可信来源的 verify.py 运行：</p>"
    yield "<p><code>python verify.py 审计包.zip 公钥行</code></p>"
    yield "<p>它不联网，只依赖 Python 和 cryptography：核对清单签名与每个成员的摘要、每条记录到"
    yield "检查点树根的证明、附件与政策文件的摘要，并由记录重新计算本页的金额。</p>"
