"""Requests to a witness: read strictly, or refused as malformed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.log import merkle
from adapters.log.checkpoints import Checkpoint
from adapters.log.notes import MalformedNote, Note, encode_base64
from adapters.log.witness import MAX_REQUEST_BYTES, Request
from tests.adapters.log.small_log import ORIGIN, SmallLog
from tests.adapters.log.witnessing import make

HASH = encode_base64(bytes(32))
NOTE = SmallLog.of_size(5).note().decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n\n",
        NOTE,
        f"old\n\n{NOTE}",
        f"old \n\n{NOTE}",
        f"old 00\n\n{NOTE}",
        f"old -1\n\n{NOTE}",
        f"old 1 \n\n{NOTE}",
        f"old  1\n\n{NOTE}",
        f"old {2**63}\n\n{NOTE}",
        f"Old 0\n\n{NOTE}",
        f"\nold 0\n\n{NOTE}",
        f"old 0\n{NOTE}",
        f"old 0\r\n\r\n{NOTE}",
        f"old 0\nAAAA\n\n{NOTE}",
        f"old 0\n{HASH} \n\n{NOTE}",
        f"old 0\n{(HASH + chr(10)) * 64}\n{NOTE}",
        f"old 0\n\n{NOTE}\n",
        f"old 0\n\n{NOTE[:-1]}",
        "old 0\n\n",
        f"old 0\n\n{ORIGIN}\n5\n\n— a AAAAAAA=\n",
        f"old 0é\n\n{NOTE}",
        f"old 0\n\n{NOTE}" + "a" * MAX_REQUEST_BYTES,
    ],
)
def test_a_malformed_request_is_a_bad_request(tmp_path: Path, body: str) -> None:
    assert make(f"sqlite:///{tmp_path / 'w'}").add_checkpoint(body.encode()).status == 400


def test_a_request_of_the_largest_size_is_read_and_no_larger_one() -> None:
    largest = b"old 0\n\n" + b"x" * (MAX_REQUEST_BYTES - 7)
    assert Request.parse(largest).encode() == largest
    with pytest.raises(MalformedNote):
        Request.parse(largest + b"x")


PIECES = st.sampled_from(
    ["old ", "old 0\n", "\n", "\n\n", HASH, "0", "5", NOTE, NOTE.replace("5", "6"), "é", "\0"]
)


@given(st.lists(PIECES, max_size=10))
def test_anything_made_of_the_pieces_of_requests_reads_back_or_is_refused(
    pieces: list[str],
) -> None:
    data = "".join(pieces).encode()
    try:
        request = Request.parse(data)
    except MalformedNote:
        return
    assert request.encode() == data


def test_the_published_request_reads_and_writes_back() -> None:
    published = (
        "old 20852014\n"
        "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
        "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
        "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
        "\n"
        "example.com/behind-the-sofa\n"
        "20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        "\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
    ).encode()
    request = Request.parse(published)
    assert (request.old_size, len(request.proof)) == (20852014, 4)
    assert request.encode() == published
    assert Checkpoint.parse(Note.parse(request.note).text).size == 20852163
    assert len(request.proof[0]) == merkle.HASH_SIZE
