from __future__ import annotations

import pytest

from tests.rules.cases import ENTRY, Found, listing, north
from tests.rules.conftest import FindAll, LintAll
from tests.support import card


def with_qualities(*qualities: str) -> str:
    """Return a card whose entries have these qualities, in the lines 21, 34, 47 and so on."""
    return card(related=listing(*(ENTRY.replace("quality: 60", f"quality: {each}") for each in qualities)))


def found(index: int, line: int, end_column: int = 16) -> Found:
    return Found("NC607", line, 14, end_column, f"related[{index}].quality", "warning")


FAILS = [
    pytest.param(["60", "61"], found(1, 34), id="two"),
    pytest.param(["70", "60", "65"], found(2, 47), id="the-last"),
    pytest.param(["60", "100", "60"], found(1, 34, 17), id="in-the-middle"),
    pytest.param(["60", "0x46"], found(1, 34, 18), id="hexadecimal"),
    pytest.param(["60", "60.5"], found(1, 34, 18), id="fraction"),
    pytest.param(["-1", "0"], found(1, 34, 15), id="below-nothing"),
    pytest.param(["60", '"99"', "61"], found(2, 47), id="around-a-text"),
    pytest.param(["60", "", "61"], found(2, 47), id="around-no-value"),
    pytest.param(["60", "true", "61"], found(2, 47), id="around-a-boolean"),
]


@pytest.mark.parametrize(("qualities", "expected"), FAILS)
def test_the_first_entry_that_is_better_than_the_one_before_is_found(
    qualities: list[str], expected: Found, find_all: FindAll
) -> None:
    assert find_all({"a.md": with_qualities(*qualities)}) == {"a.md": [expected]}


def test_of_many_entries_in_disorder_the_first_alone_is_told(find_all: FindAll) -> None:
    assert find_all({"a.md": with_qualities(*map(str, range(1, 101)))}) == {"a.md": [found(1, 34, 15)]}


@pytest.mark.parametrize(
    "qualities",
    [
        ["60"], ["70", "60"], ["60", "60", "60"], ["189", "0"], ["60", "60.0"], ["0", "-1"],
        ['"60"', '"70"'], ["true", "70"], ["", "70"], ["[1]", "[2]"], [".inf", "60"], ["60", "-.inf"],
    ],
)  # fmt: skip
def test_entries_with_the_best_first_are_fine(qualities: list[str], find_all: FindAll) -> None:
    assert find_all({"a.md": with_qualities(*qualities)}) == {}


@pytest.mark.parametrize(
    "related", [None, "", "a text", "5", "{quality: 5}", "[]", "[5, 6]", "[a, b]", "\n  -\n  - quality: 6"]
)
def test_what_is_no_list_of_entries_has_no_order(related: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=related)}) == {}


def test_the_cards_own_quality_is_no_part_of_the_order(find_all: FindAll) -> None:
    assert find_all({"a.md": with_qualities("60").replace("quality: 67", "quality: 5", 1)}) == {}


def test_the_message_has_both_numbers(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": with_qualities("60", "61")})["a.md"]
    assert finding.message == "the entries are not ordered by quality: 61 comes after 60"
    assert finding.help == "put the best first"


def test_the_message_is_short_for_long_numbers(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": with_qualities("8" * 4000, "9" * 4000)})["a.md"]
    assert len(finding.message) < 200


def test_what_is_not_a_number_is_passed_over(find_all: FindAll) -> None:
    related = "".join(ENTRY.replace("quality: 60", f"quality: {value}") for value in ("60", ".nan", "61"))
    assert [each.field for each in find_all({"a.md": card(related=listing(related))})["a.md"]] == [
        "related[2].quality"
    ]


def _in_disorder(number: int) -> str:
    """Return a card whose second entry is better than the first."""
    entries = [ENTRY.replace("/north", f"/{name}") for name in ("east", "west")]
    better = entries[1].replace("quality: 60", "quality: 61")
    return card(
        related=listing(entries[0], better), title=f'"{number}"', webUrl=f'"https://{number}.example"'
    )


def test_two_entries_in_the_wrong_order_in_several_cards_are_reported_once(lint_all: LintAll) -> None:
    found = lint_all({f"{number}.md": _in_disorder(number) for number in range(3)})
    ((path, (finding,)),) = found.items()
    assert path == "0.md"
    assert finding.message.endswith("61 comes after 60; the same in 2 other copies")
    assert finding.others == (("1.md", 34), ("2.md", 34))
    assert finding.fix
    assert [each.path for each in finding.fix.elsewhere] == ["1.md", "2.md"]


def test_the_order_is_that_of_the_cards_if_only_a_copied_quality_is_out_of_order(find_all: FindAll) -> None:
    east = ENTRY.replace("/north", "/east").replace("of the north", "of the east")
    lister = card(related=listing(east.replace("quality: 60", "quality: 50"), ENTRY.replace("60", "99")))
    other = north(webUrl='"https://www.tide.example/east"', title='"Gauges of the east"', quality="50")
    assert find_all({"a.md": lister, "north.md": north(quality="40"), "east.md": other}) == {}
    assert find_all({"a.md": lister, "north.md": north(quality="99"), "east.md": other}) == {
        "a.md": [found(1, 34)]
    }


def test_entries_that_name_no_card_are_not_the_same_in_several_cards(lint_all: LintAll) -> None:
    related = "\n  - excerpt: Old wells.\n    quality: 60\n  - excerpt: New sensors.\n    quality: 70"
    found = lint_all({"a.md": card(related=related), "b.md": card(related=related)})
    assert {path: [each.others for each in of_card] for path, of_card in found.items()} == {
        "a.md": [()],
        "b.md": [()],
    }


def test_entries_with_a_quality_that_is_no_number_are_not_put_in_order(lint_all: LintAll) -> None:
    entries = [
        ENTRY.replace("north", name).replace("quality: 60", f"quality: {quality}")
        for name, quality in (("north", "60"), ("south", ".nan"), ("east", "70"))
    ]
    (finding,) = lint_all({"a.md": card(related=listing(*entries))})["a.md"]
    assert finding.fix is None
