"""What a rule proposes to mend a card, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newscards.edits.operations import Change
    from newscards.frontmatter.nodes import Step


class Fix(NamedTuple):
    """A change that mends a problem, and its ``title`` for people.

    It is made where the problem stands, or at ``path``; one that was kept to be told has no change. A
    ``safe`` one does not change what the card means or what the site shows of it; any other is for a person
    to decide.
    """

    title: str
    change: Change | None
    safe: bool = True
    path: tuple[Step, ...] | None = None
