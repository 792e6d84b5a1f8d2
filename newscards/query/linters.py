"""Linters: options and settings become a linter, with the SQL of the configuration compiled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from newscards.cards.fields import use_fields
from newscards.corpus.settings import Settings
from newscards.errors import NewscardsError
from newscards.lint.findings import Severity
from newscards.lint.linter import Linter
from newscards.lint.refusals import refuse_errors
from newscards.rules.selection import asks_for_site, check_selectors, known_rules, ruleset, selected

if TYPE_CHECKING:
    from newscards.edits.plan import Refuse
    from newscards.lint.conditions import Conditions
    from newscards.lint.own_rules import OwnRules
    from newscards.lint.rule import Rule


def make_linter(settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Linter:
    """Return a linter for the settings and options; raises ``NewscardsError`` if no rule is left.

    ``--select`` replaces the ``select`` and ``ignore`` of the configuration; ``--ignore`` adds to them. A
    card in no collection is taken for one of a ``_news`` where a selector asks for rules of the family NC2.
    The fields of the run become those of the settings, because rules and conditions are compiled for them.
    """
    use_fields(settings.card_field)
    conditions, known = _conditions(settings), known_rules(settings)
    own = own_rules(settings, known)
    check_selectors(settings, known)
    ignored = ignore if select else (*settings.ignore, *ignore)
    rules = selected(select or settings.select, ignored, known)
    if not rules:
        raise NewscardsError("no rule is left to be checked", "see --select, --ignore and `newscards config`")
    severities = {word: Severity(value) for word, value in settings.severities.items()}
    topics, organizations = settings.topics, settings.organizations
    return Linter(
        ruleset(rules, severities, settings.per_file_ignores, known),
        settings.limits,
        settings.relative,
        topics=frozenset(topics.names) if topics else None,
        providers=organizations.by_domain if organizations else {},
        organizations=frozenset(organizations.names if organizations and not organizations.by_domain else ()),
        conditions=conditions,
        as_news=any(asks_for_site(selector) for selector in select or settings.select),
        own=own,
    )


def _conditions(settings: Settings) -> Conditions | None:
    """Return the conditions under which cards must have fields, compiled; ``None`` if there are none.

    Raises ``NewscardsError`` where the SQL of one is wrong.
    """
    declared = {each.name: each.required for each in settings.fields if isinstance(each.required, str)}
    if not declared:
        return None
    from newscards.query.conditions import SqlConditions  # imported here because few runs need SQL

    return SqlConditions(declared, settings)


def own_rules(settings: Settings, known: Sequence[Rule]) -> OwnRules | None:
    """Return those of the known rules that the configuration declares, compiled; ``None`` if there are none.

    Raises ``NewscardsError`` where the SQL of one is wrong, whether it is selected or not.
    """
    if not settings.rules:
        return None
    from newscards.query.own_rules import SqlRules

    return SqlRules.compiled([rule for rule in known if rule.declared], settings)


def error_linter(settings: Settings) -> Linter:
    """Return a linter of the rules whose severity is error, to check a card that is to be written.

    Of the rules of the configuration, it has those that look at one card alone.
    """
    linter = make_linter(settings)
    linter.rules = linter.rules.only(Severity.ERROR)
    linter.own = linter.own and linter.own.of_single_cards()
    return linter


def error_refusal(settings: Settings) -> Refuse:
    """Return the function that refuses edits that create an error, or set a value that has one."""
    return partial(refuse_errors, error_linter(settings))
