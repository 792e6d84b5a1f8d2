"""`no`, `off`, `yes` or `on` stands where `false` or `true` is meant.

YAML 1.1, and so Jekyll, takes them for booleans; YAML 1.2, and so most other tools, for texts, which Jekyll
would publish (CARDS.md).

Fails:

    published: no

Passes:

    published: false

Fix: write `false`, or `true`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from newscards.card import Card
from newscards.nodes import Step, find, locate
from newscards.rules.rule import Problem, Rule, Severity

_WORDS = frozenset({"no", "off", "yes", "on"})


def check(card: Card) -> Iterator[Problem]:
    """Yield the booleans that are spelt so, wherever they stand."""
    root = locate(card.block) if card.irregular else None
    stack: list[tuple[Any, tuple[Step, ...]]] = [(card.fields, ())] if root else []
    while stack and root:
        value, path = stack.pop()
        if isinstance(value, Mapping):
            stack += [(inner, (*path, key)) for key, inner in value.items()]
        elif isinstance(value, list):
            stack += [(inner, (*path, index)) for index, inner in enumerate(value)]
        elif isinstance(value, bool):
            node = find(root, path)
            word = node.event.value if node.is_scalar else ""
            if word.lower() in _WORDS:
                right = "true" if value else "false"
                yield Problem(f"`{word}` is `{right}` to some readers, and a text to others", path,
                              help=f"write `{right}`")  # fmt: skip


RULE = Rule("NC202", "boolean-spelling", Severity.WARNING, card=check)
