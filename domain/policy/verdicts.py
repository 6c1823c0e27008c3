"""What evaluating a condition finds: pass, fail or a human's turn, in a sentence one can send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PASS, FAIL, NEEDS_HUMAN = "pass", "fail", "needs_human"


@dataclass(frozen=True)
class Finding:
    """What a kind of condition found: outcome, Chinese sentence without the clause, facts used."""

    outcome: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


def passed(sentence: str, *, evidence: tuple[str, ...] = (), **facts: Any) -> Finding:
    """The dossier shows that the condition is met."""
    return Finding(PASS, sentence, facts, evidence)


def failed(sentence: str, *, evidence: tuple[str, ...] = (), **facts: Any) -> Finding:
    """The dossier shows that it is not met, or leaves out what would show it."""
    return Finding(FAIL, sentence, facts, evidence)


def undecided(sentence: str, *, evidence: tuple[str, ...] = (), **facts: Any) -> Finding:
    """A person has to judge."""
    return Finding(NEEDS_HUMAN, sentence, facts, evidence)


@dataclass(frozen=True)
class Verdict:
    """One condition's verdict.

    `facts` and `evidence` are plain JSON values and hold no personal data. `overridden` is set
    where a condition in principle failed and the dossier carries a reason and an approver for it.
    `preferred` conditions never bar a studio, whatever their outcome.
    """

    condition: str
    kind: str
    clause: str
    text: str
    outcome: str
    force: str
    sentence: str
    facts: Mapping[str, Any]
    evidence: tuple[str, ...] = ()
    overridden: bool = False

    @property
    def bars(self) -> bool:
        """Whether this verdict alone keeps the dossier from passing."""
        return self.outcome == FAIL and self.force != "preferred"

    def judged(self, outcome: str, reason: str, by: str) -> Verdict:
        """The verdict after a person decided it; what the rule found stays in the facts."""
        facts = {
            **self.facts,
            "found": self.outcome,
            "found_sentence": self.sentence,
            "reason": reason,
            "judged_by": by,
        }
        word = {PASS: "经审核符合", FAIL: "经审核不符合"}.get(outcome, "待进一步审核")
        sentence = f"{word}：{reason}（{self.clause}）"
        return replace(self, outcome=outcome, sentence=sentence, facts=facts)

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain JSON values."""
        return {
            "condition": self.condition,
            "kind": self.kind,
            "clause": self.clause,
            "text": self.text,
            "outcome": self.outcome,
            "force": self.force,
            "overridden": self.overridden,
            "sentence": self.sentence,
            "facts": dict(self.facts),
            "evidence": list(self.evidence),
        }
