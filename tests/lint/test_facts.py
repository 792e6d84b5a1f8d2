"""What is known of a corpus: rows, by what names them, and stories."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from newscards.cards import related
from newscards.cards.card import Card
from newscards.cards.related import grouped
from newscards.lint.facts import Facts, Row, row_of

NOON = datetime(2023, 6, 20, 12, 0, tzinfo=UTC)
MORNING = datetime(2023, 6, 20, 8, 0, tzinfo=UTC)


def fields(name: str, *related: object, **others: object) -> dict[str, Any]:
    own: dict[str, Any] = {"title": name, "webUrl": f"https://tide.example/{name}", "publishedDateTime": NOON}
    return own | ({"related": list(related)} if related else {}) | others


def row(name: str, *related: str, **others: object) -> Row:
    """Return the row of a card that lists the cards of these names."""
    return row_of(Card(f"{name}.md", fields(name, *map(fields, related), **others)))


@pytest.mark.parametrize(
    ("title", "date", "meant"),
    [("b", NOON, 1), ("b", MORNING, 1), ("c", MORNING, 2), ("d", MORNING, 0), ("d", NOON, 1), ("", None, 0)],
)
def test_of_cards_with_one_url_the_most_like_is_meant(title: str, date: datetime | None, meant: int) -> None:
    url = "https://tide.example/one"
    of_cards = [("a", MORNING), ("b", NOON), ("c", NOON), ("b", NOON)]
    cards = [
        row_of(Card(f"{n}.md", fields(t, webUrl=url, publishedDateTime=d)))
        for n, (t, d) in enumerate(of_cards)
    ]
    copy = related.copy_from(fields(title, webUrl=url, publishedDateTime=date))
    assert Facts(cards).meant_by(copy) is cards[meant]


def stories(*rows: Row) -> list[str]:
    return [" ".join(each.id for each in story) for story in Facts(list(rows)).stories]


def test_a_row_has_what_others_compare_with() -> None:
    found = row_of(
        Card(
            "news/2023-a.md",
            fields("a", {"title": " b&amp;c ", "quality": 5}, "text", excerpt=" x\u200by ", quality=67)
            | {"type": "video", "provider": {"name": "Tide", "domain": "tide.example"}}
            | {"topics": ["AI", 5], "secured": "x;y", "published": False},
        )
    )
    assert (found.path, found.id, found.title) == ("news/2023-a.md", "2023-a", "a")
    assert (found.url, found.web_url) == ("https://tide.example/a",) * 2
    assert (found.domain, found.provider, found.published) == ("tide.example", "Tide", False)
    assert (found.topics, found.iv) == (("AI", 5), "y")
    assert found.copy == (("https://tide.example/a", "a", NOON), "xy", 67, "video", "Tide")
    assert found.related == ((("", "b&c", None), None, 5, None, None), None)


def test_a_row_of_an_empty_card_holds_nothing() -> None:
    found = row_of(Card("a.md", {}))
    assert (found.url, found.title, found.domain, found.provider, found.iv) == ("",) * 5
    assert (found.published, found.topics, found.related) == (False, (), ())
    assert not found.copy.names_something
    assert found.copy == (("", "", None), None, None, None, None)


WRONG: list[object] = [None, 5, 5.5, True, [], {}, ["x"], {"x": 1}, NOON, NOON.date(), b"x", {1, 2}]


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_value_of_a_wrong_type_says_nothing(value: object) -> None:
    names = ("title", "excerpt", "webUrl", "originalUrl", "type", "provider", "topics", "related", "secured")
    wrong = dict.fromkeys(names, value)
    found = row_of(Card("a.md", wrong | {"related": [wrong, value]}))
    assert (found.url, found.title, found.provider, found.iv) == ("",) * 4
    assert found.copy == (("", "", None), None, None, None, None)
    assert found.related[0] == found.copy
    assert row_of(Card("a.md", wrong)).related in ((), (None,))


def test_a_video_has_its_original_url_and_no_web_url() -> None:
    found = row_of(Card("a.md", {"originalUrl": "x", "webUrl": ""}))
    assert (found.url, found.web_url) == ("x", "")


@pytest.mark.parametrize(("url", "title", "names"), [("x", "", True), ("", "x", True), ("", " ", False)])
def test_a_copy_names_something_by_its_url_or_its_title(url: str, title: str, names: bool) -> None:
    copy = row_of(Card("a.md", {"webUrl": url, "title": title, "publishedDateTime": NOON})).copy
    assert (copy.url, copy.title, copy.date) == (url, title.strip(), NOON)
    assert copy.names_something is names


def test_equal_entries_that_are_one_object_are_read_once() -> None:
    entry = fields("b")
    one, other = (row_of(Card(f"{name}.md", fields(name, entry))) for name in "ac")
    assert one.related[0] is other.related[0]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(related, "_MAX_ENTRIES", 4)
    found = row("a", *map(str, range(100)))
    assert [each.title for each in found.related if each] == list(map(str, range(100)))
    assert len(related._ENTRIES) <= 4


def test_cards_are_found_by_url_title_and_date() -> None:
    a, twin = row("a"), row("a", title="another")
    known = Facts([a, twin, row("b", webUrl=None)])
    assert known.by_identity[a.copy.identity] == [a]
    assert known.by_web_url == {"https://tide.example/a": [a, twin]}
    assert known.named_by(twin.copy) is twin
    assert known.named_by(row("c").copy) is None


def test_of_two_cards_of_one_identity_both_are_known_and_the_first_is_named() -> None:
    a, copy = row("a"), row("a")
    known = Facts([a, copy])
    assert known.by_identity == {a.copy.identity: [a, copy]}
    assert known.named_by(copy.copy) is a


def test_a_title_is_looked_up_as_it_was_meant() -> None:
    a = row("a", title="It’s &amp; ")
    assert Facts([a]).named_by(row("a", title="It&#8217;s\u200b &").copy) is a


def test_a_date_is_looked_up_as_a_moment() -> None:
    a = row("a")
    assert Facts([a]).named_by(row("a", publishedDateTime=NOON.replace(tzinfo=None)).copy) is a
    assert Facts([a]).named_by(row("a", publishedDateTime="2023-06-20T12:00:00Z").copy) is None


def test_cards_that_list_each_other_are_a_story() -> None:
    assert stories(row("a", "b", "c"), row("b", "a", "c"), row("c", "a", "b")) == ["a b c"]


def test_a_chain_is_a_story_in_whatever_order_it_comes() -> None:
    chain = [row("a", "b"), row("b", "c"), row("c", "d"), row("d")]
    assert stories(*chain) == ["a b c d"]
    assert stories(*reversed(chain)) == ["d c b a"]
    assert stories(chain[2], chain[0], chain[3], chain[1]) == ["c a d b"]


def test_one_link_is_enough_in_either_direction() -> None:
    assert stories(row("a", "b"), row("b")) == stories(row("a"), row("b", "a")) == ["a b"]


def test_two_stories_are_two() -> None:
    assert stories(row("a", "c"), row("b", "d"), row("c"), row("d"), row("e")) == ["a c", "b d"]


def test_one_card_joins_two_stories() -> None:
    assert stories(row("a", "b"), row("b"), row("c", "d"), row("d"), row("e", "b", "d")) == ["a b c d e"]


def test_a_card_by_itself_or_in_itself_is_no_story() -> None:
    assert stories() == stories(row("a")) == stories(row("a", "a", "a")) == stories(row("a", "gone")) == []


def test_an_entry_that_is_no_mapping_is_no_link() -> None:
    assert stories(row_of(Card("a.md", fields("a", "b", None, 5))), row("b")) == []


def test_a_long_chain_is_a_story_without_recursion() -> None:
    count = 20_000
    chain = [row(str(number), str(number + 1)) for number in range(count)]
    for rows in (chain, chain[::-1]):
        (story,) = Facts(rows).stories
        assert len(story) == count


def test_a_star_is_a_story_that_costs_little() -> None:
    count = 20_000
    (story,) = Facts([*(row(str(number), "hub") for number in range(count)), row("hub")]).stories
    assert len(story) == count + 1


def test_grouped_keeps_the_order() -> None:
    a, b, c = row("a"), row("b"), row("c")
    assert list(grouped([("x", b), ("y", a), ("x", c)]).items()) == [("x", [b, c]), ("y", [a])]


def test_cards_that_nothing_names_are_in_no_story() -> None:
    assert (
        Facts([row_of(Card("a.md", {"quality": 5})), row_of(Card("b.md", {"related": [{}]}))]).stories == []
    )
