"""The bytes that the tree hashes."""

from hashlib import sha256
from uuid import UUID

import pytest
from eventsourcing.persistence import DataError, StoredEvent
from hypothesis import given
from hypothesis import strategies as st

from adapters.log import leaf

NAMED = StoredEvent(
    UUID("0123456789abcdef0123456789abcdef"), 7, "studio.named", '{"name":"铭"}'.encode()
)
stored_events = st.builds(
    StoredEvent,
    originator_id=st.uuids(),
    originator_version=st.integers(-(2**63), 2**63 - 1),
    topic=st.text(),
    state=st.binary(),
)


def test_a_leaf_is_spelt_out_byte_by_byte() -> None:
    assert leaf.encode(NAMED) == (
        b"mingpai-event-1\n"
        b"\x00\x00\x00\x10\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef"
        b"\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x07"
        b"\x00\x00\x00\x0cstudio.named"
        b'\x00\x00\x00\x0e{"name":"\xe9\x93\xad"}'
    )


def test_an_independent_verifier_needs_these_lines() -> None:
    data = b"mingpai-event-1\n"
    for field in (
        NAMED.originator_id.bytes,
        NAMED.originator_version.to_bytes(8, "big", signed=True),
        NAMED.topic.encode(),
        NAMED.state,
    ):
        data += len(field).to_bytes(4, "big") + field
    assert leaf.hash_of(NAMED) == sha256(b"\x00" + data).digest()


@given(event=stored_events)
def test_a_leaf_reads_back_as_the_event(event: StoredEvent) -> None:
    assert leaf.decode(leaf.encode(event)) == event
    assert leaf.hash_of(event) == sha256(b"\x00" + leaf.encode(event)).digest()


@given(one=stored_events, other=stored_events)
def test_different_events_have_different_leaves(one: StoredEvent, other: StoredEvent) -> None:
    assert (leaf.encode(one) == leaf.encode(other)) == (one == other)


def test_a_leaf_that_is_cut_or_longer_is_refused() -> None:
    data = leaf.encode(NAMED)
    for size in range(len(data)):
        with pytest.raises(ValueError, match="leaf"):
            leaf.decode(data[:size])
    with pytest.raises(ValueError, match="length"):
        leaf.decode(data + b"\0")


def test_a_leaf_with_a_field_of_the_wrong_length_is_refused() -> None:
    data = leaf.TAG + b"".join(
        len(field).to_bytes(4, "big") + field for field in (b"id", bytes(8), b"topic", b"state")
    )
    with pytest.raises(ValueError, match="wrong length"):
        leaf.decode(data)


@pytest.mark.parametrize(
    "event",
    [
        StoredEvent("not a UUID", 1, "topic", b""),
        StoredEvent(UUID(int=1), 2**63, "topic", b""),
        StoredEvent(UUID(int=1), "1", "topic", b""),
        StoredEvent(UUID(int=1), 1, "\ud800", b""),
    ],
)
def test_an_event_that_no_leaf_can_hold_is_refused(event: StoredEvent) -> None:
    with pytest.raises(DataError):
        leaf.encode(event)


@given(event=stored_events)
def test_the_fields_as_they_are_stored_give_the_same_leaf(event: StoredEvent) -> None:
    fields = (event.originator_id.bytes, event.originator_version, event.topic.encode())
    assert leaf.encode_fields(*fields, event.state) == leaf.encode(event)
    assert leaf.hash_of_fields(*fields, event.state) == leaf.hash_of(event)


@pytest.mark.parametrize(
    "fields",
    [
        (bytes(15), 1, b"topic", b""),
        (bytes(16), 2**63, b"topic", b""),
        (bytes(16), "1", b"topic", b""),
        (bytes(16), 1, "topic", b""),
        (bytes(16), 1, b"topic", "{}"),
        (None, 1, b"topic", b""),
        (bytes(16), 1, b"topic", None),
    ],
)
def test_fields_that_no_leaf_can_hold_are_refused(fields: tuple[object, ...]) -> None:
    for make in (leaf.encode_fields, leaf.hash_of_fields):
        with pytest.raises((TypeError, ValueError)):
            make(*fields)
