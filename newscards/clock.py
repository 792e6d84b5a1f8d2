"""What time it is: the one place, so that a test can say, and that knows how long an answer holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple


class Span(NamedTuple):
    """From when, and until when, what was said of the time holds."""

    since: datetime = datetime.min.replace(tzinfo=UTC)
    until: datetime = datetime.max.replace(tzinfo=UTC)

    def holds(self) -> bool:
        """Tell whether that is so now."""
        return self.since <= now() < self.until

    def also(self, other: Span) -> Span:
        """Return when both hold."""
        return Span(max(self.since, other.since), min(self.until, other.until))


ALWAYS = Span()
_span = ALWAYS


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def is_past(moment: datetime) -> bool:
    """Tell whether a moment is now or was before; ``span`` knows of it."""
    global _span
    if moment <= now():
        if moment > _span.since:
            _span = Span(moment, _span.until)
        return True
    if moment < _span.until:
        _span = Span(_span.since, moment)
    return False


def span() -> Span:
    """Return how long all that ``is_past`` said in this process since the last time holds; begin anew."""
    global _span
    found, _span = _span, ALWAYS
    return found
