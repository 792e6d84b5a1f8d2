"""A key is not among the known fields.

Cards may hold more than the known fields, and newscards preserves it, but nothing reads it. A key that YAML
does not take for a text, such as `yes` or `2023`, is reported too. The keys that Jekyll itself reads are
known: `layout`, `date`, `tags`, `categories`, `permalink`, `draft` and the like.

Fails:

    author: "Ann"

Passes:

    excerpt: "By Ann."

Fix: delete the line, or declare the field in the configuration: `newscards help configuration`.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import JEKYLL_KEYS, Field
from newscards.cards.values import key_text, type_name
from newscards.frontmatter.locations import Anchor
from newscards.lint.findings import MAX_FINDINGS, Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import is_removed, known_keys, misspelt, spelled
from newscards.text import did_you_mean


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return a problem for each unknown key that misspelt-key does not report."""
    if not isinstance(value, dict) or value.keys() <= known_keys(field):
        return ()
    known, meant = known_keys(field), misspelt(field, value)
    problems: list[Problem] = []
    for key in value:
        if not isinstance(key, str):
            message = f"a key that YAML takes for {type_name(key)}, `{key_text(key)}`: text is expected"
            problems.append(Problem(message, (key,), Anchor.KEY, "put the key in double quotes"))
        elif key not in known and key not in meant:
            names = [inner.name for inner in field.fields]
            names += [name for name in JEKYLL_KEYS if name in known]
            near = did_you_mean(key, names) if len(problems) < MAX_FINDINGS else ""  # it takes long
            if is_removed(field, key):
                near = "delete it: the configuration removes this field (`remove = true`)"
            advice = near or "delete it, correct it, or declare it: `newscards help configuration`"
            problems.append(Problem(f"unknown key {spelled(key)}", (key,), Anchor.KEY, advice))
    return problems


RULE = Rule(
    "NC304",
    "unknown-key",
    Severity.WARNING,
    value=check,
    by_keys=True,
    applies=lambda field: bool(field.fields),
)
