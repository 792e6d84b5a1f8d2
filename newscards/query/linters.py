"""Linters: options and settings become a linter, with the SQL of the configuration compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from newscards.cards.fields import use_fields
from newscards.corpus.settings import Settings
from newscards.errors import NewscardsError
from newscards.lint.findings import Finding, Severity
from newscards.lint.linter import CheckedCard, Linter
from newscards.rules.selection import asks_for_site, check_selectors, known_rules, ruleset, selected

if TYPE_CHECKING:
    from newscards.lint.conditions import Conditions
    from newscards.lint.edit_checks import CardName, EditCheck
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
    linter = _card_linter(settings)
    linter.rules = linter.rules.only(Severity.ERROR)
    return linter


def _card_linter(settings: Settings, *, has_neighbours: bool = False) -> Linter:
    """Return a linter of the rules that can be checked of a card without its corpus.

    With ``has_neighbours`` they are also those that compare it with the cards that its ``related`` means.
    """
    from newscards.rules.provider_name import RULE as PROVIDER_NAME
    from newscards.rules.topic_case import RULE as TOPIC_CASE
    from newscards.rules.unknown_topic import RULE as UNKNOWN_TOPIC

    linter = make_linter(settings)

    def is_checked(rule: Rule) -> bool:
        if rule is UNKNOWN_TOPIC:  # it compares with the registry alone
            return linter.topics is not None
        if rule.corpus is None:
            return True
        return has_neighbours and rule not in (PROVIDER_NAME, TOPIC_CASE)  # a majority is that of a corpus

    severities = {rule: each for rule, each in linter.rules.severities.items() if is_checked(rule)}
    linter.rules = replace(linter.rules, severities=severities)
    linter.own, linter.conventions = linter.own and linter.own.of_single_cards(), frozenset()
    return linter


def edit_check(
    settings: Settings,
    *,
    strict: bool = False,
    force: bool = False,
    neighbours: Mapping[CardName, Sequence[str]] | None = None,
) -> EditCheck:
    """Return the check of edits by the rules that look at one card alone.

    It refuses those that create an error, or set a value that has one; with ``strict`` a warning is enough,
    and with ``force`` nothing is refused. With ``neighbours``, a card is compared with these, too.
    """
    from newscards.lint.edit_checks import EditCheck  # not at the top, because most commands edit nothing

    linter = _card_linter(settings, has_neighbours=neighbours is not None)
    return EditCheck(linter, _refused(strict=strict, force=force), neighbours)


def flag_check(settings: Settings, *, strict: bool = False) -> EditCheck:
    """Return the check of edits that set only the flags ``published`` and ``removed``.

    It warns as ``edit_check`` does, but not of a published card without heat, which ``publishing.doubts`` do;
    with ``strict`` it refuses.
    """
    from newscards.lint.edit_checks import EditCheck
    from newscards.rules.published_without_heat import RULE as PUBLISHED_WITHOUT_HEAT

    linter = _card_linter(settings)
    severities = {
        rule: severity
        for rule, severity in linter.rules.severities.items()
        # No other value changes, so that none gets a new warning; to find the old ones takes its time.
        if severity is Severity.ERROR
        or ((rule.value is None or rule.lack) and rule is not PUBLISHED_WITHOUT_HEAT)
    }
    linter.rules = replace(linter.rules, severities=severities)
    return EditCheck(linter, _refused(strict=strict, force=not strict))


def _refused(*, strict: bool, force: bool) -> Set[Severity]:
    """Return the severities of the findings for which an edit is refused."""
    return frozenset() if force else frozenset(Severity) if strict else frozenset({Severity.ERROR})


_MAX_REMEMBERED = 1000
"""The number of checked cards that a ``StoryLinter`` remembers."""


class StoryLinter:
    """A linter of single cards, each compared with the cards of its story alone.

    It finds what ``validate`` finds, but what depends on other cards: duplicates outside of the story, what
    nearly all cards of the corpus have, and rules of the configuration that compare cards.
    """

    def __init__(self, settings: Settings) -> None:
        """Prepare the rules; raises ``NewscardsError`` as ``make_linter`` does."""
        self._linter = make_linter(settings)
        self._linter.own = self._linter.own and self._linter.own.of_single_cards()
        self._linter.conventions = frozenset()
        self._checked: dict[tuple[str, str, bool], CheckedCard | None] = {}

    def findings(self, path: str, hashes: Mapping[str, str]) -> list[Finding]:
        """Return the findings of the card at ``path``; ``hashes`` has the cards of its story, by path.

        A card is checked again only if the hash of its bytes is another one.
        """
        if len(self._checked) > _MAX_REMEMBERED:
            self._checked.clear()
        for each, checksum in hashes.items():
            key = each, checksum, each == path
            if key not in self._checked:
                self._checked[key] = self._linter.check_file(each, is_reported=each == path)
            self._linter.add(self._checked[key])
        findings = self._linter.report().findings
        for each in hashes:
            self._linter.forget(each)
        return findings
