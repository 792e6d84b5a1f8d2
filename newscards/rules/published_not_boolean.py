"""`published` is neither true nor false.

Jekyll hides a card only if the value is false: `"false"` with quotes, `0` and any other text, number or list
publish it (CARDS.md). Without a value it writes no page, and still lists the card (wrong-type reports that).

Fails:

    published: "false"

Passes:

    published: false

Fix: `newscards set-published false CARD`.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.meant import booleans
from newscards.cards.values import type_name
from newscards.edits.operations import SetValue
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a value that is neither a boolean nor empty (wrong-type reports that)."""
    if value is None or isinstance(value, bool):
        return ()
    message = f"`published` is {type_name(value)}, not true or false"
    meant = next(iter(booleans(value)), "")
    advice = (
        f"write `{meant}`, without quotes" if meant else "write `false` to hide it, or `true`, without quotes"
    )
    return [Problem(message, help=advice, site=True, fix=_fix(value))]


def _fix(value: object) -> Fix | None:
    """Return the fix that writes what is meant; unsafe, because it may take a live page down."""
    word = str(value).strip().lower()
    if word in _MEANT and isinstance(value, str | int):
        meant = _MEANT[word]
        return Fix(f"write `{'true' if meant else 'false'}`", SetValue(meant), safe=False)
    return None


_MEANT = dict.fromkeys(("false", "no", "off", "0"), False) | dict.fromkeys(("true", "yes", "on", "1"), True)

RULE = Rule(
    "NC201",
    "published-not-boolean",
    Severity.ERROR,
    value=check,
    applies=lambda field: field.name == "published",
    fixes=Fixes.UNSAFE,
)
