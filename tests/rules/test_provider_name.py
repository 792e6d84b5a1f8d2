from __future__ import annotations

import time

import pytest

from tests.rules.cases import ENTRY, Found, block, listing
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def of(name: str = "Tide", domain: str = "tide.example") -> str:
    return card(provider=f"\n  name: {name}\n  domain: {domain}")


def found(end_column: int, *others: tuple[str, int]) -> list[Found]:
    return [Found("NC612", 14, 9, end_column, "provider.name", "warning", others=others)]


def test_the_rarer_name_is_found_and_the_cards_with_the_usual_one_are_named(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": of("The Tide"), "c.md": CARD}) == {
        "b.md": found(17, ("a.md", 14), ("c.md", 14))
    }


def test_of_two_names_that_are_as_common_the_later_is_found(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": of("The Tide")}) == {"b.md": found(17, ("a.md", 14))}


def test_a_name_in_several_cards_is_one_finding(lint_all: LintAll) -> None:
    files = {f"{name}.md": of("The Tide") for name in "abc"} | {f"{name}.md": CARD for name in "defg"}
    ((path, (finding,)),) = lint_all(files).items()
    assert (path, finding.others) == ("a.md", (("b.md", 14), ("c.md", 14)))
    assert finding.message == "`The Tide` is `Tide` in `d`, `e` and 2 more; the same in 2 other places"
    assert set(lint_all(files, seen=["a.md"])) == {"b.md"}


def test_of_three_names_each_is_held_against_a_most_common_one(find_all: FindAll) -> None:
    assert find_all({"a.md": of("TIDE"), "b.md": CARD, "c.md": CARD, "d.md": of("tide")}) == {
        "a.md": found(13, ("b.md", 14), ("c.md", 14)),
        "d.md": found(13, ("b.md", 14), ("c.md", 14)),
    }
    found_in = find_all({"a.md": of("TIDE"), "b.md": CARD, "c.md": of("tide")})
    assert {path: len(findings) for path, findings in found_in.items()} == {"b.md": 1, "c.md": 1}


def test_the_case_of_a_domain_makes_no_difference(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": of("The Tide", "Tide.EXAMPLE"), "c.md": CARD}) == {
        "b.md": found(17, ("a.md", 14), ("c.md", 14))
    }


def test_one_name_for_each_domain_is_fine(find_all: FindAll) -> None:
    other = of("The Tide", "www.tide.example")
    assert find_all({"a.md": CARD, "b.md": CARD, "c.md": other, "d.md": other}) == {}


def test_one_name_for_two_domains_is_fine(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": of("Tide", "ebb.example")}) == {}


@pytest.mark.parametrize(
    "provider",
    [
        None, "", "Tide", "5", "[]", "{}", "{name: The Tide}", "{domain: tide.example}",
        "{name: '', domain: tide.example}", "{name: 5, domain: tide.example}", "{name: The Tide, domain: ''}",
        "{name: The Tide, domain: 5}", "{name: [x], domain: tide.example}", "{name: ~, domain: tide.example}",
        "[{name: The Tide, domain: tide.example}]",
    ],
)  # fmt: skip
def test_a_provider_without_name_or_domain_is_left_to_other_rules(
    provider: str | None, find_all: FindAll
) -> None:
    assert find_all({"a.md": CARD, "b.md": card(provider=provider), "c.md": CARD}) == {}


def test_the_providers_of_entries_are_copies(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(ENTRY.replace("name: Tide", "name: The Tide")))}) == {}


def test_cards_of_two_sites_are_two_corpora(find_all: FindAll) -> None:
    assert find_all({"one/_news/a.md": CARD, "two/_news/b.md": of("The Tide")}) == {}


def test_a_card_that_is_only_seen_counts_and_is_not_told(find_all: FindAll) -> None:
    files = {"a.md": CARD, "b.md": of("The Tide"), "c.md": CARD}
    assert find_all(files, seen=["a.md", "c.md"]) == {"b.md": found(17, ("a.md", 14), ("c.md", 14))}
    assert find_all(files, seen=["b.md"]) == {}


@pytest.mark.parametrize("broken", ["", "no card", of("The Tide").removesuffix("---\n")])
def test_a_card_that_cannot_be_read_has_no_provider(broken: str, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": broken}) == {}


REGISTRY = {"tide.example": "The Tide"}


def test_with_a_registry_each_other_name_is_found_once(lint_all: LintAll) -> None:
    files = {"a.md": CARD, "b.md": CARD, "c.md": of("The Tide"), "d.md": of("Tide", "TIDE.example")}
    ((path, (finding,)),) = lint_all(files, providers=REGISTRY).items()
    assert (path, finding.others) == ("a.md", (("b.md", 14), ("d.md", 14)))
    assert finding.message == "`Tide` is `The Tide` in the registry, in 3 cards"


def test_a_domain_that_is_not_in_the_registry_is_compared_among_the_cards(find_all: FindAll) -> None:
    files = {"a.md": CARD, "b.md": of("The Tide"), "c.md": CARD}
    assert set(find_all(files, providers={"ebb.example": "Ebb"})) == {"b.md"}


def test_the_message_has_both_names_and_where_the_usual_one_is(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": CARD, "b.md": of("The Tide"), "c.md": CARD})["b.md"]
    assert finding.message == "`The Tide` is `Tide` in `a` and `c`"
    assert finding.help == "write `Tide`, or the other name there"


def test_the_message_has_the_name_of_the_registry(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": CARD}, providers=REGISTRY)["a.md"]
    assert finding.message == "`Tide` is `The Tide` in the registry"
    assert finding.help == "write `The Tide`"


def test_the_message_is_short_for_long_names(lint_all: LintAll) -> None:
    found = lint_all({"a.md": of("x" * 5000), "b.md": of("y" * 5000, "tide.example")})
    for findings in found.values():
        assert len(findings[0].message) < 200
        assert len(findings[0].help) < 200


def test_very_many_cards_of_very_many_names_cost_little(lint_all: LintAll) -> None:
    start = time.monotonic()
    found = lint_all(
        {f"{n:04}.md": block(f"provider: {{name: n{n // 2}, domain: x.example}}\n") for n in range(2000)}
    )
    assert time.monotonic() - start < 30
    assert sum(map(len, found.values())) == 999
