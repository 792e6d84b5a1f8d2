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
from newscards.cards.meant import booleans, is_misspelt_boolean
from newscards.cards.values import type_name
from newscards.edits.operations import SetValue
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import unseen_at_end


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a value that is neither a boolean nor empty (wrong-type reports that)."""
    if value is None or isinstance(value, bool):
        return ()
    message = f"`published` is {type_name(value)}, not true or false"
    unseen = unseen_at_end(value) if isinstance(value, str) else None
    meant = next(iter(booleans(value)), "")
    advice = f"write `{meant}`" if meant else "write `false` to hide it, or `true`"
    in_quotes = f"{advice}, without quotes"
    if unseen and unseen[0] in _EXACT:
        _, part, why = unseen
        return [
            Problem(
                f"{message}, {why}", help="delete what cannot be seen", site=True, fix=_fix(unseen[0]),
                part=part, help_if_quoted=in_quotes,
            )
        ]  # fmt: skip
    if meant and is_misspelt_boolean(value):
        advice, in_quotes = f"did you mean `{meant}`?", f"did you mean `{meant}`, without quotes?"
    return [Problem(message, help=advice, site=True, fix=_fix(value), help_if_quoted=in_quotes)]


def _fix(value: object) -> Fix | None:
    """Return the fix that writes what is meant; unsafe, because it may take a live page down."""
    word = str(value).strip().lower()
    if word in _MEANT and isinstance(value, str | int):
        meant = _MEANT[word]
        return Fix(f"write `{'true' if meant else 'false'}`", SetValue(meant), safe=False)
    return None


_EXACT = frozenset({"true", "false", "True", "False", "TRUE", "FALSE"})
_MEANT = dict.fromkeys(("false", "no", "off", "0"), False) | dict.fromkeys(("true", "yes", "on", "1"), True)

RULE = Rule(
    "NC201",
    "published-not-boolean",
    Severity.ERROR,
    value=check,
    applies=lambda field: field.name == "published",
    fixes=Fixes.UNSAFE,
)
