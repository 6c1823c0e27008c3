"""What the tree hashes: one event as bytes, the same for everybody for ever.

A leaf is the ASCII tag ``mingpai-event-1`` followed by a line feed and then four fields, each preceded by its length in bytes as an
unsigned big-endian 32-bit number::

    originator_id       16 bytes, the UUID in network order
    originator_version  8 bytes, signed big-endian
    topic               UTF-8
    state               the event's JSON exactly as stored, UTF-8

The position is not among them: it is the leaf's index in the tree plus one.
"""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import Final
from uuid import UUID

from eventsourcing.persistence import DataError, StoredEvent

TAG: Final = b"mingpai-event-1\n"

_HEAD: Final = struct.Struct(">I16sIqI")
_HASHED_HEAD: Final = struct.Struct(f">{1 + len(TAG)}sI16sIqI")
_LENGTH: Final = struct.Struct(">I")
_LEAF: Final = b"\x00" + TAG


def encode(event: StoredEvent) -> bytes:
    """The leaf's bytes; ``DataError`` for an event that no leaf can hold (an id that is not a UUID, a version
    past 64 bits).
    """
    return _encode(TAG, event)


def hash_of(event: StoredEvent) -> bytes:
    """The leaf hash, SHA-256(0x00 ‖ leaf)."""
    return sha256(_encode(_LEAF, event)).digest()


def encode_fields(originator: bytes, version: int, topic: bytes, state: bytes) -> bytes:
    """The leaf's bytes from the fields as they are stored; ``ValueError`` or ``TypeError`` for what no leaf can hold."""
    if len(originator) != 16:
        raise ValueError("the originator's id has not 16 bytes")
    try:
        head = _HEAD.pack(16, originator, 8, version, len(topic))
    except struct.error as error:
        raise ValueError(str(error)) from error
    return b"".join((TAG, head, topic, _LENGTH.pack(len(state)), state))


def hash_of_fields(originator: bytes, version: int, topic: bytes, state: bytes) -> bytes:
    """The leaf hash from the fields as they are stored; raises what :func:`encode_fields` raises.

    Written for speed: a verification calls it for every event.
    """
    if len(originator) != 16:
        raise ValueError("the originator's id has not 16 bytes")
    try:
        head = _HASHED_HEAD.pack(_LEAF, 16, originator, 8, version, len(topic))
    except struct.error as error:
        raise ValueError(str(error)) from error
    return sha256(head + topic + _LENGTH.pack(len(state)) + state).digest()


def decode(leaf: bytes) -> StoredEvent:
    """The event in a leaf's bytes; ``ValueError`` unless they are exactly one well-formed leaf."""
    if not leaf.startswith(TAG):
        raise ValueError("the leaf does not start with its tag")
    fields = []
    at = len(TAG)
    for _ in range(4):
        start = at + _LENGTH.size
        if start > len(leaf):
            raise ValueError("the leaf ends early")
        at = start + _LENGTH.unpack_from(leaf, start - _LENGTH.size)[0]
        fields.append(leaf[start:at])
    if at != len(leaf):
        raise ValueError("the leaf's length is not that of its fields")
    originator, version, topic, state = fields
    if len(originator) != 16 or len(version) != 8:
        raise ValueError("the leaf's id or version has the wrong length")
    return StoredEvent(
        UUID(bytes=originator), int.from_bytes(version, "big", signed=True), topic.decode(), state
    )


def _encode(prefix: bytes, event: StoredEvent) -> bytes:
    originator = event.originator_id
    if not isinstance(originator, UUID):
        raise DataError(f"{originator!r} is not a UUID")
    try:
        topic = event.topic.encode()
        head = _HEAD.pack(16, originator.bytes, 8, event.originator_version, len(topic))
    except (struct.error, UnicodeEncodeError) as error:
        raise DataError(f"version {event.originator_version!r} of {originator}: {error}") from error
    return b"".join((prefix, head, topic, _LENGTH.pack(len(event.state)), event.state))
