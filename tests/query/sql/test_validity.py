"""How long an answer of a query holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newscards.clock import ALWAYS, Validity
from newscards.query.sql.query import Where
from newscards.query.sql.validity import validity_of
from tests.conftest import NOW

MIDNIGHT = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC)
TODAY = Validity(MIDNIGHT, MIDNIGHT + timedelta(days=1))
INSTANT = Validity(NOW, NOW)


@pytest.mark.parametrize(
    ("expression", "validity"),
    [
        ("quality < 40", ALWAYS),
        ("date(publishedDateTime) > '2024-01-01'", ALWAYS),
        ("title = 'What happens now'", ALWAYS),
        ("age_days > 30", TODAY),
        ("publishedDateTime > date('now')", TODAY),
        ("publishedDateTime > date('now', '-30 days')", TODAY),
        ("publishedDateTime > current_date", TODAY),
        ("publishedDateTime > date()", TODAY),
        ("publishedDateTime > date('now', '-5 hours')", INSTANT),
        ("publishedDateTime > date('now', 'localtime')", INSTANT),
        ("publishedDateTime > date('now', '-0.5 days')", INSTANT),
        ("publishedDateTime > date('now', '+05:30')", INSTANT),
        ("publishedDateTime > date('now', quality || ' minutes')", INSTANT),
        ("publishedDateTime > datetime('now')", INSTANT),
        ("publishedDateTime > current_timestamp", INSTANT),
        ("quality > random()", INSTANT),
    ],
)
def test_an_answer_holds_until_what_it_asks_of_the_clock_is_another(
    expression: str, validity: Validity
) -> None:
    where = Where(expression)
    assert validity_of(where, expression)() == validity
    where.close()
