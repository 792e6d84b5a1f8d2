"""Dependents: cards that share a key depend on each other, and so do the dependents of dependents."""

from __future__ import annotations

import random

import pytest

from newscards.lint.dependents import Dependents, Links

TOPIC, UPPER, LOWER = 99, 1, 2


def groups_of(dependents: Dependents, cards: dict[str, Links]) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for name, (keys, _) in cards.items():
        groups.setdefault(dependents.labels[keys[0]], set()).add(name)
    return {frozenset(group) for group in groups.values()}


def test_cards_that_share_a_key_are_dependents_and_so_are_dependents_of_dependents() -> None:
    cards: dict[str, Links] = {
        "a": ([1, 10], []),
        "b": ([2, 10, 11], []),
        "c": ([3, 11], []),
        "d": ([4, 12], []),
    }
    assert groups_of(Dependents.of([*cards.values()]), cards) == {frozenset("abc"), frozenset("d")}


def test_spellings_make_dependents_only_where_they_differ() -> None:
    cards: dict[str, Links] = {
        "a": ([1], [(TOPIC, UPPER)]),
        "b": ([2], [(TOPIC, UPPER)]),
        "c": ([3], []),
    }
    assert len(groups_of(Dependents.of([*cards.values()]), cards)) == 3
    cards["c"] = ([3], [(TOPIC, LOWER)])
    assert groups_of(Dependents.of([*cards.values()]), cards) == {frozenset("abc")}


def test_a_second_spelling_needs_a_look_at_all_and_a_third_does_not() -> None:
    one = Dependents.of([([1], [(TOPIC, UPPER)]), ([2], [])])
    assert one.add([([2], [(TOPIC, LOWER)])], []) is None
    two = Dependents.of([([1], [(TOPIC, UPPER)]), ([2], [(TOPIC, LOWER)]), ([3], [])])
    found = two.add([([3], [(TOPIC, 7)])], [])
    assert found is not None
    assert two.labels[1] == two.labels[2] == two.labels[3]
    assert two.labels[1] in found


def test_former_dependents_are_affected_when_a_card_changes_or_goes() -> None:
    dependents = Dependents.of([([1, 10], []), ([2, 10], []), ([3, 11], []), ([4, 12], [])])
    gone = dependents.labels[1]
    found = dependents.add([([1, 11], [])], [gone])
    assert found is not None
    assert {gone, dependents.labels[3]} <= found
    assert dependents.labels[4] not in found
    assert Dependents.of([]).add([], []) == {0}


def test_dependents_are_the_same_after_they_were_stored() -> None:
    dependents = Dependents.of([([1, 2**32 - 1], [(TOPIC, UPPER)]), ([3], [(5, 0)])])
    parts = dependents.encode()
    again = Dependents.decode(*parts)
    assert (again.labels, again.spellings) == (dependents.labels, dependents.spellings)
    with pytest.raises(ValueError, match=r"\w"):
        Dependents.decode(parts[0], parts[1][:-4], *parts[2:])
    with pytest.raises(ValueError, match=r"\w"):
        Dependents.decode(parts[0][:-1], *parts[1:])


@pytest.mark.parametrize("seed", range(50))
def test_dependents_found_from_all_cards_are_found_from_a_change_too(seed: int) -> None:
    rng = random.Random(seed)

    def some_card(number: int) -> Links:
        keys = [rng.randrange(100, 120) for _ in range(rng.randrange(3))]
        return [number, *keys], [(rng.randrange(200, 204), rng.randrange(2)) for _ in range(rng.randrange(2))]

    cards: dict[str, Links] = {str(number): some_card(number) for number in range(1, 12)}
    dependents = Dependents.of([*cards.values()])
    for _ in range(10):
        number = rng.randrange(1, 15)
        before = cards.get(str(number))
        old = [dependents.labels[before[0][0]]] if before else []
        cards[str(number)] = some_card(number)
        touched = dependents.add([cards[str(number)]], old)
        if touched is None:
            dependents = Dependents.of([*cards.values()])
            continue
        found = groups_of(dependents, cards)
        for group in groups_of(Dependents.of([*cards.values()]), cards):
            assert any(group <= larger for larger in found), "there may be more dependents, and never fewer"
        assert dependents.labels[number] in touched
