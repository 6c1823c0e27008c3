"""Personal data: sealed where it stands, and readable nowhere else."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import JSONTranscoder
from hypothesis import given
from hypothesis import strategies as st

from adapters.log.ciphers import DataKey, InvalidToken, Sm4Gcm, place_of, split_token
from adapters.log.keystore import KeyStore
from adapters.log.sealing import SealedAsToken, Sealer
from adapters.log.stores import open_store
from domain.errors import Invalid
from domain.sealed import Sealed, Sealing
from tests.adapters.log.people import ANNA, BERT, MASTER, PHONE, make


@pytest.fixture
def sealer(database_url: str) -> Sealer:
    return make(database_url)


def test_what_is_sealed_can_be_revealed(sealer: Sealer) -> None:
    port: Sealing = sealer
    sealed = port.seal(ANNA, "phone", PHONE)
    assert (sealed.subject, sealed.field) == (ANNA, "phone")
    assert port.reveal(sealed) == PHONE


def test_the_words_are_neither_in_the_token_nor_in_its_picture(sealer: Sealer) -> None:
    sealed = sealer.seal(ANNA, "phone", PHONE)
    assert PHONE not in sealed.token
    assert PHONE.encode() not in split_token(sealed.token)[1]
    assert repr(sealed) == f"Sealed(subject={ANNA!r}, field='phone')"


def test_the_same_words_are_never_sealed_alike(sealer: Sealer) -> None:
    tokens = {
        sealer.seal(person, "phone", PHONE).token for person in (ANNA, BERT) for _ in range(50)
    }
    assert len(tokens) == 100


def test_short_values_are_all_of_one_length(sealer: Sealer) -> None:
    words = ["", "汉族", "维吾尔族", "中国共产党党员", "a@example.com", "11010519491231002X"]
    assert len({len(sealer.seal(ANNA, "x", word).token) for word in words}) == 1


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.sampled_from(["aes-256-gcm", "sm4-gcm"]),
)
def test_any_text_comes_back_unchanged(words: str, cipher: str) -> None:
    key, place = DataKey(bytes(32)), place_of(ANNA, "note")
    assert key.open(key.seal(cipher, place, words), place) == words


def test_a_token_opens_only_where_it_was_sealed(sealer: Sealer) -> None:
    sealed = sealer.seal(ANNA, "phone", PHONE)
    sealer.seal(BERT, "phone", "other")
    for moved in (
        replace(sealed, subject=BERT),
        replace(sealed, field="email"),
        replace(sealed, field="phon"),
    ):
        with pytest.raises(InvalidToken):
            sealer.reveal(moved)


def test_every_changed_character_of_a_token_is_noticed(sealer: Sealer) -> None:
    sealed = sealer.seal(ANNA, "phone", PHONE)
    for position, letter in enumerate(sealed.token):
        for other in {"A", "B", "_", "s"} - {letter}:
            changed = sealed.token[:position] + other + sealed.token[position + 1 :]
            with pytest.raises(InvalidToken):
                sealer.reveal(replace(sealed, token=changed))


@pytest.mark.parametrize(
    "token", ["", "a", "a.", "a.AAAA", "x." + "A" * 200, "a." + "é" * 200, "a.A", "a" * 300]
)
def test_what_is_not_a_token_is_refused(sealer: Sealer, token: str) -> None:
    sealer.seal(ANNA, "phone", PHONE)
    with pytest.raises(InvalidToken):
        sealer.reveal(Sealed(ANNA, "phone", token))


@given(st.text(max_size=200))
def test_any_text_is_a_token_or_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        DataKey(bytes(32)).open(token, b"")


def test_text_that_is_not_unicode_is_invalid(sealer: Sealer) -> None:
    with pytest.raises(Invalid) as refusal:
        sealer.seal(ANNA, "phone", "\ud800")
    assert (refusal.value.code, refusal.value.field) == ("not_text", "phone")


def test_sm4_agrees_with_the_published_vector() -> None:
    # RFC 8998, appendix A.1: SM4-GCM.
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = b"".join(bytes([n]) * 8 for n in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert Sm4Gcm(key).encrypt(nonce, plain, associated) == sealed
    assert Sm4Gcm(key).decrypt(nonce, sealed, associated) == plain


def test_both_ciphers_stay_readable_whichever_is_configured(sqlite_url: str) -> None:
    aes, sm4 = make(sqlite_url), make(sqlite_url, cipher="sm4-gcm")
    first, second = aes.seal(ANNA, "phone", "1"), sm4.seal(ANNA, "phone", "2")
    assert (first.token[:2], second.token[:2]) == ("a.", "s.")
    assert [sm4.reveal(first), aes.reveal(second)] == ["1", "2"]
    with pytest.raises(InvalidToken):
        aes.reveal(replace(second, token="a." + second.token[2:]))
    with pytest.raises(ValueError, match="cipher"):
        make(sqlite_url, cipher="rot13")


def test_many_keys_are_fetched_with_few_queries(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [uuid4() for _ in range(1200)]
    writer = make(database_url)
    writer.create_all(people)
    tokens = [writer.seal(person, "phone", PHONE) for person in people]
    reader = make(database_url, fresh=60.0)
    calls = []
    original = KeyStore.read

    def counted(self: KeyStore, subjects: list[UUID]) -> dict[UUID, bytes | None]:
        calls.append(len(subjects))
        return original(self, subjects)

    monkeypatch.setattr(KeyStore, "read", counted)
    reader.prefetch(people)
    assert {reader.reveal(sealed) for sealed in tokens} == {PHONE}
    assert calls == [1200]


def test_the_cache_stays_within_its_bounds(sqlite_url: str) -> None:
    sealer = Sealer(KeyStore(open_store(sqlite_url), lambda: [MASTER]), cached=10)
    tokens = [sealer.seal(uuid4(), "phone", str(n)) for n in range(25)]
    assert [sealer.reveal(sealed) for sealed in tokens] == [str(n) for n in range(25)]
    assert len(sealer._keys) == 10


def test_the_cache_keeps_who_was_asked_for_last(sqlite_url: str) -> None:
    sealer = Sealer(KeyStore(open_store(sqlite_url), lambda: [MASTER]), cached=2)
    first = sealer.seal(ANNA, "phone", PHONE)
    sealer.seal(BERT, "phone", PHONE)
    sealer.reveal(first)
    sealer.seal(UUID(int=3), "phone", PHONE)
    assert list(sealer._keys) == [ANNA, UUID(int=3)]


def test_events_store_the_token_and_reading_them_decrypts_nothing(sqlite_url: str) -> None:
    sealed = make(sqlite_url).seal(ANNA, "phone", PHONE)
    transcoder = JSONTranscoder()
    transcoder.register(SealedAsToken())
    stored = transcoder.encode({"contact": sealed})
    assert PHONE.encode() not in stored
    assert transcoder.decode(stored) == {"contact": sealed}
    assert SealedAsToken().encode(sealed) == {"s": ANNA.hex, "f": "phone", "c": sealed.token}
