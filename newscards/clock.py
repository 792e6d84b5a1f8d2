"""The clock: the only place that reads the time, and records until when an answer stays valid."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple


class Validity(NamedTuple):
    """The interval in which answers of ``is_past`` stay the same; ``until`` is exclusive."""

    since: datetime = datetime.min.replace(tzinfo=UTC)
    until: datetime = datetime.max.replace(tzinfo=UTC)

    def holds(self) -> bool:
        """Return whether it includes the present moment."""
        return self.since <= now() < self.until

    def intersection(self, other: Validity) -> Validity:
        """Return the interval in which both hold."""
        return Validity(max(self.since, other.since), min(self.until, other.until))


ALWAYS = Validity()
# A global, so that a rule calls `is_past` without passing a recorder through every check. It holds for the
# calls since the last `take_validity`: the linter takes it after each card, and stores it with the findings.
_validity = ALWAYS


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def is_past(moment: datetime) -> bool:
    """Return whether a moment is not after the present; ``take_validity`` says how long the answer holds."""
    global _validity
    if moment <= now():
        if moment > _validity.since:
            _validity = Validity(moment, _validity.until)
        return True
    if moment < _validity.until:
        _validity = Validity(_validity.since, moment)
    return False


def limit_validity(validity: Validity) -> None:
    """Record that an answer was given that holds in this interval, as an answer of ``is_past`` does."""
    global _validity
    _validity = _validity.intersection(validity)


def take_validity() -> Validity:
    """Return how long the answers of ``is_past`` since the last call hold, and reset it to ``ALWAYS``."""
    global _validity
    taken, _validity = _validity, ALWAYS
    return taken
