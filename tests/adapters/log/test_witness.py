"""The witness: it cosigns growth, never a fork, and saves before it says so."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from adapters.log.checkpoints import Checkpoint
from adapters.log.cosignatures import cosigned_seconds
from adapters.log.notes import Note, Signature, UnverifiedNote, sign
from adapters.log.proofs import verify_proof_file
from adapters.log.stores import open_store
from adapters.log.witness import Request, Witness
from tests.adapters.log.small_log import ORIGIN, SmallLog, cosigner
from tests.adapters.log.witnessing import NAME, NOW, ask, conflict, cosigned, make


@pytest.fixture
def witness(database_url: str) -> Witness:
    return make(database_url)


def test_a_log_is_cosigned_as_it_grows(witness: Witness) -> None:
    log = SmallLog.of_size(40)
    assert cosigned(ask(witness, log, 0, 5), log, 5)
    assert cosigned(ask(witness, log, 5, 5), log, 5)
    assert cosigned(ask(witness, log, 5, 6), log, 6)
    assert cosigned(ask(witness, log, 6, 40), log, 40)


def test_the_cosignature_completes_a_proof_that_anyone_can_check(witness: Witness) -> None:
    log = SmallLog.of_size(9)
    ask(witness, log)
    file = log.proof_file(4, note=witness.latest(ORIGIN)).encode()
    shown = verify_proof_file(file, str(log.signer.vkey), [witness.vkey], quorum=1)
    assert shown.witnesses == ((cosigner(NAME).vkey, NOW),)


def test_an_empty_log_is_cosigned_and_may_begin_later(witness: Witness) -> None:
    log = SmallLog.of_size(3)
    assert cosigned(ask(witness, log, 0, 0), log, 0)
    assert cosigned(ask(witness, log, 0, 0), log, 0)
    assert cosigned(ask(witness, log, 0, 3), log, 3)


def test_an_empty_log_with_a_wrong_root_conflicts(witness: Witness) -> None:
    note = sign(Checkpoint(ORIGIN, 0, bytes(32)).body(), SmallLog().signer).encode()
    assert witness.add_checkpoint(Request(0, (), note).encode()) == conflict(0)
    assert witness.latest(ORIGIN) is None


@pytest.mark.parametrize("claimed", [0, 3, 6, 7])
def test_another_old_size_gets_the_one_that_was_cosigned(witness: Witness, claimed: int) -> None:
    log = SmallLog.of_size(9)
    ask(witness, log, 0, 5)
    assert ask(witness, log, claimed) == conflict(5)


def test_an_older_checkpoint_conflicts_so_that_nothing_rolls_back(witness: Witness) -> None:
    log = SmallLog.of_size(9)
    ask(witness, log, 0, 9)
    assert ask(witness, log, 5, 7) == conflict(9)
    assert ask(witness, log, 0, 7) == conflict(9)


def test_a_fork_of_the_same_size_conflicts_and_both_notes_are_kept(witness: Witness) -> None:
    log, fork = SmallLog.of_size(5), SmallLog.of_size(5, "fork")
    ask(witness, log)
    assert ask(witness, fork, 5) == conflict(5)
    assert ask(witness, fork, 5) == conflict(5)
    [(kept, refused)] = witness.forks(ORIGIN)
    assert Note.parse(kept).text == log.checkpoint().body()
    assert refused == fork.note()


def test_so_much_evidence_is_kept_and_no_more(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.log.witness.MAX_FORKS", 2)
    ask(witness, SmallLog.of_size(5))
    for number in range(4):
        assert ask(witness, SmallLog.of_size(5, f"fork {number}"), 5) == conflict(5)
    assert len(witness.forks(ORIGIN)) == 2


def test_a_longer_fork_has_no_valid_proof(witness: Witness) -> None:
    log, fork = SmallLog.of_size(5), SmallLog.of_size(8, "fork")
    ask(witness, log)
    assert ask(witness, fork, 5).status == 422
    assert Note.parse(witness.latest(ORIGIN) or b"").text == log.checkpoint().body()


def test_prepended_history_has_no_valid_proof(witness: Witness) -> None:
    log = SmallLog.of_size(4)
    ask(witness, log)
    longer = SmallLog([b"before", *log.entries])
    assert ask(witness, longer, 4).status == 422


def test_a_split_view_shown_to_two_witnesses_never_gets_both(tmp_path: Path) -> None:
    base = SmallLog.of_size(6)
    ours, theirs = SmallLog([*base.entries, b"ours"]), SmallLog([*base.entries, b"theirs"])
    first = make(f"sqlite:///{tmp_path / '1'}", "w1")
    second = make(f"sqlite:///{tmp_path / '2'}", "w2")
    assert ask(first, ours).status == ask(second, theirs).status == 200
    assert ask(second, ours, 7) == ask(first, theirs, 7) == conflict(7)
    files = [
        log.proof_file(6, note=witness.latest(ORIGIN)).encode()
        for log, witness in ((ours, first), (theirs, second))
    ]
    for file in files:
        assert (
            len(
                verify_proof_file(
                    file, str(base.signer.vkey), [first.vkey, second.vkey], 1
                ).witnesses
            )
            == 1
        )
        with pytest.raises(UnverifiedNote):
            verify_proof_file(file, str(base.signer.vkey), [first.vkey, second.vkey], 2)


def test_a_proof_where_none_is_due_is_refused(witness: Witness) -> None:
    log = SmallLog.of_size(5)
    assert witness.add_checkpoint(Request(0, (bytes(32),), log.note()).encode()).status == 422
    ask(witness, log)
    assert witness.add_checkpoint(Request(5, (bytes(32),), log.note()).encode()).status == 422


@pytest.mark.parametrize("change", ["drop", "extra", "swap", "zero"])
def test_a_wrong_proof_is_refused(witness: Witness, change: str) -> None:
    log = SmallLog.of_size(13)
    ask(witness, log, 0, 6)
    proof = log.prove(6, 13)
    wrong = {
        "drop": proof[:-1],
        "extra": [*proof, bytes(32)],
        "swap": proof[::-1],
        "zero": [bytes(32), *proof[1:]],
    }[change]
    assert witness.add_checkpoint(Request(6, tuple(wrong), log.note()).encode()).status == 422
    assert cosigned(ask(witness, log, 6), log)


def test_an_unknown_log_is_not_found(witness: Witness) -> None:
    note = sign(Checkpoint("other.example", 1, bytes(32)).body(), SmallLog().signer).encode()
    assert witness.add_checkpoint(Request(0, (), note).encode()).status == 404


def test_a_checkpoint_without_a_trusted_signature_is_forbidden(witness: Witness) -> None:
    log = SmallLog.of_size(3)
    stranger = SmallLog(log.entries, seed="stranger")
    assert ask(witness, stranger).status == 403
    false = Note(log.checkpoint().body(), (Signature(ORIGIN, log.signer.vkey.key_id, bytes(64)),))
    assert witness.add_checkpoint(Request(0, (), false.encode()).encode()).status == 403


def test_unknown_signatures_are_ignored_and_not_kept(witness: Witness) -> None:
    log = SmallLog.of_size(3)
    junk = [Signature(f"junk{n}", b"abcd", bytes(64)) for n in range(99)]
    note = Note.parse(log.note()).signed(*junk).encode()
    assert witness.add_checkpoint(Request(0, (), note).encode()).status == 200
    assert len(Note.parse(witness.latest(ORIGIN) or b"").signatures) == 2
    assert cosigned(ask(witness, log, 3), log)


def test_after_a_change_of_key_either_signature_is_trusted(database_url: str) -> None:
    old, new = SmallLog.of_size(3), SmallLog(SmallLog.of_size(5).entries, seed="new")
    keys = {ORIGIN: [old.signer.vkey, new.signer.vkey]}
    witness = Witness(open_store(database_url), cosigner(NAME), keys)
    assert ask(witness, old).status == 200
    assert ask(witness, new, 3).status == 200


def test_an_old_size_above_the_checkpoints_is_a_bad_request(witness: Witness) -> None:
    log = SmallLog.of_size(5)
    assert witness.add_checkpoint(Request(6, (), log.note()).encode()).status == 400


def test_of_two_forks_submitted_at_once_only_one_is_cosigned(database_url: str) -> None:
    base = SmallLog.of_size(6)
    ask(make(database_url), base)
    gate, answers = threading.Barrier(8), []

    def submit(number: int) -> None:
        mine = make(database_url)
        fork = SmallLog([*base.entries, *[f"fork {number}".encode()] * (1 + number % 3)])
        gate.wait()
        answers.append(ask(mine, fork, 6).status)

    threads = [threading.Thread(target=submit, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 7


def test_what_was_cosigned_is_on_disk_before_it_is_answered(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'witness.sqlite'}"
    script = f"""
