"""The opinion boxes of a form: an opinion, a signature and a seal where the form has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from domain.policy.forms import Opinion
from domain.policy.kinds.base import Case
from domain.policy.kinds.formal import FormRule, form_of
from domain.policy.model import model
from domain.policy.verdicts import Finding, failed, passed, undecided


@model
class OpinionsComplete(FormRule):
    """Opinion boxes due at filing carry an opinion, with signature and seal where asked.

    Of boxes in one group one is enough. A box of a higher union that is still empty needs a human:
    it is that union's turn; one that is half filled fails.
    """

    KIND: ClassVar[str] = "opinions_complete"

    def check(self, case: Case) -> Finding:
        said = case.fact("opinions") or {}
        groups: dict[str, list[Opinion]] = {}
        for box in form_of(case).opinions:
            if box.at_filing:
                groups.setdefault(box.group or box.id, []).append(box)
        faults, waiting = [], []
        for boxes in groups.values():
            held = [(box, _missing(box, said.get(box.id))) for box in boxes]
            if not all(missing for _, missing in held):
                continue
            names = "”或“".join(box.label for box in boxes)
            begun = [box for box in boxes if any((said.get(box.id) or {}).values())]
            if not begun and all(box.by not in {"unit", "unit_union"} for box in boxes):
                waiting.append(f"“{names}”尚待签署")
            else:
                shortest = min((missing for _, missing in held), key=len)
                faults.append(f"“{names}”缺{'、'.join(shortest)}")
        if faults:
            return failed("；".join([*faults, *waiting]), faults=faults, waiting=waiting)
        if waiting:
            return undecided("；".join(waiting), waiting=waiting)
        return passed(f"{len(groups)} 个意见栏已签署", boxes=len(groups))


def _missing(box: Opinion, said: Mapping[str, Any] | None) -> list[str]:
    held = said or {}
    missing = [] if (held.get("text") or "").strip() else ["明确意见"]
    if box.signature and not held.get("signed"):
        missing.append("负责人签名")
    if box.seal and not held.get("sealed"):
        missing.append("公章")
    return missing
