"""A key stands in one mapping, and another one beside it lacks it: its line is indented wrongly.

A blank too few or too many, or one that is none to YAML, makes a field of the provider one of the card, or
the other way round. This finding stands for both: the key that is unknown here, and missing there.

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

from newscards.cards.card import Card
from newscards.cards.values import field_name
from newscards.frontmatter.fences import FrontMatter
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import Step
from newscards.lint.findings import Severity
from newscards.lint.rule import FoundProblem, Problem, Rule
from newscards.rules.common import first_word

_Path = tuple[Step, ...]
_HERE = ("NC107", "NC303", "NC304")
"""The rules that find a key where it does not belong: it is there already, misspelt or unknown."""


def check(card: Card, front: FrontMatter, found: Sequence[FoundProblem]) -> Iterator[Problem]:
    """Yield a problem for each key that is too much in one mapping, and missing in one in or around it."""
    missing: dict[str, list[_Path]] = {}
    for rule, _, path in found:
        if rule.code == "NC301" and path:
            missing.setdefault(str(path[-1]), []).append(path)
    if not missing:
        return
    for rule, _, path in found:
        if rule.code not in _HERE or not path:
            continue
        name = first_word(str(path[-1]))
        near = [other for other in missing.get(name, ()) if _is_near(card, rule.code, path, other)]
        if near:
            there = near.pop()  # the last one before it
            missing[name].remove(there)
            where, how = _names(path, there)
            yield Problem(
                f"the key `{name}` belongs to {where}", path, Anchor.KEY,
                f"indent this line {how}, with blanks",
                explains=((rule.code, path), ("NC301", there)),
                site=name == "published",
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
