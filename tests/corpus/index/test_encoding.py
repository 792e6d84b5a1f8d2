"""Cards as text: what comes back is what was there, or the card is odd."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import BULKY
from newscards.cards.reader import parse
from newscards.cards.related import identities_of
from newscards.cards.values import lookup
from newscards.corpus.index.encoding import BRIEF, BRIEF_NAMES, decode, encode
from newscards.frontmatter.limits import Limits
from tests.support import CARD, card
from tests.support.yaml_strategies import documents, fenced, form_of, lines, mutated_cards, soup


def agrees(record: Card | Unreadable) -> bool:
    """Assert that what comes back of a record is it, in full and in brief; return whether it is odd."""
    encoded = encode(record)
    if isinstance(record, Card):
        assert encoded.identities == identities_of(record)
    if not encoded.brief:
        assert not encoded.full
        return True
    assert encoded.full
    brief, full = decode([record.path] * 2, encoded[:2])
    if isinstance(record, Unreadable):
        assert full == brief == record
        assert encoded.topics is None
        return False
    assert isinstance(full, Card)
    assert isinstance(brief, Card)
    assert encoded.topics == tuple(topic.casefold() for topic in record.topics)
    wanted = record.without_bulk()
    assert full == wanted
    assert form_of(dict(full.fields)) == form_of(dict(wanted.fields))
    for name in BRIEF_NAMES - {"path", "id"}:
        assert form_of(lookup(brief.fields, name)) == form_of(lookup(wanted.fields, name)), name
    for attribute in ("id", "title", "date", "type", "quality", "heat", "published", "topics", "url"):
        assert getattr(brief, attribute) == getattr(wanted, attribute), attribute
    url = "webUrl" if isinstance(wanted.fields.get("webUrl") or None, str) else "originalUrl"
    assert set(brief.fields) == set(wanted.fields) & {*BRIEF, "provider.name", url}
    return False


@settings(deadline=None, derandomize=True, database=None)
@given(
    st.one_of(mutated_cards(), lines(), soup(), documents().map(lambda text: fenced(text.encode("utf-8"))))
)
def test_any_card_comes_back_as_it_was_or_is_odd(source: bytes) -> None:
    agrees(parse("a.md", source))


TEXT = st.text(max_size=5) | st.just("\ud83d") | st.just("\x00\u2028\x7f")
SCALAR = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.binary(max_size=2) | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC) | st.just(timezone(timedelta(hours=-5)))).map(
        lambda when: when.replace(fold=0)  # YAML has none
    )
)  # fmt: skip
VALUE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(TEXT | st.integers() | st.none() | st.booleans(), inner, max_size=3)
        | st.tuples(inner, inner)
        | st.sets(TEXT, max_size=2)
    ),
    max_leaves=6,
)
KEY = st.sampled_from(
    [*BRIEF, *BULKY, "x", "", "provider.name", 1, None, True, datetime(2023, 1, 1, tzinfo=UTC)]
)


@settings(deadline=None, derandomize=True, database=None)
@given(st.dictionaries(KEY, VALUE, max_size=6))
def test_any_fields_come_back_as_they_were_or_are_odd(fields: dict[Any, Any]) -> None:
    agrees(Card("a.md", fields))


@pytest.mark.parametrize("text", [
    CARD, card(quality=None), card(provider="Tide"), card(topics="Oceans"), card(published='"yes"'),
    card(quality=str(10**4299)), card(title='"\\u2028\\0\\x7f é😀"'), card(title="[[], {}, [{a: b}]]"),
    card(provider="\n  domain: a\n  x: 1\n  name: b"), card(publishedDateTime="2023-06-20T15:44:00.000001Z"),
    card(publishedDateTime="2023-06-20T17:44:00+00:00"), "---\n---\n", "---\n{}\n---\n",
    card(publishedDateTime="2023-06-20"), card(publishedDateTime="2023-06-20 15:44:00"),
    card(publishedDateTime="2023-06-20 15:44:00 +0200"), card(quality="67.5"), card(published="True"),
    card(published="no"), card(heat="0104"), card(title="&a x", excerpt="*a"), card(title="cut # here"),
    CARD.replace("\n", "\r", 4),
])  # fmt: skip
def test_usual_cards_are_not_odd(text: str) -> None:
    assert not agrees(parse("a.md", text.encode()))


@pytest.mark.parametrize("text", [
    card(quality=".nan"), card(heat="-.inf"), card(heat="0x" + "f" * 3570),
    card(publishedDateTime="2023-13-45"),
    card(x="{a: 2023-06-20T15:44:00Z}"), card(x="!!binary aGk="), card(x="!!set {a}"), card(x="{1: a}"),
    card(title='"\\ud800"'), card(x="[{null: 1}]"), card(x="1" * 5000), "\ufeff" + CARD, "\n\n" + CARD,
    "---\n2023: 2023-06-20T15:44:00Z\n---\n", "---\nnull: a\n---\n",
])  # fmt: skip
def test_what_json_cannot_say_is_odd_or_comes_back(text: str) -> None:
    record = parse("a.md", text.encode("utf-8", "surrogatepass"))
    assert agrees(record) or isinstance(record, Unreadable) or "heat: 0x" in text


@pytest.mark.parametrize("source", [b"", b"no card", b"---\n\xff\n---\n", b"---\na: [\n---\n"])
def test_why_a_card_cannot_be_read_comes_back(source: bytes) -> None:
    record = parse("a.md", source)
    assert not agrees(record)


def test_a_file_that_could_not_be_opened_is_odd_and_so_is_a_reason_that_is_no_unicode() -> None:
    assert not encode(Unreadable("a.md", "io", "permission denied")).brief
    assert not encode(Unreadable("a.md", "yaml", "found \ud800", 3, 4)).brief


@pytest.mark.parametrize("depth", [60, 300, 490])
@pytest.mark.parametrize("pair", [("[", "]"), ("{a: ", "}"), ("[{a: ", "}]")])
def test_a_card_as_deep_as_the_configuration_allows_comes_back(depth: int, pair: tuple[str, str]) -> None:
    count = depth // len(pair[1])
    text = card(x=pair[0] * count + pair[1] * count)
    record = parse("a.md", text.encode(), Limits(depth=500))
    assert isinstance(record, Card)
    encoded = encode(record)
    assert next(decode(["a.md"], [encoded.full])) == record.without_bulk()


def test_values_that_are_shared_come_back_for_each() -> None:
    record = parse("a.md", card(x="*a", y="&a [1, 2]").encode())
    assert isinstance(record, Card)
    assert not agrees(Card("a.md", dict(record.fields)))


def test_an_integer_that_python_will_not_print_is_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not encode(Card("a.md", {"quality": 10**5000})).brief


def test_a_card_in_brief_has_one_url_the_one_that_it_is_known_by() -> None:
    for url in ("https://a.example", "", None):
        text = card(webUrl=url and f'"{url}"', originalUrl='"https://b.example"')
        assert not agrees(parse("a.md", text.encode()))


def test_dates_keep_their_places_among_the_fields() -> None:
    fields: dict[Any, Any] = {"z": 1, "publishedDateTime": datetime(1, 1, 1, tzinfo=UTC), "a": ""}
    fields |= {"title": "t", "d": date(2023, 1, 1), "e": None}
    (back,) = decode(["a.md"], [encode(Card("a.md", fields)).full])
    assert isinstance(back, Card)
    assert list(back.fields.items()) == list(fields.items())
