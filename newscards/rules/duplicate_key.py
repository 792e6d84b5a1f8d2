"""A key stands twice in one mapping, at any depth.

Every reader takes the last one, silently: a card with `published: false` above and `published: true`
below is public (CARDS.md).

Fails: `quality: 35` and further down `quality: 67`. Passes: one of them.
Fix: delete the one that is wrong.
"""

from collections.abc import Iterator

from newscards.card import Card
from newscards.nodes import Node, Step, locate
from newscards.rules.rule import Place, Problem, Rule, Severity


def check(card: Card) -> Iterator[Problem]:
    """Yield the second and further keys of a name; of each, where the last one stands."""
    root = locate(card.block) if card.irregular else None
    stack: list[tuple[Node, tuple[Step, ...]]] = [(root, ())] if root else []
    while stack:
        node, path = stack.pop()
        if not node.is_mapping:
            stack += [(child, (*path, index)) for index, child in enumerate(node.children)]
            continue
        seen: set[Step] = set()
        for key, value in node.pairs():
            name = key.key()
            if name in seen:
                yield Problem(
                    f"the key `{name}` stands twice, and the last one counts",
                    (*path, name),
                    Place.KEY,
                    help="delete the one that is wrong",
                )
            seen.add(name)
            stack.append((value, (*path, name)))


RULE = Rule("NC107", "duplicate-key", Severity.ERROR, card=check)
