"""Personal data as the domain sees it: ciphertext that names whose it is and where it stands.

The domain never holds the plain words. A desk seals them through the `Sealing` port before an event is
made, and a page asks the same port to reveal them; replaying events decrypts nothing.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from uuid import UUID


@dataclasses.dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed value.

    subject: the person whose key opens it; field: its place, such as "phone", bound into the ciphertext,
    so that it opens nowhere else; token: opaque ciphertext, never shown by repr().
    """

    subject: UUID
    field: str
    token: str = dataclasses.field(repr=False)


class Sealing(Protocol):
    """The port through which personal data is sealed, revealed and made unreadable for ever."""

    def seal(self, subject: UUID, field: str, plaintext: str) -> Sealed:
        """Seal one value under the person's key, which is saved durably before this returns.

        Raises Refused("subject_erased") when the person's key was destroyed.
        """

    def reveal(self, sealed: Sealed) -> str | None:
        """The plain words, or None when the person was erased."""

    def destroy(self, subject: UUID) -> None:
        """Destroy the person's key; afterwards nothing sealed under it can be read. Safe to repeat."""
