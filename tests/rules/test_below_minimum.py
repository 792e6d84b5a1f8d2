from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def below(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC402", line, column, end_column, field)


FAILS = [
    pytest.param(card(quality="-1"), below(9, 10, 12, "quality"), id="quality"),
    pytest.param(card(quality="-0x43"), below(9, 10, 15, "quality"), id="hexadecimal"),
    pytest.param(card(quality="-1_000 # why?"), below(9, 10, 16, "quality"), id="before-a-comment"),
    pytest.param(card(heat="-2"), below(10, 7, 9, "heat"), id="heat"),
    pytest.param(replaced("width: 1200", "width: 0"), below(23, 12, 13, "images[0].width"), id="width"),
    pytest.param(replaced("height: 720", "height: -720"), below(24, 13, 17, "images[0].height"), id="height"),
    pytest.param(
        card(provider='\n  name: T\n  domain: t.example\n  images: [{url: "https://t.example", width: 0}]'),
        below(16, 46, 47, "provider.images[0].width"),
        id="logo",
    ),
    pytest.param(
        replaced(
            '- url: "https://www.tide.example/gauges.jpg"',
            f'- {{url: "https://t.example", title: "{ODD}", width: 0}}\n  - url: "https://t.example"',
        ),
        below(22, 57, 58, "images[0].width"),
        id="after-odd-characters",
    ),
    pytest.param(
        replaced("images:\n", 'images:\n  - url: "https://t.example"\n').replace("width: 1200", "width: 0"),
        below(24, 12, 13, "images[1].width"),
        id="second-image",
    ),
    pytest.param(
        with_entry("quality: 60", "quality: -60"), below(21, 14, 17, "related[0].quality"), id="entry"
    ),
    pytest.param(
        with_entry("width: 600", "width: -600", before=2),
        below(50, 16, 20, "related[2].images[0].width"),
        id="image-of-the-third-entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_number_below_the_least_is_found_on_the_value(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    pytest.param(card(quality="0"), id="quality-of-nothing"),
    pytest.param(card(quality="189"), id="quality-above-100"),
    pytest.param(card(heat="-1"), id="another-card-of-the-story-is-better"),
    pytest.param(card(heat="3694"), id="the-hottest-seen"),
    pytest.param(replaced("width: 1200", "width: 1"), id="one-pixel"),
    pytest.param(with_entry("quality: 60", "quality: 0"), id="entry"),
]


@pytest.mark.parametrize("text", PASSES)
def test_a_number_from_the_least_on_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_the_message_names_the_number_and_the_least(lint: Lint) -> None:
    (finding,) = lint(card(heat="-2"))
    assert finding.message == "`heat` is -2, -1 or more is expected"


def test_the_message_is_short_for_a_long_number(lint: Lint) -> None:
    (finding,) = lint(card(quality="-" + "9" * 4000))
    assert len(finding.message) < 200
