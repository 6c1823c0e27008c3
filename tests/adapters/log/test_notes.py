"""Signed notes: the published examples verify byte for byte, and nothing malformed gets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.log.keys import decode_private
from adapters.log.notes import (
    ED25519,
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    BadSignature,
    InvalidNote,
    MalformedKey,
    MalformedNote,
    Note,
    Signature,
    Signer,
    UnverifiedNote,
    VerifierKey,
    encode_vkey,
    sign,
)
from tests.adapters.log.small_log import private

# Published with Go's golang.org/x/mod/sumdb/note.
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCH_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCH_LINE = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
# Published with C2SP signed-note.
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SPEC_POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
BOTH = (GO_TEXT + "\n" + PETER_LINE + ENOCH_LINE).encode()
PETER = VerifierKey.parse(PETER_KEY)
ENOCH = VerifierKey.parse(ENOCH_KEY)
HERE = Signer("here.example/log", private("here"))


def test_the_published_notes_verify() -> None:
    assert [s.name for s in Note.parse(BOTH).verify([PETER, ENOCH])] == [
        "PeterNeumann",
        "EnochRoot",
    ]
    spec = Note.parse(SPEC_NOTE.encode())
    assert [s.name for s in spec.verify([VerifierKey.parse(SPEC_KEY)])] == ["example.com/foo"]
    assert spec.text == "This is an example message.\n"


def test_the_published_private_key_signs_the_published_note_byte_for_byte() -> None:
    peter = Signer(*decode_private(PETER_PRIVATE, ED25519))
    assert sign(GO_TEXT, peter).encode() == (GO_TEXT + "\n" + PETER_LINE).encode()
    assert str(peter.vkey) == PETER_KEY


def test_a_text_with_an_empty_line_ends_at_the_last_one() -> None:
    assert Note.parse(SPEC_POEM.encode()).text.count("\n") == 4


@pytest.mark.parametrize("line", [PETER_KEY, ENOCH_KEY, SPEC_KEY])
def test_a_key_line_is_written_as_it_was_read(line: str) -> None:
    assert str(VerifierKey.parse(line)) == str(VerifierKey.parse(line + "\n")) == line


def test_no_part_can_be_cut_out_of_a_key_line() -> None:
    for start in range(len(PETER_KEY)):
        for end in range(start + 1, len(PETER_KEY) + 1):
            with pytest.raises(MalformedKey):
                VerifierKey.parse(PETER_KEY[:start] + PETER_KEY[end:])


@pytest.mark.parametrize(
    "line",
    [
        PETER_KEY.replace("c74f20a3", "c74f20a4"),
        PETER_KEY.replace("c74f20a3", "C74F20A3"),
        PETER_KEY.replace("PeterNeumann", "Peter Neumann"),
        PETER_KEY.replace("PeterNeumann", "Peter\u3000Neumann"),
        PETER_KEY.replace("PeterNeumann", ""),
        PETER_KEY + "=",
        PETER_KEY[:-1] + "X",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "",
        "++",
    ],
)
def test_a_wrong_key_line_is_refused(line: str) -> None:
    with pytest.raises(MalformedKey):
        VerifierKey.parse(line)


@pytest.mark.parametrize(
    ("name", "material"),
    [("Peter Neumann", 32), ("", 32), ("a\u2003b", 32), ("a", 31), ("a", 33), ("a", 0)],
)
def test_a_wrong_key_line_is_refused_though_its_id_is_right(name: str, material: int) -> None:
    with pytest.raises(MalformedKey):
        VerifierKey.parse(encode_vkey(name, ED25519, bytes(material)))


def test_a_note_of_the_largest_size_is_read_and_no_larger_one() -> None:
    room = MAX_NOTE_BYTES - len(f"\n\n{SIGNATURE}".encode())
    assert Note.parse(b"a" * room + f"\n\n{SIGNATURE}".encode()).text == "a" * room + "\n"
    with pytest.raises(MalformedNote):
        Note.parse(b"a" * (room + 1) + f"\n\n{SIGNATURE}".encode())


def test_signatures_of_unknown_keys_are_ignored() -> None:
    assert [s.name for s in Note.parse(BOTH).verify([ENOCH])] == ["EnochRoot"]


def test_a_key_that_shares_only_the_name_or_only_the_id_is_unknown() -> None:
    other = VerifierKey("PeterNeumann", ENOCH.public)
    with pytest.raises(UnverifiedNote):
        Note.parse(BOTH).verify([other])
    wrong_name = Note.parse(BOTH.replace(b"PeterNeumann x08go", b"JeterPeumann x08go"))
    with pytest.raises(UnverifiedNote):
        wrong_name.verify([PETER])


def test_without_a_known_signature_the_note_is_not_believed() -> None:
    for known in ([], [HERE.vkey]):
        with pytest.raises(UnverifiedNote):
            Note.parse(BOTH).verify(known)


def test_one_false_signature_of_a_known_key_condemns_the_note() -> None:
    forged = BOTH.replace(b"cryptography", b"cryptographY")
    with pytest.raises(BadSignature):
        Note.parse(forged).verify([PETER])
    note = Note.parse(BOTH)
    spoiled = Signature("EnochRoot", ENOCH.key_id, bytes(64))
    with pytest.raises(BadSignature):
        Note(note.text, (note.signatures[0], spoiled)).verify([PETER, ENOCH])
    with pytest.raises(BadSignature):
        Note(note.text, (*note.signatures, spoiled)).verify([PETER, ENOCH])


def test_two_known_keys_that_cannot_be_told_apart_are_refused() -> None:
    class Twin:
        name = PETER.name
        key_id = PETER.key_id

        def verify(self, text: str, signature: bytes) -> bool:
            return True

    with pytest.raises(MalformedKey):
        Note.parse(BOTH).verify([PETER, Twin()])


def test_every_flipped_bit_is_noticed() -> None:
    good = sign("三千里外\n", HERE).encode()
    for position in range(len(good) * 8):
        bad = bytearray(good)
        bad[position // 8] ^= 1 << position % 8
        with pytest.raises(InvalidNote):
            Note.parse(bytes(bad)).verify([HERE.vkey])


SIGNATURE = HERE.sign("text\n").line()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        f"text\n{SIGNATURE}".encode(),
        f"text\n\n{SIGNATURE}".encode()[:-1],
        f"text\n\n{SIGNATURE}\n".encode(),
        f"text\n\n{SIGNATURE}more\n".encode(),
        f"te\x00xt\n\n{SIGNATURE}".encode(),
        f"te\txt\n\n{SIGNATURE}".encode(),
        f"text\r\n\r\n{SIGNATURE}".encode(),
        f"te\x1fxt\n\n{SIGNATURE}".encode(),
        b"te\xffxt\n\n" + SIGNATURE.encode(),
        b"te\xed\xa0\x80xt\n\n" + SIGNATURE.encode(),
        f"text\n\n{SIGNATURE}".encode("utf-16"),
        f"text\n\n{SIGNATURE}".replace("—", "-").encode(),
        f"text\n\n{SIGNATURE}".replace("— ", "—").encode(),
        f"text\n\n{SIGNATURE}".replace("— ", "—  ").encode(),
        f"text\n\n{SIGNATURE}".replace("example/", "example /").encode(),
        f"text\n\n{SIGNATURE}".replace("example/", "example\u00a0/").encode(),
        f"text\n\n{SIGNATURE}".replace("example/", "example+/").encode(),
        f"text\n\n{SIGNATURE}".replace("here.example/log ", " ").encode(),
        f"text\n\n{SIGNATURE}".replace("=\n", "\n").encode(),
        f"text\n\n{SIGNATURE}".replace("=\n", "==\n").encode(),
        f"text\n\n{SIGNATURE}".replace("=\n", " =\n").encode(),
        "text\n\n— here.example/log \n".encode(),
        "text\n\n— here.example/log\n".encode(),
        "text\n\n— here.example/log AAAAAA==\n".encode(),
        "text\n\n— here.example/log AAAA_-==\n".encode(),
        b"a" * MAX_NOTE_BYTES + f"\n\n{SIGNATURE}".encode(),
        f"text\n\n{SIGNATURE * (MAX_SIGNATURES + 1)}".encode(),
    ],
)
def test_what_is_not_a_note_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedNote):
        Note.parse(data)


def test_base64_that_is_not_canonical_is_refused() -> None:
    assert Note.parse(b"text\n\n" + "— a AAAAAAA=\n".encode()).signatures[0].blob == b"\0"
    with pytest.raises(MalformedNote):
        Note.parse(b"text\n\n" + "— a AAAAAAB=\n".encode())


def test_sixteen_large_signatures_are_accepted() -> None:
    others = [Signature(f"w{n}", b"abcd", bytes(5_000)) for n in range(16)]
    note = sign("text\n", HERE).signed(*others)
    assert Note.parse(note.encode()).verify([HERE.vkey]) == (HERE.sign("text\n"),)


def test_a_newer_signature_takes_the_place_of_the_same_keys_older_one() -> None:
    first, second = Signature("w", b"abcd", b"1"), Signature("w", b"abcd", b"2")
    note = sign("text\n", HERE).signed(first).signed(second).signed(second)
    assert note.signatures == (HERE.sign("text\n"), second)


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "null\0\n", "half \ud800\n"])
def test_only_a_text_that_a_note_can_carry_is_signed(text: str) -> None:
    with pytest.raises(MalformedNote):
        HERE.sign(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "a\0b", "a\ud800b"])
def test_a_key_cannot_have_a_name_that_would_break_its_line(name: str) -> None:
    with pytest.raises(MalformedKey):
        Signer(name, private("x")).sign("text\n")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        note = Note.parse(data)
    except MalformedNote:
        return
    assert note.encode() == data


PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "— ",
        "—",
        " ",
        "+",
        "=",
        "AAAAAAA=",
        "text",
        SIGNATURE,
        "\r",
        "\0",
        "\u2028",
        "é",
        "\ufffd",
    ]
)


@given(st.lists(PIECES, max_size=12))
def test_anything_made_of_the_pieces_of_notes_is_a_note_or_refused(pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    try:
        note = Note.parse(data)
    except MalformedNote:
        return
    assert note.encode() == data


@given(st.text(max_size=60))
def test_any_line_is_a_key_or_refused(line: str) -> None:
    with pytest.raises(MalformedKey):
        VerifierKey.parse(line)


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=80))
def test_what_is_signed_reads_back(text: str) -> None:
    note = Note.parse(sign(text + "\n", HERE).encode())
    assert note.text == text + "\n"
    assert note.verify([HERE.vkey]) == note.signatures
