"""The places at which a card lacks a field that has a condition."""

from __future__ import annotations

from typing import Any

import pytest

from newscards.cards.card import Card
from newscards.cards.fields import BUILT_IN, Declaration, card_with
from newscards.lint.conditions import conditional, lacks

TABLE = card_with(
    (
        Declaration("editor", required="published"),
        Declaration("provider.country", required="published"),
        Declaration("images.credit", required="published"),
        Declaration("quality", required="heat > 0"),
    )
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [("quality",), ("editor",)]),
        ({"editor": None, "quality": 5}, []),
        ({"editor": "", "quality": 5, "provider": {}}, [("provider", "country")]),
        ({"editor": "", "quality": 5, "provider": "Tide", "images": {"credit": 5}}, []),
        (
            {"editor": "", "quality": 5, "images": [{}, {"credit": 1}, "x", {"url": "x"}]},
            [("images", 0, "credit"), ("images", 3, "credit")],
        ),
    ],
)
def test_a_field_is_lacking_in_each_mapping_that_has_to_hold_it(
    fields: dict[str, Any], expected: list[tuple[str | int, ...]]
) -> None:
    assert [lack.path for lack in lacks(Card("a.md", fields), TABLE)] == expected


def test_no_built_in_field_has_a_condition() -> None:
    assert conditional(BUILT_IN) == ()
    assert lacks(Card("a.md", {}), BUILT_IN) == []
