"""Events as they are recorded, for whoever keeps up with the log from outside its transactions."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Condition
from typing import Final

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

LOOK_AGAIN: Final = 0.5
"""Seconds after which a subscription looks for events that another process recorded."""

BATCH: Final = 500


class Appends:
    """Wakes the subscriptions of this process after each append."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """How many announcements there were so far."""
        return self._count

    def announce(self) -> None:
        """Wakes everyone who waits."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float) -> None:
        """Returns at the first announcement after the ``seen`` ones, or after ``timeout`` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._count != seen, timeout)


class LogSubscription(Subscription[ApplicationRecorder]):
    """An iterator that waits at the end of the log for more; ``stop`` ends it from any thread."""

    def __init__(
        self,
        recorder: ApplicationRecorder,
        appends: Appends,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._appends = appends
        self._found: deque[Notification] = deque()

    def stop(self) -> None:
        """Ends the iteration, also for a thread that is waiting in it."""
        super().stop()
        self._appends.announce()

    def __next__(self) -> Notification:
        """The next event; waits for one, and raises ``StopIteration`` once stopped."""
        while not self._has_been_stopped and not self._found:
            seen = self._appends.count
            self._found.extend(
                self._recorder.select_notifications(
                    self._last_notification_id or 0,
                    BATCH,
                    topics=self._topics,
                    inclusive_of_start=False,
                )
            )
            if not self._found and not self._has_been_stopped:
                self._appends.wait(seen, LOOK_AGAIN)
        if self._has_been_stopped:
            raise StopIteration
        found = self._found.popleft()
        self._last_notification_id = found.id
        return found
