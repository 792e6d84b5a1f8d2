"""An anchor, an alias or a tag stands in the front matter.

No real card has one (CARDS.md). Readers do not agree on them: Jekyll ignores a tag, or reads nothing of the
card at all. With an alias, an edit of one place also changes another. A text that begins with `&`, `*` or `!`
by accident loses its first word. The tag `!` alone, as older versions of Ruby write it (`! "a title"`), is
fine where all read the same value.

Fails:

    title: &first "Tide gauges get a second life"

Passes:

    title: "Tide gauges get a second life"

Fix: write the value out; put a text that begins with `&`, `*` or `!` in double quotes.
"""

from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.cards.values import same
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import IrregularText, Node, Step
from newscards.jekyll.readers import FaultError, Jekyll, read_scalar
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each value or key that is an alias, or has an anchor or a tag."""
    for node, path, is_key in text.nodes:
        place = Anchor.KEY if is_key else Anchor.VALUE
        if node.has_properties and not _is_read_alike(node):
            yield Problem(
                _message(node), path, place, "write the value out, in double quotes where it is text",
                explains=tuple(_consequences(node, path, is_key)),
            )  # fmt: skip


def _is_read_alike(node: Node) -> bool:
    """Return whether all readers read a value with the tag `!` as it is read here.

    In a text without quotes, the `!` may be one that its author wanted to be read.
    """
    if not node.has_non_specific_tag:
        return False
    if not node.is_scalar:
        return True
    value = node.key()
    if isinstance(value, str) and not node.event.style:
        return False
    try:
        return all(same(value, read_scalar(node, jekyll)) for jekyll in Jekyll)
    except FaultError:
        return False


def _consequences(node: Node, path: tuple[Step, ...], is_key: bool) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """Yield what follows from a value or a key whose text is an anchor by accident, so that it is empty."""
    event = node.event
    if not node.is_scalar or not event.anchor or event.style or event.value[:1] not in ("", ":"):
        return
    yield from (("NC3", path), ("NC4", path))
    if is_key:
        yield "NC301", (*path[:-1], event.anchor)


def _message(node: Node) -> str:
    if node.is_alias:
        return f"an alias, `*{node.event.anchor}`"
    tag = getattr(node.event, "tag", None)
    if tag and not node.event.anchor:
        return f"a tag, `{tag.replace('tag:yaml.org,2002:', '!!')}`"
    return f"an anchor, `&{node.event.anchor}`"


RULE = Rule("NC109", "anchor-or-tag", Severity.ERROR, irregular=check)
