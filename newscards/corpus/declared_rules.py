"""The rules that a configuration declares, ``[rules.NAME]``, as data: their SQL is compiled later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from newscards.errors import DeclarationError
from newscards.text import nearest_or_all, one_line

SEVERITIES = ("error", "warning")


class DeclaredRule(NamedTuple):
    """A rule of the configuration. It has either ``where`` or ``query``; the other one is empty.

    Each card or row that the SQL selects is a finding. ``where`` is an expression over the table ``cards``,
    ``query`` a SELECT whose result has a column ``path``. ``field`` is the dotted name of the value at which
    a finding stands, ``message`` a text with the names of columns in braces; all texts may be empty.
    """

    name: str
    where: str = ""
    query: str = ""
    field: str = ""
    message: str = ""
    help: str = ""
    severity: str = "warning"

    @property
    def sql(self) -> str:
        """The SQL, whichever of the two it is."""
        return self.where or self.query

    @property
    def key(self) -> str:
        """The key that holds the SQL."""
        return "where" if self.where else "query"

    def keys(self, key: str) -> tuple[str, ...]:
        """Return the keys that lead to one of this rule's in the configuration."""
        return ("rules", self.name, key)


_KEYS = DeclaredRule._fields[1:]


def declared_rules(tables: Mapping[str, Any]) -> tuple[DeclaredRule, ...]:
    """Return the rules in the tables below ``rules``, in their order; raises ``DeclarationError``."""
    return tuple(_declared(name, table) for name, table in tables.items())


def _declared(name: str, table: Any) -> DeclaredRule:
    here, shown = ("rules", name), one_line(name)
    if not isinstance(table, dict):
        raise DeclarationError(f"the rule `{shown}` must be a table", here, f"begin it with [rules.{shown}]")
    for key, value in table.items():
        if key not in _KEYS:
            raise DeclarationError(
                f"a rule has no key `{one_line(key)}`", (*here, key), nearest_or_all(key, _KEYS), at_key=True
            )
        if not isinstance(value, str):
            raise DeclarationError(f"`{key}` of a rule must be a text", (*here, key))
        if not value.strip():
            raise DeclarationError(f"`{key}` of a rule is empty", (*here, key))
    if "where" in table and "query" in table:
        hint = "declare two rules, one with each of them"
        raise DeclarationError(
            f"the rule `{shown}` has both `where` and `query`", (*here, "query"), hint, at_key=True
        )
    if not table.keys() & {"where", "query"}:
        hint = "`where` is an expression over a card, as in list --where; `query` is a SELECT with a `path`"
        raise DeclarationError(f"the rule `{shown}` has neither `where` nor `query`", here, hint, at_key=True)
    if table.get("severity", "error") not in SEVERITIES:
        hint = nearest_or_all(table["severity"], SEVERITIES)
        message = f'`severity` of a rule is "error" or "warning", not "{one_line(table["severity"])}"'
        raise DeclarationError(message, (*here, "severity"), hint)
    return DeclaredRule(name, **table)
