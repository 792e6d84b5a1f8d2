"""A key stands in one mapping, and another one beside it lacks it: its line is indented wrongly.

A blank too few or too many, or one that is none to YAML, makes a field of the provider one of the card, or
the other way round. This finding stands for both: the key that is unknown here, and missing there. It stands,
too, for all items of a list whose own key is missing above them, and for all fields below a key too much.

Fails:

    ---
    provider:
      name: "The Tide"
    domain: tide.example
    …
    ---

Passes:

    ---
    provider:
      name: "The Tide"
      domain: tide.example
    …
    ---

Fix: indent the line like the others of its mapping.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from newscards.cards.card import Card
from newscards.cards.fields import card_field, field_at
from newscards.cards.values import field_name
from newscards.frontmatter.fences import FrontMatter
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import Step
from newscards.lint.findings import Severity
from newscards.lint.rule import FoundProblem, Problem, Rule
from newscards.rules.common import first_word, missing, names_of

_Path = tuple[Step, ...]
_MAX_NAMED = 3
_HERE = ("NC107", "NC303", "NC304")
"""The rules that find a key where it does not belong: it is there already, misspelt or unknown."""


def check(card: Card, front: FrontMatter, found: Sequence[FoundProblem]) -> Iterator[Problem]:
    """Yield a problem for each key that is too much in one mapping, and missing in one in or around it."""
    lacking: dict[str, list[_Path]] = {}
    for rule, _, path in found:
        if rule.code == "NC301" and path:
            lacking.setdefault(str(path[-1]), []).append(path)
    if below := _below_one_key(card, found):
        yield below
        return
    yield from _without_key(card, found)
    used: set[_Path] = set()
    for rule, _, path in found if lacking else ():
        if rule.code not in _HERE or not path:
            continue
        name = first_word(str(path[-1]))
        near = [other for other in lacking.get(name, ()) if _is_near(card, rule.code, path, other)]
        if near:
            there = near.pop()  # the last one before it
            lacking[name].remove(there)
            used.add(path)
            where, how = _names(path, there)
            yield Problem(
                f"the key `{name}` belongs to {where}", path, Anchor.KEY,
                f"indent this line {how}, with blanks",
                explains=((rule.code, path), ("NC301", there)),
                site=name == "published",
            )  # fmt: skip

    yield from _of_block_above(card, [each for each in found if each[2] not in used])


def _below_one_key(card: Card, found: Sequence[FoundProblem]) -> Problem | None:
    """Return the problem of an unknown key that has the card's fields below it."""
    for rule, _, path in found:
        inner = card.fields.get(str(path[0])) if rule.code == "NC304" and len(path) == 1 else None
        if isinstance(inner, dict) and not missing(card_field(), inner):
            explains = tuple((code, (name,)) for name in inner for code in ("NC301", "NC617"))
            return Problem(
                f"the card's fields are below the key `{path[0]}`", path, Anchor.KEY,
                "delete this line, and indent those below it less",
                explains=((rule.code, path), *explains), site=True,
            )  # fmt: skip
    return None


def _without_key(card: Card, found: Sequence[FoundProblem]) -> Iterator[Problem]:
    """Yield a problem for each list that another one begins in, because the key of that is missing."""
    absent = [
        field
        for field in card_field().fields
        if field.item and field.item.fields and field.name not in card.fields
    ]
    for field in card_field().fields if absent else ():
        items = card.fields.get(field.name)
        own = names_of(field.item) if field.item else frozenset()
        for index, item in enumerate(items if isinstance(items, list) and field.item else ()):
            if not isinstance(item, dict) or not item or item.keys() <= own:
                continue
            meant = next((each for each in absent if each.item and item.keys() <= names_of(each.item)), None)
            if meant:
                yield _begins_in(field.name, index, item, meant.name, found)
            break


def _begins_in(
    name: str, index: int, item: dict[Any, Any], meant: str, found: Sequence[FoundProblem]
) -> Problem:
    """Return the problem of a list in which the items of another one begin at an index."""
    return Problem(
        f"the items from here on are those of `{meant}`, whose line is missing",
        (name, index, next(iter(item))),
        Anchor.KEY,
        f"write `{meant}:` on a line above",
        explains=tuple(
            (rule.code, path)
            for rule, _, path in found
            if len(path) > 1 and path[0] == name and type(path[1]) is int and path[1] >= index
        ),
    )


def _of_block_above(card: Card, found: Sequence[FoundProblem]) -> Iterator[Problem]:
    """Yield a problem for the unknown keys of a card that belong to the mapping or the item above them."""
    unknown = {path[0]: rule.code for rule, _, path in found if rule.code == "NC304" and len(path) == 1}
    above, names = "", frozenset[str]()
    groups: dict[str, list[str]] = {}
    for key in card.fields if unknown else ():
        if key in names_of(card_field()):
            field = field_at((key,))
            above, names = key, names_of(field.item or field) if field else frozenset()
        elif key in unknown and isinstance(key, str) and first_word(key) in names:
            groups.setdefault(above, []).append(key)
    for block, keys in groups.items():
        what, verb, lines = (
            ("keys", "belong", "these lines") if len(keys) > 1 else ("key", "belongs", "this line")
        )
        listed = ", ".join(f"`{first_word(key)}`" for key in keys[:_MAX_NAMED])
        listed += f" and {len(keys) - _MAX_NAMED} more" if len(keys) > _MAX_NAMED else ""
        is_empty = card.fields[block] is None
        yield Problem(
            f"the {what} {listed} {verb} to `{block}`", (keys[0],), Anchor.KEY,
            f"indent {lines} more, with blanks",
            explains=(*(("NC304", (key,)) for key in keys), *((("NC302", (block,)),) if is_empty else ())),
        )  # fmt: skip


def _is_near(card: Card, code: str, here: _Path, there: _Path) -> bool:
    """Return whether a mapping is in or around another one, and stands right before it if it is inside."""
    inner, outer = (here, there) if len(here) > len(there) else (there, here)
    if len(inner) == len(outer) or inner[: len(outer) - 1] != outer[:-1]:
        return False
    if inner is here or len(outer) > 1:
        return True
    if code == "NC107":  # of a key that occurs twice, the place of the second one is not known
        return True
    # A key of the card belongs to the block above it: an earlier or a later one is another matter.
    keys = list(card.fields)
    return bool(keys[keys.index(here[0]) - 1] == there[0])


def _names(here: _Path, there: _Path) -> tuple[str, str]:
    """Return the name of the mapping that lacks a key, and how the key's line is to be indented."""
    where = f"`{field_name(there[:-1])}`" if len(there) > 1 else "the card itself"
    return where, "less" if len(here) > len(there) else "more"


RULE = Rule("NC305", "misplaced-key", Severity.ERROR, cause=check, symptoms=("NC301", *_HERE))
