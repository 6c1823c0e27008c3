"""Checkpoints: strict reading, and a log that never signs two that contradict each other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.log import merkle
from adapters.log.checkpoints import (
    Checkpoint,
    Contradiction,
    SignedCheckpoints,
    check_extends,
    open_checkpoint,
    parse_decimal,
)
from adapters.log.notes import MalformedNote, Note, Signer, UnverifiedNote, sign
from adapters.log.stores import open_store
from tests.adapters.log.small_log import ORIGIN, SmallLog, cosigner, private

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
SPEC = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"


def sign_log(store: SignedCheckpoints, log: SmallLog) -> bytes:
    tree = log.checkpoint()
    return store.sign(tree.size, tree.root, log.prove)


@pytest.fixture
def store(database_url: str) -> SignedCheckpoints:
    return SignedCheckpoints(open_store(database_url), SmallLog().signer)


def test_the_published_example_reads_and_writes_back() -> None:
    checkpoint = Checkpoint.parse(SPEC)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.body() == SPEC


def test_extension_lines_are_kept() -> None:
    checkpoint = Checkpoint.parse(SPEC + "one\ntwo 2\n")
    assert checkpoint.extensions == ("one", "two 2")
    assert checkpoint.body() == SPEC + "one\ntwo 2\n"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        "a\n1\n",
        f"a\n1\n{ROOT}",
        f"a\n1\n{ROOT}\nextension",
        f"\n1\n{ROOT}\n",
        f"a\n\n{ROOT}\n",
        f"a\n1\n{ROOT}\n\n",
        f"a\n1\n{ROOT}\n\nx\n",
        f"a\n01\n{ROOT}\n",
        f"a\n00\n{ROOT}\n",
        f"a\n+1\n{ROOT}\n",
        f"a\n-1\n{ROOT}\n",
        f"a\n 1\n{ROOT}\n",
        f"a\n1 \n{ROOT}\n",
        f"a\n1_0\n{ROOT}\n",
        f"a\n１\n{ROOT}\n",
        f"a\n0x1\n{ROOT}\n",
        f"a\n{2**63}\n{ROOT}\n",
        f"a\n{'9' * 5000}\n{ROOT}\n",
        f"a\n1\n{ROOT[:-1]}\n",
        f"a\n1\n{ROOT} \n",
        "a\n1\nAAAA\n",
        "a\n1\n" + "A" * 44 + "\n",
        f"a\n1\n{ROOT.replace('=', '==')}\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(MalformedNote):
        Checkpoint.parse(body)


@pytest.mark.parametrize("text", ["0", "7", "10", str(2**63 - 1)])
def test_plain_decimals_are_read(text: str) -> None:
    assert parse_decimal(text) == int(text)


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("two\nlines", 1, bytes(32)),
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", 2**63, bytes(32)),
        Checkpoint("a", 1, bytes(31)),
        Checkpoint("a", 1, bytes(32), ("",)),
        Checkpoint("a", 1, bytes(32), ("x\ny",)),
        Checkpoint("a\tb", 1, bytes(32)),
    ],
)
def test_what_could_not_be_read_back_is_not_written(checkpoint: Checkpoint) -> None:
    with pytest.raises(MalformedNote):
        checkpoint.body()


def test_the_origin_is_pinned_to_the_key() -> None:
    log = SmallLog.of_size(3)
    other = sign(Checkpoint("other.example/log", 3, bytes(32)).body(), log.signer).encode()
    assert open_checkpoint(log.note(), log.signer.vkey)[0] == log.checkpoint()
    with pytest.raises(MalformedNote):
        open_checkpoint(other, log.signer.vkey)
    assert open_checkpoint(other, log.signer.vkey, origin="other.example/log")[0].size == 3


def test_a_checkpoint_of_another_key_is_not_believed() -> None:
    with pytest.raises(UnverifiedNote):
        open_checkpoint(SmallLog.of_size(3).note(), SmallLog(seed="stranger").signer.vkey)


@given(st.integers(0, 40), st.integers(0, 40))
def test_every_later_tree_of_one_history_extends_every_earlier_one(old: int, more: int) -> None:
    log = SmallLog.of_size(old + more)
    proof = log.prove(old, old + more) if old else []
    check_extends(log.checkpoint(old), log.checkpoint(), proof)


def test_a_shorter_another_and_a_forked_tree_do_not_extend() -> None:
    log, fork = SmallLog.of_size(7), SmallLog.of_size(9, "fork")
    with pytest.raises(Contradiction):
        check_extends(log.checkpoint(7), log.checkpoint(6), [])
    with pytest.raises(Contradiction):
        check_extends(log.checkpoint(7), fork.checkpoint(7), [])
    with pytest.raises(merkle.InvalidProof):
        check_extends(log.checkpoint(7), fork.checkpoint(9), fork.prove(7, 9))
    with pytest.raises(Contradiction):
        check_extends(log.checkpoint(7), Checkpoint("other", 7, log.checkpoint(7).root), [])


def test_from_the_empty_tree_there_is_nothing_to_prove() -> None:
    log = SmallLog.of_size(3)
    check_extends(log.checkpoint(0), log.checkpoint(), [])
    with pytest.raises(merkle.InvalidProof):
        check_extends(log.checkpoint(0), log.checkpoint(), [bytes(32)])
    with pytest.raises(Contradiction):
        check_extends(Checkpoint(ORIGIN, 0, bytes(32)), log.checkpoint(), [])


def test_the_log_signs_as_it_grows_and_remembers_all(store: SignedCheckpoints) -> None:
    notes = [sign_log(store, SmallLog.of_size(size)) for size in (0, 1, 5, 300)]
    assert store.all() == notes
    assert store.last() == notes[-1]
    opened, _ = open_checkpoint(notes[-1], SmallLog().signer.vkey)
    assert opened == SmallLog.of_size(300).checkpoint()


def test_the_same_tree_again_is_the_same_note(store: SignedCheckpoints) -> None:
    log = SmallLog.of_size(4)
    assert sign_log(store, log) == sign_log(store, log)
    assert len(store.all()) == 1


def test_the_log_does_not_sign_after_its_tail_was_cut_off(store: SignedCheckpoints) -> None:
    sign_log(store, SmallLog.of_size(8))
    with pytest.raises(Contradiction):
        sign_log(store, SmallLog.of_size(7))
    assert len(store.all()) == 1


def test_the_log_does_not_sign_a_rewritten_history(store: SignedCheckpoints) -> None:
    log = SmallLog.of_size(8)
    sign_log(store, log)
    edited = SmallLog([b"edited", *log.entries[1:]])
    with pytest.raises(Contradiction):
        sign_log(store, edited)
    regrown = SmallLog([*log.entries[:6], b"other 6", b"other 7", b"other 8"])
    with pytest.raises(merkle.InvalidProof):
        sign_log(store, regrown)
    assert len(store.all()) == 1


def test_an_empty_log_has_one_root_only(store: SignedCheckpoints) -> None:
    with pytest.raises(Contradiction):
        store.sign(0, bytes(32), SmallLog().prove)


def test_after_a_change_of_key_the_same_tree_is_signed_anew(database_url: str) -> None:
    engine, log = open_store(database_url), SmallLog.of_size(3)
    old = sign_log(SignedCheckpoints(engine, log.signer), log)
    successor = SignedCheckpoints(engine, Signer(ORIGIN, private("successor")))
    new = sign_log(successor, log)
    assert new != old
    assert sign_log(successor, log) == new
    with pytest.raises(Contradiction):
        sign_log(successor, SmallLog.of_size(3, "fork"))


def test_cosignatures_stay_with_their_checkpoint(store: SignedCheckpoints) -> None:
    log = SmallLog.of_size(3)
    first = sign_log(store, log)
    line = cosigner("w").cosign(log.checkpoint(), datetime(2026, 1, 1, tzinfo=UTC))
    sign_log(store, SmallLog.of_size(5))
    assert Note.parse(store.attach(first, line)).signatures[1:] == (line,)
    assert [len(Note.parse(note).signatures) for note in store.all()] == [2, 1]
    with pytest.raises(Contradiction):
        store.attach(SmallLog.of_size(4).note(), line)


def test_an_idle_log_cosigned_a_thousand_times_stays_readable(store: SignedCheckpoints) -> None:
    log = SmallLog.of_size(3)
    note = sign_log(store, log)
    for second in range(120):
        at = datetime.fromtimestamp(1_800_000_000 + second, UTC)
        store.attach(note, cosigner("w").cosign(log.checkpoint(), at))
    assert len(Note.parse(sign_log(store, log)).signatures) == 2


def test_of_two_forks_signed_at_once_only_one_is_signed(database_url: str) -> None:
    engine, base = open_store(database_url), SmallLog.of_size(6)
    sign_log(SignedCheckpoints(engine, base.signer), base)
    gate, outcomes = threading.Barrier(8), []

    def attempt(number: int) -> None:
        fork = SmallLog([*base.entries, f"fork {number}".encode()])
        mine = SignedCheckpoints(engine, base.signer)
        gate.wait()
        try:
            outcomes.append(sign_log(mine, fork))
        except Contradiction:
            outcomes.append(None)

    threads = [threading.Thread(target=attempt, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(note is None for note in outcomes) == [False] + [True] * 7


def test_what_was_signed_is_on_disk_before_it_is_handed_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'signed.sqlite'}"
    script = f"""
import os
from adapters.log.checkpoints import SignedCheckpoints
from adapters.log.stores import open_store
from tests.adapters.log.small_log import SmallLog
log = SmallLog.of_size(9)
store = SignedCheckpoints(open_store({url!r}), log.signer)
print(store.sign(9, log.checkpoint().root, log.prove).decode(), end="", flush=True)
os._exit(9)
"""
    root = Path(__file__).parents[3]
    died = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert died.returncode == 9, died.stderr
    assert SignedCheckpoints(open_store(url), SmallLog().signer).last() == died.stdout


def test_the_proof_is_asked_for_only_when_there_is_something_to_prove(
    store: SignedCheckpoints,
) -> None:
    asked: list[tuple[int, int]] = []
    log = SmallLog.of_size(4)

    def prove(old: int, new: int) -> Sequence[bytes]:
        asked.append((old, new))
        return log.prove(old, new)

    for size in (0, 3, 3, 4):
        store.sign(size, log.checkpoint(size).root, prove)
    assert asked == [(3, 4)]
