"""A key occurs twice in one mapping, at any depth.

Every reader silently takes the last one: a card with `published: false` above and `published: true`
below is public (CARDS.md). Where many fields of a card occur again, they are one finding, and so are those of
an entry of `related` that has lost its first line, or the `- ` of it: they are read as fields of the one
above.

Fails:

    published: false
    published: true

Passes:

    published: false

Fix: delete the one that is wrong; in an item of a list, see first whether another item should begin there.
"""

from collections import Counter
from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.cards.fields import card_field, field_at
from newscards.cards.values import key_text
from newscards.edits.operations import Remove
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import NO_KEY, IrregularText, Node, Step, walk
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import missing, names_of

_TIMES = {2: "twice", 3: "three times"}


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each key that occurs more than once, at its last place."""
    for node, path, is_key in text.nodes:
        if not node.is_mapping or is_key:
            continue
        keys = [key.key() for key, _ in node.pairs()]
        counts = Counter((name, type(name)) for name in keys if name is not NO_KEY)
        repeated = [(name, times) for (name, _), times in counts.items() if times > 1]
        of_card = [] if path else [name for name, _ in repeated if name in names_of(card_field())]
        if len(of_card) >= _MIN_OF_CARD:
            yield _second_card(of_card)
            repeated = [each for each in repeated if each[0] not in of_card]
        is_item = bool(path) and type(path[-1]) is int
        if is_item and (lost := _second_item(node, path)):
            yield lost
            continue
        is_doubtful = is_item and len(repeated) > 1
        for name, times in repeated:
            is_fixable = not is_doubtful and _equal(node, name) and not _has_explicit(text, node, name)
            yield Problem(
                f"the key `{key_text(name)}` occurs {_TIMES.get(times, f'{times} times')}, and the last"
                " one counts",
                (*path, name),
                Anchor.KEY,
                help="delete the one that is wrong",
                fix=_FIX if is_fixable else None,
            )


_MIN_OF_CARD = 5
"""The number of fields that occur again from which on a second card is taken to be the cause."""


def _second_card(names: list[Step]) -> Problem:
    """Return the problem of the fields of a second card among those of the first."""
    return Problem(
        f"`{key_text(names[0])}` and {len(names) - 1} more keys occur again, as if a second card began here,"
        " and the last ones count",
        (names[0],),
        Anchor.KEY,
        help="move the second card into a file of its own, or delete the fields that are wrong",
        explains=(("NC610", ("publishedDateTime",)),),
    )


def _second_item(mapping: Node, path: tuple[Step, ...]) -> Problem | None:
    """Return the problem of an item of a list in which another one begins; ``None`` if none does.

    The keys from the first repeated one on are those of the other item, if at most its first is missing.
    """
    field = field_at(path)
    keys = [key.key() for key, _ in mapping.pairs()]
    if mapping.is_flow or not field or not field.fields or NO_KEY in keys:
        return None
    items: list[dict[Step, None]] = [{}]
    for key in keys:
        if key in items[-1]:
            items.append({})
        items[-1][key] = None
    if len(items) == 1 or any(len(item) < 2 or len(missing(field, item)) > 1 for item in items):
        return None
    first = next(iter(items[-1]))
    has_first = first == keys[0]
    what = "entry" if path[0] == "related" and len(path) == 2 else "item"
    return Problem(
        f"an {what} begins here: `- ` is missing"
        if has_first
        else f"the first line of an {what} is missing above, and the one before has its keys",
        (*path, first),
        Anchor.KEY,
        help="write `- ` before this key" if has_first else f"write `- {keys[0]}: …` on a line above",
    )


_FIX = Fix("delete the repeated key", Remove())


def _has_explicit(text: IrregularText, mapping: Node, name: Step) -> bool:
    """Return whether a key is written as `? key` somewhere, which no edit removes."""
    starts = [key.start for key, _ in mapping.pairs() if key.key() == name]
    lines = (text.text[text.text.rfind("\n", 0, start) + 1 : start] for start in starts)
    return any(line.rstrip(" ").endswith("?") for line in lines)


def _equal(mapping: Node, name: Step) -> bool:
    """Return whether all values of a key that occurs more than once are equal."""
    values = [value for key, value in mapping.pairs() if key.key() == name and type(key.key()) is type(name)]
    return all(_tree(value) == _tree(values[0]) for value in values)


def _tree(node: Node) -> list[object]:
    """Return the parts of a value, to compare it with another without constructing either."""
    return [
        (path, is_key, type(said), said, getattr(each.event, "tag", None))
        for each, path, is_key in walk(node)
        for said in [each.key() if each.is_scalar else type(each.event)]
    ]


RULE = Rule("NC107", "duplicate-key", Severity.ERROR, irregular=check, fixes=Fixes.SAFE)
