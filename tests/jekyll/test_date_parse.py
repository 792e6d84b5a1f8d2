"""Texts of dates: what Ruby made of them, and what it makes of random ones where it is installed."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards import clock
from newscards.jekyll.date_parse import parse_date
from newscards.jekyll.readers import FAR_FUTURE, LONG_AGO

DATES = {
    "2199-01-01": "2199-01-01", "2199-1-1 10:30": "2199-01-01T10:30", "2023-02-30": "2023-03-02",
    "21990101": "2199-01-01", "2199001": "2199-01-01", "99001": "1999-01-01", "230620": "2023-06-20",
    "20230620153045": "2023-06-20T15:30:45", "2199-171": "2199-06-20", "R99.01.01": "2117-01-01",
    "H31.4.30": "2019-04-30", "1 Jan 2199": "2199-01-01", "Jan 1st 2199 at 5pm": "2199-01-01T17:00",
    "1 Jan 99": "1999-01-01", "1/2/2023": "2023-02-01", "2023/01/02": "2023-01-02", "1.2.2199": "2199-02-01",
    "1-Jan-2199": "2199-01-01", "Jan-2-2199": "2199-01-02",
    "Thu Jun 20 15:44:00 UTC 2199": "2199-06-20T15:44",
    "2023-06-20T15:44:00+02:00": "2023-06-20T13:44", "2023-06-20 15:44 EST": "2023-06-20T20:44",
    "2023-06-20 15:44 FOO": "2023-06-20T15:44", "2023-06-20T24:00:00": "2023-06-21",
    "2016-12-31T23:59:60Z": "2017-01-01", "2023-06-20 25:00 +02:00": "2023-06-20T23:00",
    "2023-06-20 12h30": "2023-06-20T12:30", "2023-06-20 12:30 p.m.": "2023-06-20T12:30",
    "2023-13-01 01:00 +02:00": "2023-12-31T23:00", "99999999999pm": "5138-11-16T09:46:39",
    "12:30 2199": None, "Thursday": None, "2023": None, "1e9": None,
    "2199\u201101\u201101": None, "foo": None, "": None, "2023-01": None, "2023-W23-1": None,
    "2023-06-20 24:01": None, "2023-06-20 10:60": None, "2016-12-31T23:59:61Z": None,
    "2023-06-20 10:00 +99:00": None, "2023-366": None, "2199-01-01" + " " * 130: None,
}  # fmt: skip
"""Texts, and the moments in UTC that Ruby 3.1 reads; none where it raises an error.

With an hour that is too large even to be compared, the date stays text: Jekyll takes its number for seconds.
"""


@pytest.mark.parametrize("text", DATES)
def test_a_text_is_the_moment_that_ruby_reads(text: str) -> None:
    expected = DATES[text]
    assert parse_date(text, UTC) == (expected and datetime.fromisoformat(expected).replace(tzinfo=UTC))


def test_years_beyond_those_of_python_are_the_first_or_the_last() -> None:
    assert parse_date("12023-06-20", UTC) == FAR_FUTURE
    assert parse_date("-2199-01-01", UTC) == LONG_AGO
    assert parse_date("1 Jan 5 BC", UTC) == LONG_AGO


def test_what_is_missing_is_that_of_today_so_the_answer_holds_until_midnight() -> None:
    clock.take_validity()
    found, now = parse_date("12:30", UTC), clock.now()
    assert found is not None
    assert abs((found.replace(hour=0, minute=0) - now).days) <= 1
    assert (clock.take_validity().until - now).days < 1


@given(text=st.text(max_size=140))
def test_no_text_is_an_error(text: str) -> None:
    found = parse_date(text, ZoneInfo("America/New_York"))
    assert found is None or found.tzinfo is UTC


TEXT = """\
2199|2023|99|06|6|20|13|45|31|02|-|-|/|.|:|:| | |T|Z|+02:00|-0500|+9|UTC|EST|Jan|sept|Dec|Mon|Thursday\
|am|p.m.|h|m|s|st|1st|BC|b.c.|'|w|W23|R|H|M5|[|]|[+9]|12:30|10:00:00|24:00|25:00|20230620|153045|230620\
|\uff12|\u2011|,|@|\u00e9|standard time|dst|gmt|1687275840|0|366|2199-171|2023-06-20|2199-01-01\
"""
PIECES = TEXT.rstrip().split("|")
RUBY = """
require "time"
require "json"
$stdin.each_line do |line|
  begin
    puts Time.parse(JSON.parse(line)[0]).localtime.to_i
  rescue ArgumentError
    puts "none"
  rescue RangeError
    puts "beyond"
  end
end
"""


@pytest.mark.skipif(shutil.which("ruby") is None, reason="Ruby, which is to be asked, is not installed")
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_random_texts_are_the_moments_that_ruby_reads(
    zone: str, exhaustive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))  # Ruby takes what is missing from there
    chosen = random.Random(zone)
    count = 20_000 if exhaustive else 1_000
    texts = ["".join(chosen.choices(PIECES, k=chosen.randint(1, 7))) for _ in range(count)]
    lines = "".join(json.dumps([text]) + "\n" for text in texts)
    env = {"TZ": zone, "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(["ruby", "-e", RUBY], input=lines, env=env, capture_output=True, text=True)
    wrong = [
        (text, answer, found)
        for text, answer in zip(texts, done.stdout.split(), strict=True)
        if answer != "beyond" and not is_same(found := parse_date(text, ZoneInfo(zone)), answer)
    ]
    assert len(wrong) <= count / 1000, wrong[:9]  # an hour that is there twice in a year


def is_same(found: datetime | None, answer: str) -> bool:
    if found is None or answer == "none":
        return found is None and answer == "none"
    if found in (LONG_AGO, FAR_FUTURE):
        return not -62_135_000_000 < int(answer) < 253_402_000_000
    return abs(found.timestamp() - int(answer)) < 120  # what is missing is that of the present moment
