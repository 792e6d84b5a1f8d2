from __future__ import annotations

import pytest

from tests.rules.cases import ENTRY, ODD, Found, listing, replaced, with_entry, with_lines
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card

FAILS = [
    pytest.param(card(quality="67\nquality: 35"), [Found("NC107", 10, 1, 8, "quality")], id="next-line"),
    pytest.param(
        with_lines('title: "Again"\n'), [Found("NC107", 12, 1, 6, "title")], id="far-below-the-first"
    ),
    pytest.param(with_lines('"title": x\n'), [Found("NC107", 12, 1, 8, "title")], id="one-in-quotes"),
    pytest.param(
        replaced("  domain:", "  name: Ebb\n  domain:"),
        [Found("NC107", 15, 3, 7, "provider.name")],
        id="nested",
    ),
    pytest.param(
        card(provider=f'{{name: "{ODD}", domain: x.example, name: Tide}}'),
        [Found("NC107", 13, 48, 52, "provider.name")],
        id="flow-mapping-after-odd-characters",
    ),
    pytest.param(
        replaced("    height: 720\n", "    height: 720\n    width: 1\n"),
        [Found("NC107", 25, 5, 10, "images[0].width")],
        id="image",
    ),
    pytest.param(
        with_entry("    quality: 60\n", "    quality: 60\n    quality: 61\n", before=1),
        [Found("NC107", 35, 5, 12, "related[1].quality")],
        id="second-entry",
    ),
    pytest.param(
        with_entry("        height: 400\n", "        height: 400\n        height: 0x190\n"),
        [Found("NC107", 26, 9, 15, "related[0].images[0].height")],
        id="image-of-an-entry",
    ),
    pytest.param(
        with_lines("x: {y: {a: 1, z: 0, a: 2}}\n"),
        [Found("NC304", 12, 1, 2, "x", "warning"), Found("NC107", 12, 21, 22, "x.y.a")],
        id="in-an-unknown-field",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_second_key_of_a_name_is_found_on_the_later_one(
    text: str, expected: list[Found], find: Find
) -> None:
    assert find(text) == expected


PASSES = [
    pytest.param(CARD, id="one-of-each"),
    pytest.param(with_entry(), id="the-same-key-at-several-depths"),
    pytest.param(card(excerpt="|\n  quality: 1\n  quality: 2"), id="in-a-text"),
    pytest.param(replaced("type:", "# type: video\ntype:"), id="in-a-comment"),
    pytest.param(CARD + "title: x\ntitle: y\n", id="in-the-body"),
]


@pytest.mark.parametrize("text", PASSES)
def test_a_key_that_stands_once_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_a_key_that_a_merge_brings_too_is_fine(find: Find) -> None:
    # The anchor has to stand above what uses it, and so the provider above `related`.
    provider = "provider: &p\n  name: Tide\n  domain: tide.example\n"
    text = with_entry("      name: Tide\n", "      <<: *p\n      name: Ebb\n")
    text = text.replace("\nprovider:\n  name: Tide\n  domain: tide.example\n", "\n")
    assert find(text.replace("related:", f"{provider}related:")) == []


def test_a_key_that_stands_three_times_is_told_once_on_the_one_that_counts(find: Find) -> None:
    assert find(card(quality="67\nquality: 35\nquality: 3")) == [Found("NC107", 11, 1, 8, "quality")]


def test_yes_and_on_are_one_key(find: Find) -> None:
    found = [found for found in find(with_lines("yes: 1\non: 2\n")) if found.code == "NC107"]
    assert [(each.line, each.column, each.end_column) for each in found] == [(13, 1, 3)]


@pytest.mark.parametrize("key", ["x:", "-"])
def test_a_key_that_would_be_a_collection_if_it_stood_alone_is_a_key_like_any_other(
    key: str, find: Find
) -> None:
    found = find(with_lines(f"{key}: 1\n{key}: 2\n"))
    assert [(each.code, each.line, each.column, each.end_column) for each in found] == [
        ("NC107", 13, 1, 1 + len(key)),
        ("NC304", 13, 1, 1 + len(key)),
    ]


def test_an_alias_as_a_key_is_no_duplicate_of_another(lint: Lint) -> None:
    text = with_lines("a: &a b\nc: &c d\n*a : 1\n*c : 2\nquality: 1\n")
    assert [f.message for f in lint(text) if f.rule.code == "NC107"] == [
        "the key `quality` occurs twice, and the last one counts"
    ]


def test_a_key_that_is_no_text_is_named_as_yaml_writes_it(lint: Lint) -> None:
    (message,) = [f.message for f in lint(with_lines("yes: 1\nyes: 2\n")) if f.rule.code == "NC107"]
    assert message.startswith(("the key `true`", "the key `yes`"))


def test_a_key_after_a_question_mark_is_not_called_fixable(lint: Lint) -> None:
    (finding,) = lint(replaced("quality: 67", "quality: 67\n? quality\n: 67"))
    assert finding.fix is None


TWO = card(related="\n" + ENTRY + ENTRY.replace("north", "south").removesuffix("\n"))
SECOND = '  - title: "Gauges of the south"'


def test_an_entry_whose_dash_is_lost_is_one_finding_without_a_fix(find: Find, lint: Lint) -> None:
    text = TWO.replace(SECOND, SECOND.replace("-", " "))
    assert find(text) == [Found("NC107", 26, 5, 10, "related[0].title")]
    (finding,) = lint(text)
    assert finding.message == "an entry begins here: `- ` is missing"
    assert finding.fix is None


def test_of_three_entries_in_one_the_last_is_reported(find: Find) -> None:
    others = [ENTRY.replace("north", name).replace("- ", "  ", 1) for name in ("south", "west")]
    found = find(card(related=listing(ENTRY, *others)))
    assert found == [Found("NC107", 39, 5, 10, "related[0].title")]


def test_an_entry_whose_first_line_is_lost_is_one_finding_without_a_fix(find: Find, lint: Lint) -> None:
    text = TWO.replace(f"{SECOND}\n", "")
    assert find(text) == [Found("NC107", 26, 5, 12, "related[0].excerpt")]
    (finding,) = lint(text)
    assert finding.message.startswith("the first line of an entry is missing above")
    assert finding.help == "write `- title: …` on a line above"
    assert finding.fix is None


def test_an_image_whose_dash_is_lost_is_one_finding(lint: Lint) -> None:
    image = '    url: "https://a.example/b.jpg"\n    width: 1\n    height: 2\n'
    (finding,) = lint(replaced("    height: 720\n", f"    height: 720\n{image}"))
    assert (finding.message, finding.fix) == ("an item begins here: `- ` is missing", None)


def test_several_repeated_keys_in_an_entry_are_not_called_fixable(lint: Lint) -> None:
    text = with_entry("    type: article\n", "    type: article\n    type: article\n")
    assert [bool(finding.fix) for finding in lint(text)] == [True]
    text = text.replace("    quality: 60\n", "    quality: 60\n    quality: 60\n")
    assert [finding.fix for finding in lint(text)] == [None, None]
