"""How long an answer of a query holds: SQL can ask for the day, for the time, and for random numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from newscards import clock
from newscards.clock import ALWAYS, Validity
from newscards.query.sql.query import Query
from newscards.query.sql.tokens import tokens

_CLOCKS = frozenset({
    "date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff", "current_date",
    "current_time", "current_timestamp",
})  # fmt: skip
"""SQLite's functions that may read the clock (https://sqlite.org/lang_datefunc.html)."""
_OF_A_DAY = frozenset({"date", "current_date"})
"""Those of them whose answer is the same for a day."""
_SHIFTS_THE_DAY = re.compile(r"hour|minute|second|localtime|utc|[0-9][:.][0-9]")
"""Modifiers of dates after which a day does not begin at midnight in UTC."""
_UNSTEADY = frozenset({"random", "randomblob"})


def validity_of(query: Query, sql: str) -> Callable[[], Validity]:
    """Return the function that says how long an answer of a query holds that is given now.

    SQLite does not say whether it has read the clock: a function of dates does so where it is given ``now``,
    which may be put together from parts, or nothing.
    """
    texts = [token.text.casefold() for token in tokens(sql) if token.kind == "text"]
    names_now = any("now" in text or "localtime" in text for text in texts) or "||" in sql
    clocks = query.functions & _CLOCKS
    if not (names_now or re.search(r"\(\s*\)", sql)):
        clocks = frozenset(name for name in clocks if name.startswith("current_"))
    shifts = clocks and any(_SHIFTS_THE_DAY.search(text) for text in texts)
    if query.functions & _UNSTEADY or clocks - _OF_A_DAY or shifts:
        return _instant
    reads_age = any(each.name == "age_days" for each in query.columns.get("cards", ()))
    return _today if clocks or reads_age else lambda: ALWAYS


def _instant() -> Validity:
    now = clock.now()
    return Validity(now, now)


def _today() -> Validity:
    midnight = datetime.combine(clock.now().astimezone(UTC).date(), time(), UTC)
    return Validity(midnight, midnight + timedelta(days=1))
