"""A key stands twice in one mapping, at any depth.

Every reader takes the last one, silently: a card with `published: false` above and `published: true`
below is public (CARDS.md).

Fails: `quality: 35` and further down `quality: 67`. Passes: one of them.
Fix: delete the one that is wrong.
"""

from collections import Counter
from collections.abc import Iterator

from newscards.card import Card
from newscards.nodes import NO_KEY, Node, Step, locate
from newscards.rules.rule import Place, Problem, Rule, Severity
from newscards.values import key_text

_TIMES = {2: "twice", 3: "three times"}


def check(card: Card) -> Iterator[Problem]:
    """Yield the keys that stand more than once; of each, where the last one stands."""
    root = locate(card.block) if card.irregular else None
    stack: list[tuple[Node, tuple[Step, ...]]] = [(root, ())] if root else []
    while stack:
        node, path = stack.pop()
        if not node.is_mapping:
            stack += [(child, (*path, index)) for index, child in enumerate(node.children)]
            continue
        keys = [(key.key(), value) for key, value in node.pairs()]
        stack += [(value, (*path, name)) for name, value in keys]
        for (name, _), times in Counter((name, type(name)) for name, _ in keys).items():
            if times > 1 and name is not NO_KEY:
                yield Problem(
                    f"the key `{key_text(name)}` stands {_TIMES.get(times, f'{times} times')}, and the last"
                    " one counts",
                    (*path, name),
                    Place.KEY,
                    help="delete the one that is wrong",
                )


RULE = Rule("NC107", "duplicate-key", Severity.ERROR, card=check)
