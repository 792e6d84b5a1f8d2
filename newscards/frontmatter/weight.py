"""How deep and how large a YAML text is, measured before it is composed.

That is done on libyaml's events, which do not recurse: PyYAML's composer does, and ``'[' * 30000`` ends
the process; aliases that stand for aliases may be billions of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from newscards.frontmatter.limits import MAX_DEPTH, Limits, LoadError

MAX_CHARACTERS = 16 << 20
"""How much text a card may have after its aliases are expanded, in code points."""

_READ_AHEAD = 1100
"""How far, in code points, libyaml may have read before it yields an event: 1,024 and a token."""

HAS_LIBYAML: bool = yaml.__with_libyaml__


def indicators(text: str) -> int:
    """Return a number that the depth of ``text`` cannot exceed, nor its nodes four times as many.

    Every collection and every scalar in one is introduced by an indicator of its own (YAML 1.1,
    chapter 4.1: ``-``, ``?``, ``:``, ``,``, ``[``, ``{``), which introduces at most three nodes.
    """
    return 1 + sum(map(text.count, "-?:,[{"))


class _Weight(NamedTuple):
    """What an anchored value weighs wherever an alias repeats it."""

    nodes: int
    characters: int
    height: int


def measure(text: str, limits: Limits, loader: type[Any]) -> None:
    """Raise ``LoadError`` where ``text`` is too deep or too large with its aliases, or holds itself.

    Raises ``yaml.YAMLError`` where it is not YAML. The answer is the same with every version of libyaml:
    0.2.6 refuses more than 1,000 levels, and reads up to 1,024 characters ahead of its first event to see
    whether ``[`` begins a key, so its error may come before the events that are measured. Where so many
    brackets stand before an error, PyYAML's own scanner, which has no such limit, measures instead.
    """
    try:
        _measure(text, limits, loader)
    except yaml.MarkedYAMLError as error:
        if error.problem_mark is not None:
            end: int = error.problem_mark.index + 1
            read_ahead = text[max(0, end - _READ_AHEAD) : end]
            if read_ahead.count("[") + read_ahead.count("{") >= MAX_DEPTH:
                _measure(text, limits, yaml.SafeLoader)
        raise


def _measure(text: str, limits: Limits, loader: type[Any]) -> None:
    nodes = characters = 0
    started: list[tuple[str | None, int, int]] = []  # open collections: anchor, nodes, characters before
    heights: list[int] = [0]  # of what stands in each open collection, and in the document
    weights: dict[str | None, _Weight] = {}
    events: Iterator[Any] = yaml.parse(text, Loader=loader)
    for event in events:
        where = code_point(event.start_mark, text)
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _, _ in started):
                raise LoadError(f"the alias *{event.anchor} stands inside itself", where, limit=True)
            weight = weights.get(event.anchor, _Weight(1, 0, 0))
            nodes, characters = nodes + weight.nodes, characters + weight.characters
            heights[-1] = max(heights[-1], weight.height)
        elif isinstance(event, yaml.ScalarEvent):
            nodes, characters = nodes + 1, characters + len(event.value)
            if event.anchor:
                weights[event.anchor] = _Weight(1, len(event.value), 0)
        elif isinstance(event, yaml.CollectionStartEvent):
            started.append((event.anchor, nodes, characters))
            heights.append(0)
            nodes += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, nodes_before, characters_before = started.pop()
            height = heights.pop() + 1
            heights[-1] = max(heights[-1], height)
            if anchor:
                weights[anchor] = _Weight(nodes - nodes_before, characters - characters_before, height)
        if len(started) + heights[-1] > limits.depth:
            raise LoadError(f"nested deeper than {limits.depth} levels", where, limit=True)
        if nodes > limits.nodes:
            reason = f"more than {limits.nodes:,} values once aliases are expanded"
            raise LoadError(reason, where, limit=True)
        if characters > MAX_CHARACTERS:
            reason = f"more than {MAX_CHARACTERS >> 20} MiB of text once aliases are expanded"
            raise LoadError(reason, where, limit=True)


def code_point(mark: Any, text: str) -> int:
    """Return the place of a mark in ``text``: libyaml's marks do not count a BOM at its start."""
    index: int = mark.index
    return index + (text.startswith("\ufeff") and not isinstance(mark, yaml.Mark))
