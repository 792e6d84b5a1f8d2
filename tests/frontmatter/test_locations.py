"""Where a problem stands: in a block, or an entry, found as in the whole front matter."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscards.frontmatter import locations
from newscards.frontmatter.blocks import blocks_of, read_fields
from newscards.frontmatter.fences import FrontMatter, UnreadableError, find_fences
from newscards.frontmatter.locations import Anchor, Locator, locator_of
from newscards.frontmatter.nodes import Step, parse_tree, walk
from newscards.frontmatter.positions import Span
from tests.rules.cases import ENTRY, block, listing
from tests.support import CARD, card
from tests.support.yaml_strategies import SAMPLES, documents, fenced, lines, mutated_cards, soup

RELATED = card(related=listing(ENTRY + ENTRY.replace("north", "south") + ENTRY)).encode()
Paths = list[tuple[Step, ...]]


def by_whole(source: bytes, front: FrontMatter, paths: Paths) -> list[Span]:
    with mock.patch.object(locations, "blocks_of", return_value=None):
        return spans(Locator(source, front, is_simple=False), paths)


def spans(places: Locator, paths: Paths) -> list[Span]:
    whole = [places.span(path, place) for path in paths for place in Anchor]
    return whole + [places.span(path, Anchor.VALUE, part) for path in paths for part in ((0, 1), (2, 4))]


def paths_in(front: FrontMatter) -> Paths:
    """Return the paths to all that stands in a front matter, and some to what does not."""
    root = parse_tree(front.text())
    found = [path for _, path, _ in walk(root)] if root else []
    lost: Paths = [(*path, step) for path in found[:40] for step in ("title", 0, 7, True)]
    return [*found[:200], *lost, ("related", 1, "provider", "name"), ("related", 99), ("no", "such")]


def check_places(source: bytes) -> bool:
    """Assert that each place is that in the whole; tell whether it was looked up in a block."""
    try:
        front = find_fences(source)
        read_fields(front)
    except UnreadableError:
        return False
    paths = paths_in(front)
    assert spans(Locator(source, front), paths) == by_whole(source, front, paths)
    return blocks_of(front) is not None


@pytest.mark.parametrize("source", [CARD.encode(), RELATED, RELATED.replace(b"\n", b"\r\n")])
def test_a_place_in_a_block_is_that_in_the_whole_card(source: bytes) -> None:
    assert check_places(source)


HOSTILE = [
    'related:\n  - a: "x\n  - b"\n  -\n    a: 1\n  - c: 2\n',
    "related:\n  - a: [x,\n  - b]\n  -\n    a: 1\n  - c: 2\n",
    "related:\n  - a: |\n     - x\n  # comment\n  - ? b\nc: 1\n",
    "related:\n- a: 1\n\n- b\n-   - c\nrelated:\n  - a\n",
    "related:\n  - >\n    a\n\n\n  - {a: 1,\n  b: 2}\n  -  \nb:\n",
    "# comment\n\na: é“\nrelated:\n    - a: 1\n    - - b\n      - c\n",
    "related:\n  - a: 1\n  -\t\n  - b: 1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_an_entry_is_no_place(text: str) -> None:
    check_places(block(text).encode())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_place_in_any_sample_is_that_in_the_whole(sample: Path) -> None:
    check_places(sample.read_bytes())


@settings(deadline=None)
@given(mutated_cards() | documents().map(str.encode).map(fenced) | lines() | soup())
@example(RELATED)
@example(b'---\nquality: 3\ntitle: "x"\rtitle: "x"\n---\n')
@example(b"---\nrelated:\n  - title: a\n  - title: b\r    type: c\n---\n")
def test_a_place_in_any_card_is_that_in_the_whole(source: bytes) -> None:
    check_places(source)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3),
    st.integers(0, 200),
    st.sampled_from("\"'[]{}-:# \n|>a"),
)
def test_a_place_among_broken_entries_is_that_in_the_whole(texts: list[str], at: int, character: str) -> None:
    text = "".join(texts)
    check_places(block(text[:at] + character + text[at:]).encode())


def test_an_entry_is_located_once_for_all_cards_that_have_it() -> None:
    locations._parse_entry.cache_clear()
    first = 0
    with mock.patch.object(locations, "parse_tree", wraps=parse_tree) as located:
        for number in range(5):
            source = RELATED.replace(b"Tide gauges", f"Tide gauges {number}".encode())
            Locator(source, find_fences(source)).span(("related", 1, "title"))
            first = located.call_count if number == 0 else first
    assert located.call_count == first


def test_an_entry_that_is_too_long_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    locations._parse_entry.cache_clear()
    monkeypatch.setattr(locations, "_MAX_REMEMBERED", 10)
    assert check_places(RELATED)
    assert locations._parse_entry.cache_info().currsize == 0


@pytest.mark.parametrize("source", [b"", b"---\na: [\n---\n", b"---\na: \xff\n---\n"])
def test_what_cannot_be_read_by_now_has_no_places(source: bytes) -> None:
    assert locator_of(source) is None
    with pytest.raises((UnreadableError, yaml.YAMLError)):
        Locator(source, find_fences(source))


PARTS = [
    ('title: "Tide\u200b gauges"', (4, 5), (2, 13, 2, 14)),
    (r'title: "Tide\u200b gauges"', (4, 5), (2, 13, 2, 19)),
    ("title: Tide\u200b gauges # c", (4, 5), (2, 12, 2, 13)),
    ("title: Tide\xa0", (4, 5), (2, 12, 2, 13)),
    ("title: 'The tide''s turn'", (8, 9), (2, 17, 2, 19)),
    ("title: 'The tide''s turn'", (9, 10), (2, 19, 2, 20)),
    ('title: "漢字\t 😀 x"', (5, 6), (2, 14, 2, 15)),
    ("title: Tide\n  gauges rise", (5, 11), (3, 3, 3, 9)),
    ("title: Tide\n  gauges rise", (4, 5), (2, 12, 3, 3)),
    ("title: >-\n  Tide\n  gauges rise ", (12, 17), (4, 10, 4, 15)),
    ("title: |\r\n  Tide\r\n  gauges \r\n", (11, 12), (4, 9, 4, 10)),
    ('title: "Tide\x85 \u2028 gauges"', (4, 6), (2, 15, 2, 18)),
    ('title: &a !!str "Tide"', (1, 2), (2, 19, 2, 20)),
    ("title: Tide", (3, 9), (2, 8, 2, 12)),
    ("title: [Tide]", (0, 1), (2, 8, 2, 14)),
    ("a: &a Tide\ntitle: *a", (0, 1), (3, 8, 3, 10)),
    ("a: &a {title: Tide}\n<<: *a", (0, 1), (2, 1, 3, 7)),
]


@pytest.mark.parametrize(("text", "part", "expected"), PARTS)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_part_of_a_value_has_its_own_place(
    text: str, part: tuple[int, int], expected: tuple[int, ...], mark: str
) -> None:
    source = f"{mark}---\n{text}\n---\n".encode()
    front = find_fences(source)
    assert Locator(source, front).span(("title",), Anchor.VALUE, part)[:4] == expected


def test_a_part_on_a_later_line_has_the_line_of_its_value() -> None:
    source = b"---\nquality: 1\ntitle: |\n  Tide\n  gauges\n---\n"
    locator = Locator(source, find_fences(source))
    assert locator.span(("title",), part=(0, 4)) == Span(4, 3, 4, 7, "  Tide", 3)
    assert locator.span(("title",)) == Span(3, 8, 5, 9, "title: |")


@pytest.mark.parametrize("text", ["title: Tide #1 and #2 \r\n", "title: Tide\n  gauges  #1 and #2\n"])
def test_the_comment_behind_a_value_has_a_place(text: str) -> None:
    source = f"---\n{text}---\n".encode()
    line, column, end_line, end_column, shown, _ = Locator(source, find_fences(source)).span(
        ("title",), Anchor.COMMENT
    )
    assert line == end_line
    assert shown[column - 1 : end_column - 1] == "#1 and #2"