import os
from tests.adapters.log.small_log import SmallLog
from tests.adapters.log.witnessing import ask, make
print(ask(make({url!r}), SmallLog.of_size(9)).status, flush=True)
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
    assert (died.returncode, died.stdout) == (9, b"200\n"), died.stderr
    assert ask(make(url), SmallLog.of_size(9, "fork"), 9) == conflict(9)


def test_when_saving_fails_nothing_is_handed_out(database_url: str) -> None:
    engine = open_store(database_url)
    witness = Witness(engine, cosigner(NAME), {ORIGIN: [SmallLog().signer.vkey]})

    def fail(_connection: Connection) -> None:
        raise OSError(5, "the disk is gone")

    event.listen(engine, "commit", fail)
    with pytest.raises(OSError, match="disk"):
        ask(witness, SmallLog.of_size(5))
    event.remove(engine, "commit", fail)
    assert witness.latest(ORIGIN) is None
    assert ask(witness, SmallLog.of_size(5, "fork")).status == 200


def test_the_stated_time_never_goes_back(tmp_path: Path) -> None:
    times = iter([NOW, NOW - timedelta(hours=1), NOW + timedelta(hours=1)])
    keys = {ORIGIN: [SmallLog().signer.vkey]}
    engine = open_store(f"sqlite:///{tmp_path / 'w'}")
    witness = Witness(engine, cosigner(NAME), keys, clock=lambda: next(times))
    stated = []
    for old, size in ((0, 2), (2, 3), (3, 4)):
        line = ask(witness, SmallLog.of_size(4), old, size).body.decode()
        stated.append(cosigned_seconds(Signature.parse(line[:-1])) - int(NOW.timestamp()))
    assert stated == [0, 0, 3600]
