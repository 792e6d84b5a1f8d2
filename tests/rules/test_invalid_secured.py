from __future__ import annotations

import base64

import pytest

from tests.rules.cases import ODD, Found
from tests.rules.conftest import Find, Lint
from tests.support import card


def b64(length: int) -> str:
    return base64.b64encode(bytes(range(length))).decode()


def at(end_column: int, end_line: int = 0) -> Found:
    return Found("NC407", 27, 10, end_column, "secured", end_line=end_line)


WRONG = [
    ('""', at(12), "two parts around a `;` are expected, there is 1"),
    (f'"{b64(16)}"', at(36), "two parts around a `;` are expected, there is 1"),
    (f'"{b64(16)};{b64(16)};"', at(62), "two parts around a `;` are expected, there are 3"),
    (f'"{b64(16)};{b64(15)}"', at(57), "its second part, the iv, is 15 bytes and not 16"),
    (f'"{b64(16)};{b64(32)}"', at(81), "its second part, the iv, is 32 bytes and not 16"),
    (f'"{b64(16)};"', at(37), "its second part, the iv, is 0 bytes and not 16"),
    (f'"{b64(17)};{b64(16)}"', at(61), "its first part is 17 bytes, which is not a multiple of 16"),
    (f'"{b64(16)};{b64(16)[:-1]}"', at(60), "its parts are not base64"),
    (f'"{b64(16)[:-2]};{b64(16)}"', at(59), "its parts are not base64"),
    (f'"{b64(16)} ;{b64(16)}"', at(62), "its parts are not base64"),
    (f'"{"-" * 22}==;{b64(16)}"', at(61), "its parts are not base64"),
    (f'"{ODD};{ODD}"', at(27), "its parts are not base64"),
    (f'"{b64(16)};\n  {b64(16)}"', at(28, end_line=28), "its parts are not base64"),
]


@pytest.mark.parametrize(("value", "expected", "why"), WRONG)
def test_what_cannot_be_decrypted_is_found_on_the_value(
    value: str, expected: Found, why: str, find: Find
) -> None:
    assert find(card(secured=value)) == [expected]


@pytest.mark.parametrize(("value", "expected", "why"), WRONG)
def test_the_message_says_why(value: str, expected: Found, why: str, lint: Lint) -> None:
    assert [finding.message for finding in lint(card(secured=value))] == [
        f"`secured` cannot be decrypted: {why}"
    ]


@pytest.mark.parametrize("length", [16, 32, 96])
def test_a_ciphertext_of_whole_blocks_and_an_iv_are_fine(length: int, find: Find) -> None:
    assert find(card(secured=f'"{b64(length)};{b64(16)}"')) == []


def test_a_card_without_it_is_fine(find: Find) -> None:
    assert find(card(secured=None)) == []


def test_an_empty_ciphertext_is_told_as_empty(lint: Lint) -> None:
    (finding,) = lint(card(secured=f'";{b64(16)}"'))
    assert "no multiple" not in finding.message
