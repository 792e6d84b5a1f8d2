"""The documentation of a rule: its docstring, split into summary, reason, examples and fix."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from newscards.corpus.declared_rules import DeclaredRule

_EXAMPLE = r"(?: {4}[^\n]+\n+)+(?<=\n\n)"
_LAYOUT = re.compile(
    r"(?P<summary>[^\n]+)\n\n(?P<why>.+?)\n\n"
    rf"Fails:\n\n(?P<fails>{_EXAMPLE})Passes:\n\n(?P<passes>{_EXAMPLE})Fix: (?P<fix>.+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Documentation:
    """The parts of a rule's docstring. An example is lines of a card that is otherwise valid, or files.

    In an example, ``# name.md`` begins a file, and ``# name.md -> gone.md`` is a symbolic link. A file with
    a line ``---`` is a whole file; a line ``…`` in it stands for the other lines of a valid card.
    ``# without title`` removes a field. ``<U+FEFF>`` is an invisible character, ``<E9>`` a byte that is not
    UTF-8. Keys that an entry of ``related`` lacks are those of the card with its ``webUrl``. Of several cards
    only the first is published, and all have different titles and URLs.

    Of a rule of the configuration, the examples are empty, and ``sql`` is what it finds; of others it is
    empty. ``fix`` may be empty then, too.
    """

    summary: str
    why: str
    fails: str
    passes: str
    fix: str
    sql: str = ""

    @classmethod
    def of(cls, docstring: str) -> Documentation:
        """Return the parts of a docstring; raises ``ValueError`` if it has another layout."""
        found = _LAYOUT.fullmatch(docstring.strip())
        if found is None:
            first = docstring.strip().partition("\n")[0]
            raise ValueError(f"not laid out as a rule's documentation: {first!r}")
        why = "\n\n".join(map(_unwrapped, found["why"].split("\n\n")))
        fails, passes = (textwrap.dedent(found[name]).rstrip("\n") for name in ("fails", "passes"))
        return cls(found["summary"], why, fails, passes, _unwrapped(found["fix"]))

    @classmethod
    def of_declared(cls, rule: DeclaredRule) -> Documentation:
        """Return the documentation of a rule of the configuration: its message, its SQL and its help."""
        message = rule.message.replace("{{", "{").replace("}}", "}")  # as in a finding
        summary = " ".join(message.split()) or f"What its `{rule.key}` finds."
        why = "It is a rule of the configuration, and finds the cards "
        why += "for which this is true:" if rule.where else "in the result of this query:"
        return cls(summary, why, "", "", " ".join(rule.help.split()), rule.sql.strip("\r\n"))


def _unwrapped(paragraph: str) -> str:
    """Return a paragraph on one line, without references to CARDS.md, which users do not have."""
    return " ".join(paragraph.split()).replace(" (CARDS.md)", "")
