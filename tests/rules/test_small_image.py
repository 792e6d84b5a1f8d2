from __future__ import annotations

import pytest

from tests.rules.cases import Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def small(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC416", line, column, end_column, field, "warning")


def sized(width: str, height: str) -> str:
    return replaced("width: 1200", f"width: {width}").replace("height: 720", f"height: {height}")


FAILS = [
    pytest.param(sized("99", "720"), small(23, 12, 14, "images[0].width"), id="width"),
    pytest.param(sized("1200", "1"), small(24, 13, 14, "images[0].height"), id="height"),
    pytest.param(sized("64", "64"), small(23, 12, 14, "images[0].width"), id="both-once"),
    pytest.param(
        card(
            images='\n  - {url: "https://t.example", width: 640}\n  - {url: "https://t.example", height: 9}'
        ),
        small(23, 40, 41, "images[1].height"),
        id="second",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_small_image_is_found_on_the_side_that_is_small(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    pytest.param(sized("100", "100"), id="the-least"),
    pytest.param(card(images="[]"), id="no-image"),
    pytest.param(card(images='\n  - url: "https://t.example"'), id="no-size"),
    pytest.param(with_entry("width: 600", "width: 60"), id="image-of-an-entry"),
    pytest.param(
        card(
            provider="\n  name: T\n  domain: tide.example"
            "\n  images: [{url: 'https://t.example', width: 16, height: 16}]"
        ),
        id="logo",
    ),
]


@pytest.mark.parametrize("text", PASSES)
def test_a_large_image_and_those_that_are_not_the_card_s_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (sized("0", "720"), ["NC402"]),
        (sized("-64", "720"), ["NC402"]),
        (sized('"64"', "720"), ["NC302"]),
        (sized("true", "720"), ["NC302"]),
        (sized("64.5", "720"), ["NC302"]),
        (card(images="a.jpg"), ["NC302"]),
        (card(images="[64]"), ["NC302"]),
        (card(images="{width: 64}"), ["NC302"]),
    ],
)
def test_sizes_and_images_that_are_none_are_told_by_others_alone(
    text: str, codes: list[str], find: Find
) -> None:
    assert [found.code for found in find(text)] == codes


def test_the_message_says_how_small(lint: Lint) -> None:
    (finding,) = lint(sized("64", "1"))
    assert finding.message == "the image is 64 pixels wide, less than 100"
    (finding,) = lint(sized("640", "1"))
    assert finding.message == "the image is 1 pixel high, less than 100"
