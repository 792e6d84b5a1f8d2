"""What is missing is added where a person would add it, and as a person would write it."""

from __future__ import annotations

from typing import Any

import pytest

from newscards.cards.values import Scalar
from newscards.edits.operations import Append, Operation, SetValue
from newscards.errors import EditRefusedError
from tests.edits.test_apply import made
from tests.support import CARD, card


def fenced(text: str) -> str:
    return f"---\n{text}---\n"


KEYS: list[tuple[str, tuple[Any, ...], Scalar, str]] = [
    # Its place is that in the order of FIELDS, at every level.
    ("provider:\n  name: X\n", ("provider", "domain"), "x.org", "provider:\n  name: X\n  domain: x.org\n"),
    ("provider:\n  domain: X\n", ("provider", "name"), "x", "provider:\n  name: x\n  domain: X\n"),
    ("x: 1\ntype: a\n", ("quality",), 3, "x: 1\ntype: a\nquality: 3\n"),
    ("x: 1\nheat: 3\n", ("quality",), 3, "x: 1\nquality: 3\nheat: 3\n"),
    ("x: 1\ny: 2\n", ("quality",), 3, "x: 1\ny: 2\nquality: 3\n"),
    ("x: 1\nheat: 3\n", ("z",), 3, "x: 1\nheat: 3\nz: 3\n"),
    # The dash of an item stays with its first key.
    ("images:\n  - url: x\n    height: 1\n", ("images", 0, "width"), 5,
     "images:\n  - url: x\n    width: 5\n    height: 1\n"),
    ("images:\n  - width: 1\n    height: 1\n", ("images", 0, "url"), "x",
     'images:\n  - width: 1\n    url: "x"\n    height: 1\n'),
    ("images:\n-   width: 1 # one\n-   height: 1\n", ("images", 0, "height"), 2,
     "images:\n-   width: 1 # one\n    height: 2\n-   height: 1\n"),
    ("images:\n  -\n    width: 1\n", ("images", 0, "url"), "x", 'images:\n  -\n    url: "x"\n    width: 1\n'),
    # Mappings that are missing are made.
    ("title: x\n", ("provider", "name"), "X", "title: x\nprovider:\n  name: X\n"),
    ("type: x\nb:\n    c: 1\n", ("provider", "name"), "X", "type: x\nprovider:\n    name: X\nb:\n    c: 1\n"),
    ("title: x\n\ntopics:\n  - A\n", ("provider", "name"), "X",
     "title: x\n\nprovider:\n  name: X\n\ntopics:\n  - A\n"),
    ("topics:\n  - A\n\nimages: []\n", ("provider", "name"), "X",
     "provider:\n  name: X\n\ntopics:\n  - A\n\nimages: []\n"),
    # Braces.
    ("provider: {name: x}\n", ("provider", "domain"), "y", "provider: {name: x, domain: y}\n"),
    ("provider: {name: x, }\n", ("provider", "domain"), "y", "provider: {name: x, domain: y, }\n"),
    ("provider: { }\n", ("provider", "domain"), "y", 'provider: {domain: "y" }\n'),
    ("a: {b: 1}\n", ("a", "c", "d"), "y, z", 'a: {b: 1, c: {d: "y, z"}}\n'),
    # Quotes are those of the nearest text, of words those of words.
    ("title: 'x'\n", ("excerpt",), "it's", "title: 'x'\nexcerpt: 'it''s'\n"),
    ("quality: 1\nsecured: 'x'\n", ("title",), "y", "title: 'y'\nquality: 1\nsecured: 'x'\n"),
    ("category: news\n", ("title",), "y", 'category: news\ntitle: "y"\n'),
    ("category: news\n", ("webUrl",), "y", 'category: news\nwebUrl: "y"\n'),
    ("category: news\n", ("featuredContent",), "y", "category: news\nfeaturedContent: y\n"),
    ('title: "x"\n', ("type",), "article", 'title: "x"\ntype: article\n'),
    ('title: "x"\ntype: article\n', ("secured",), "a;b", 'title: "x"\ntype: article\nsecured: "a;b"\n'),
    ("title: x\n", ("excerpt",), "a: b", 'title: x\nexcerpt: "a: b"\n'),
    ("title: >\n  x\n", ("excerpt",), "y", 'title: >\n  x\nexcerpt: "y"\n'),
    # Keys that are none without quotes.
    ("title: x\n", ("yes",), 1, 'title: x\n"yes": 1\n'),
    ("title: x\n", ("a: b",), 1, 'title: x\n"a: b": 1\n'),
    # Comments directly above a key, or deeper below a value, stay with it; blank lines stay where they are.
    ("# the title\ntitle: x\n", ("category",), "news", "category: news\n# the title\ntitle: x\n"),
    ("# the card\n\ntitle: x\n", ("category",), "news", "# the card\n\ncategory: news\ntitle: x\n"),
    ("x: 1\n# the title\ntitle: y\n", ("category",), "news", "x: 1\ncategory: news\n# the title\ntitle: y\n"),
    ("heat: 1\n  # so hot\n# the rest\n\nx: 1\n", ("published",), True,
     "heat: 1\n  # so hot\npublished: true\n# the rest\n\nx: 1\n"),
    ("heat: |\n  x\n\n\nx: 1\n", ("published",), True, "heat: |\n  x\npublished: true\n\n\nx: 1\n"),
    ("images:\n- url: x\n\n", ("secured",), "y", "images:\n- url: x\n\nsecured: \"y\"\n\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "path", "value", "after"), KEYS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_missing_key_is_added(
    before: str, path: tuple[Any, ...], value: Scalar, after: str, end: str
) -> None:
    old, new = (fenced(text).replace("\n", end) for text in (before, after))
    assert made(old, Operation(path, SetValue(value))) == new


LISTS = [
    ("topics:\n  - A\n", "B", "topics:\n  - A\n  - B\n"),
    ("topics:\n-   A\n", "B", "topics:\n-   A\n-   B\n"),
    ("topics:\n  - A\n  -\n", "B", "topics:\n  - A\n  -\n  - B\n"),
    ('topics:\n  - A\n  - "B" # why\n', "C", 'topics:\n  - A\n  - "B" # why\n  - "C"\n'),
    ("topics:\n  - 'A'\n  - 1\n", "it's", "topics:\n  - 'A'\n  - 1\n  - 'it''s'\n"),
    ("topics:\n  - A\n", "no", 'topics:\n  - A\n  - "no"\n'),
    ("topics:\n  - A\n", "? x", 'topics:\n  - A\n  - "? x"\n'),
    ("topics:\n  - A\n  # of the next\n", "B", "topics:\n  - A\n  - B\n  # of the next\n"),
    ("topics:\n  - A\n    # of A\n\nx: 1\n", "B", "topics:\n  - A\n    # of A\n  - B\n\nx: 1\n"),
    ("topics:\n- A\n# of x\nx: 1\n", "B", "topics:\n- A\n- B\n# of x\nx: 1\n"),
    ("topics:\n  - |\n    A\n", "B", 'topics:\n  - |\n    A\n  - "B"\n'),
    ("topics: [A]\n", "B", "topics: [A, B]\n"),
    ("topics: [ A,B ] # c\n", "C", "topics: [ A,B,C ] # c\n"),
    ('topics: [A, "B"]\n', "C", 'topics: [A, "B", "C"]\n'),
    ("topics: [A]\n", "B, C", 'topics: [A, "B, C"]\n'),
    ("topics: []\n", "A", "topics: [A]\n"),
    ("topics: [\n  A,\n  B,\n]\n", "C", "topics: [\n  A,\n  B,\n  C,\n]\n"),
    ("topics: [\n  A\n]\n", "B", "topics: [\n  A,\n  B\n]\n"),
    ("topics: [A,\n  B]\n", "C", "topics: [A,\n  B,\n  C]\n"),
    ("topics: [A, # a\n  B]\n", "C", "topics: [A, # a\n  B,\n  C]\n"),
    ("topics:\n", "A", "topics:\n  - A\n"),
    ("topics: ~ # none\n", "A", "topics: # none\n  - A\n"),
    ("topics:   # none\nimages:\n- url: x\n", "A", "topics:   # none\n- A\nimages:\n- url: x\n"),
    ("title: x\nimages: []\n", "A", "title: x\ntopics:\n  - A\nimages: []\n"),
    ("title: x\n\nimages: []\n", "A", "title: x\n\ntopics:\n  - A\n\nimages: []\n"),
]


@pytest.mark.parametrize(("before", "value", "after"), LISTS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_item_is_added_to_the_end_of_its_list(before: str, value: str, after: str, end: str) -> None:
    old, new = (fenced(text).replace("\n", end).removesuffix(end) for text in (before, after))
    assert made(old, Operation(("topics",), Append(value))) == new


def test_lists_in_lists_and_in_braces_are_added_to() -> None:
    add = Append("B")
    assert made(fenced("a: {b: [A]}\n"), Operation(("a", "b"), add)) == fenced("a: {b: [A, B]}\n")
    assert made(fenced("a: {b: , c: 1}\n"), Operation(("a", "b"), add)) == fenced("a: {b: [B], c: 1}\n")
    assert made(fenced("a: {c: 1}\n"), Operation(("a", "b"), add)) == fenced("a: {c: 1, b: [B]}\n")
    assert made(fenced("a:\n- - A\n  - C\n"), Operation(("a", 0), add)) == fenced("a:\n- - A\n  - C\n  - B\n")
    assert made(fenced("a:\n  x: 1\n  b:\n"), Operation(("a", "b"), add)) == fenced(
        "a:\n  x: 1\n  b:\n    - B\n"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("topics: AI\n", "`topics` is not a list"),
        ("topics: ''\n", "`topics` is not a list"),
        ("topics: {A: B}\n", "`topics` is not a list"),
        ("topics: &t [A]\n", "anchor"),
        ("topics: !!seq [A]\n", "anchor, an alias or a tag"),
        ("topics: [A # a\n  ]\n", "a comment stands behind the last item"),
        ("topics:\n- - A\n", "lines of its own"),
        ("topics:\n- - A\ntopics: []\n", "stands 2 times"),
    ],
)
def test_what_cannot_be_added_to_safely_is_refused(text: str, reason: str) -> None:
    path = ("topics", 0) if text == "topics:\n- - A\n" else ("topics",)
    with pytest.raises(EditRefusedError, match=reason):
        made(fenced(text), Operation(path, Append("B")))


def test_every_field_that_is_taken_out_of_a_card_comes_back_where_it_stood() -> None:
    values: dict[str, Scalar] = {
        "category": "news",
        "title": "Tide gauges get a second life",
        "excerpt": "Old wells, new sensors.",
        "originalUrl": "https://www.tide.example/gauges",
        "webUrl": "https://www.tide.example/gauges",
        "type": "article",
        "quality": 67,
        "heat": 67,
        "published": True,
        "secured": "AAAAAAAAAAAAAAAAAAAAAA==;AAAAAAAAAAAAAAAAAAAAAA==",
    }
    for name, value in values.items():
        without = card(**{name: None})
        if name == "secured":  # the blank line above it belongs to it
            without = without.replace("\n\n---", "\n---")
        assert made(without, Operation((name,), SetValue(value))) == CARD
    without = CARD.replace("\n\ntopics:\n  - Oceans\n  - Science", "")
    both = [Operation(("topics",), Append(name)) for name in ("Oceans", "Science")]
    assert made(without, *both) == CARD
    without = CARD.replace("\n\nprovider:\n  name: Tide\n  domain: tide.example", "")
    both = [Operation(("provider", name), SetValue(value)) for name, value in
            (("name", "Tide"), ("domain", "tide.example"))]  # fmt: skip
    assert made(without, *both) == CARD
