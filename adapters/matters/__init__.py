"""What is due, asked of the register as it is: one module an area, all of them put together in `pending`."""

from adapters.matters.pending import (
    due_messages,
    for_offices,
    overdue,
    pending,
    rhythm_of,
    tasks,
)
from adapters.matters.timings import Timings, read_timings

__all__ = [
    "Timings",
    "due_messages",
    "for_offices",
    "overdue",
    "pending",
    "read_timings",
    "rhythm_of",
    "tasks",
]
