"""Values as the log writes and reads them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.persistence import (
    DatetimeAsISO,
    DecimalAsStr,
    JSONTranscoder,
    TranscodingNotRegisteredError,
    UUIDAsHex,
)
from hypothesis import given
from hypothesis import strategies as st

from adapters.log.transcoding import DateAsISO, LogTranscoder, value_transcoding


@dataclass(frozen=True, slots=True)
class Amount:
    fen: int


@dataclass(frozen=True, slots=True)
class Award:
    to: UUID
    amount: Amount
    on: date | None = None
    clauses: tuple[str, ...] = ()
    shares: tuple[Amount, ...] | None = None


def transcoder(kind: type[JSONTranscoder] = LogTranscoder) -> JSONTranscoder:
    made = kind()
    for transcoding in (
        UUIDAsHex(),
        DatetimeAsISO(),
        DecimalAsStr(),
        DateAsISO(),
        value_transcoding(Amount, "amount"),
        value_transcoding(Award, "award"),
    ):
        made.register(transcoding)
    return made


AWARD = Award(
    UUID(int=7), Amount(5_000_000), date(2026, 4, 30), ("一（一）2",), (Amount(1), Amount(2))
)


def test_a_value_is_written_under_its_name() -> None:
    assert transcoder().encode(Amount(300)) == b'{"_type_":"amount","_data_":{"fen":300}}'
    assert transcoder().encode(date(2026, 4, 30)) == b'{"_type_":"date_iso","_data_":"2026-04-30"}'


def test_values_within_values_come_back_equal() -> None:
    state = {"award": AWARD, "at": datetime(2026, 4, 30, 8, tzinfo=UTC), "rate": Decimal("0.30")}
    assert transcoder().decode(transcoder().encode(state)) == state


def test_tuples_of_a_value_come_back_as_tuples() -> None:
    copy = transcoder().decode(transcoder().encode(AWARD))
    assert (copy.clauses, copy.shares) == (("一（一）2",), (Amount(1), Amount(2)))


def test_a_field_that_an_old_event_lacks_takes_its_default() -> None:
    old = b'{"_type_":"award","_data_":{"to":{"_type_":"uuid_hex","_data_":"%s"},"amount":null}}'
    assert transcoder().decode(old % UUID(int=7).hex.encode()) == Award(UUID(int=7), None)


def test_the_bytes_are_those_of_the_librarys_transcoder() -> None:
    state = {"award": AWARD, "text": "铭牌", "list": [1, 2.5, None, True]}
    assert transcoder().encode(state) == transcoder(JSONTranscoder).encode(state)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.dates()
    | st.uuids(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["_type_", "_data_"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(value=json_values)
def test_what_is_written_comes_back_equal_or_is_refused(value: Any) -> None:
    made = transcoder()
    refused = ""
    encoded = b"null"
    try:
        encoded = made.encode(value)
    except ValueError as refusal:
        refused = str(refusal)
    if refused:
        assert "_type_" in repr(value) or "64 bits" in refused
    else:
        assert made.decode(encoded) == value


@pytest.mark.parametrize("beyond", [2**64, -(2**63) - 1, 10**30])
def test_an_integer_that_would_come_back_as_a_float_is_refused(beyond: int) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        transcoder().encode({"participants": [beyond]})


@pytest.mark.parametrize("most", [2**64 - 1, -(2**63), "9" * 40, 1e19])
def test_the_largest_integers_and_long_digits_in_text_come_back(most: object) -> None:
    encoded = transcoder().encode({"value": most})
    assert transcoder().decode(encoded) == {"value": most}


@pytest.mark.parametrize(
    "value",
    [
        {"_type_": "uuid_hex", "_data_": "x"},
        {"form": {"_type_": "nobody", "_data_": 1}},
        [{"_type_": 1}],
    ],
)
def test_a_key_that_would_be_read_as_a_type_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="reserved"):
        transcoder().encode(value)


def test_text_that_only_looks_like_the_key_is_kept() -> None:
    value = {"text": '{"_type_":"x"}', "other": "_type_", "_data_": 1}
    assert transcoder().decode(transcoder().encode(value)) == value


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_not_json_are_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        transcoder().encode({"score": number})


def test_a_type_that_nobody_registered_is_refused() -> None:
    with pytest.raises(TranscodingNotRegisteredError):
        transcoder().encode({"set": {1, 2}})


def test_threads_do_not_disturb_each_other() -> None:
    made = transcoder()

    def comes_back(state: Any) -> bool:
        return all(made.decode(made.encode(state)) == state for _ in range(500))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(comes_back, ([AWARD] * n for n in range(4))))
