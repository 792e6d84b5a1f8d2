"""What time it is: the one place, so that a test can say, and that knows how long an answer holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple


class Validity(NamedTuple):
    """From when, and until when, what was said of the time holds."""

    since: datetime = datetime.min.replace(tzinfo=UTC)
    until: datetime = datetime.max.replace(tzinfo=UTC)

    def holds(self) -> bool:
        """Tell whether that is so now."""
        return self.since <= now() < self.until

    def also(self, other: Validity) -> Validity:
        """Return when both hold."""
        return Validity(max(self.since, other.since), min(self.until, other.until))


ALWAYS = Validity()
_span = ALWAYS


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def is_past(moment: datetime) -> bool:
    """Tell whether a moment is now or was before; ``span`` knows of it."""
    global _span
    if moment <= now():
        if moment > _span.since:
            _span = Validity(moment, _span.until)
        return True
    if moment < _span.until:
        _span = Validity(_span.since, moment)
    return False


def span() -> Validity:
    """Return how long all that ``is_past`` said in this process since the last time holds; begin anew."""
    global _span
    found, _span = _span, ALWAYS
    return found
