"""Dimensions: the groups that a card is in, whatever its fields hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from newscards.cards.card import Card
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.errors import NewscardsError
from newscards.query.stats.dimensions import DIMENSIONS, dimension
from newscards.query.stats.tally import COUNTED

DAY = datetime(2023, 6, 20, 15, 44, tzinfo=UTC)
EAST = timezone(timedelta(hours=14))

GROUPS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("topic", {"topics": ["Oceans", "Ports"]}, ["Oceans", "Ports"]),
    ("topic", {"topics": ["Oceans", "Ports", "Oceans"]}, ["Oceans", "Ports"]),
    ("topic", {"topics": ["Oceans", "oceans"]}, ["Oceans", "oceans"]),
    ("topic", {"topics": "Oceans"}, ["Oceans"]),
    ("topic", {"topics": ["", 3, None, ["Oceans"]]}, [""]),
    ("topic", {"topics": {}}, [""]),
    ("topic", {}, [""]),
    ("provider", {"provider": {"name": "Tide", "domain": "tide.example"}}, ["Tide"]),
    ("provider", {"provider": {"name": "", "domain": "TIDE.example"}}, ["tide.example"]),
    ("provider", {"provider": {"name": 5}}, [""]),
    ("provider", {"provider": "Tide"}, [""]),
    ("domain", {"provider": {"name": "Tide", "domain": "TIDE.example"}}, ["tide.example"]),
    ("domain", {"provider": {"name": "Tide"}}, [""]),
    ("type", {"type": "video"}, ["video"]),
    ("type", {"type": 12}, [""]),
    ("published", {"published": True}, ["published"]),
    ("published", {"published": "false"}, ["published"]),
    ("published", {}, ["published"]),
    ("published", {"published": False}, ["hidden"]),
    ("published", {"published": None}, ["hidden"]),
    ("quality", {"quality": 0}, ["0–9"]),
    ("quality", {"quality": 9.99}, ["0–9"]),
    ("quality", {"quality": 10}, ["10–19"]),
    ("quality", {"quality": 189}, ["180–189"]),
    ("quality", {"quality": -1}, ["-10–-1"]),
    ("quality", {"quality": -0.5}, ["-10–-1"]),
    ("quality", {"quality": 10**30}, [f"{10**30}–{10**30 + 9}"]),
    ("quality", {"quality": 10**400}, [""]),
    ("quality", {"quality": float("nan")}, [""]),
    ("quality", {"quality": float("-inf")}, [""]),
    ("quality", {"quality": True}, [""]),
    ("quality", {"quality": "80"}, [""]),
    ("month", {"publishedDateTime": DAY}, ["2023-06"]),
    ("month", {"publishedDateTime": date(2023, 12, 31)}, ["2023-12"]),
    ("month", {"publishedDateTime": datetime(2024, 1, 1, 5, tzinfo=EAST)}, ["2023-12"]),
    ("month", {"publishedDateTime": datetime(1, 1, 1, tzinfo=UTC)}, ["0001-01"]),
    ("month", {"publishedDateTime": datetime(1, 1, 1, tzinfo=EAST)}, [""]),
    ("month", {"publishedDateTime": "2023-06-20"}, [""]),
    ("quarter", {"publishedDateTime": DAY}, ["2023-Q2"]),
    ("quarter", {"publishedDateTime": date(2023, 1, 1)}, ["2023-Q1"]),
    ("quarter", {"publishedDateTime": date(2023, 12, 31)}, ["2023-Q4"]),
    ("year", {"publishedDateTime": date(9999, 12, 31)}, ["9999"]),
    ("year", {}, [""]),
]


@pytest.mark.parametrize(("name", "fields", "groups"), GROUPS)
def test_a_card_is_in_these_groups(name: str, fields: dict[str, Any], groups: list[str]) -> None:
    by = dimension(name)
    assert [by.text(key) for key in by.keys(Card("a.md", fields))] == groups


@pytest.mark.parametrize("by", DIMENSIONS, ids=lambda by: by.name)
def test_a_group_is_named_by_its_columns_and_the_cards_without_by_none(by: Any) -> None:
    fields = {"topics": "Oceans", "provider": {"name": "Tide", "domain": "tide.example"}, "type": "video"}
    (key,) = by.keys(Card("a.md", {**fields, "quality": 67, "publishedDateTime": DAY}))
    assert by.row(key).keys() == {*by.columns}
    assert by.row(None) == {}


@pytest.mark.parametrize("by", DIMENSIONS, ids=lambda by: by.name)
def test_what_is_counted_is_in_the_brief_text_of_the_index(by: Any) -> None:
    assert by.fields | COUNTED <= BRIEF_NAMES


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("topics", "did you mean `topic`?"), ("Month", "did you mean `month`?"),
        ("prov", "did you mean `provider`?"),
        ("q!", "one of: topic, provider, domain, type, published, quality, month, quarter, year"),
    ],
)  # fmt: skip
def test_an_unknown_dimension_is_answered_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(NewscardsError, match=f"cards cannot be counted by `{name}`") as caught:
        dimension(name)
    assert caught.value.hint == hint
