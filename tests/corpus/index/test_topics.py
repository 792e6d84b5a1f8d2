"""Which cards have which topics: whatever is added and forgotten, it is what a look at all cards gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newscards.corpus.index.topics import TopicIds, Topics, has_any

names = st.sampled_from(["", "oceans", "ß", "\ud800", "null", "a\nb", "\0"])
topics = st.one_of(st.none(), st.lists(names, max_size=3).map(tuple))


@given(st.lists(topics, max_size=8), st.sets(st.integers(1, 8)), st.sets(names), st.booleans())
def test_what_is_kept_is_what_a_look_at_all_cards_gives(
    cards: list[Topics], gone: set[int], asked: set[str], later: bool
) -> None:
    kept = TopicIds()
    for number, each in enumerate(cards, 1):
        kept.add(number, each)
    if later:
        kept = TopicIds(kept.encode())
    kept.forget(gone)
    expected = {number for number, each in enumerate(cards, 1) if number not in gone and has_any(each, asked)}
    assert kept.with_any(asked) == expected
    assert TopicIds(kept.encode()).with_any(asked) == expected


def test_a_large_id_is_kept() -> None:
    kept = TopicIds()
    kept.add(1 << 40, ("oceans",))
    assert TopicIds(kept.encode()).with_any(["oceans"]) == {1 << 40}
