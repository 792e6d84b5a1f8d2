"""Completions of a word on the command line, for shells: ids, topics, fields, rules.

``options.completed_by`` names these functions. Each takes click's context, which has the words before, and
the beginning of the word.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing, suppress
from typing import TYPE_CHECKING, TypeAlias

import click
from click.shell_completion import CompletionItem

from newscards.errors import NewscardsError
from newscards.output.ui import Ui

if TYPE_CHECKING:
    from newscards.corpus.settings import Settings
    from newscards.corpus.vocabulary import Vocabulary
    from newscards.corpus.workspace import Workspace

Items: TypeAlias = "list[CompletionItem[str]]"  # in quotes, because the class is not generic before click 8.5
_REGISTRIES = ("topics", "organizations")
"""The keys of the configuration that take long to read and that most completions do not need."""
PART = "part"
"""The type of a completion that may go on, as in a comma-separated list: no blank is put behind it."""


def card(ctx: click.Context, beginning: str) -> Items:
    """Return ids; if none matches, let the shell complete file names."""
    ids: Iterable[str] = ()
    if not os.path.dirname(beginning):
        ids = _from_vocabulary(ctx, lambda vocabulary, settings: vocabulary.ids(beginning), for_cards=True)
    return [*map(CompletionItem, ids)] or [CompletionItem(beginning, type="file")]


def path(ctx: click.Context, beginning: str) -> Items:
    """Let the shell complete file names; if none in the current folder begins so, return ids."""
    with suppress(OSError):
        is_file = any(name.startswith(beginning) for name in os.listdir())
        if not is_file and not os.path.dirname(beginning):
            return card(ctx, beginning)
    return [CompletionItem(beginning, type="file")]


def topic(ctx: click.Context, beginning: str) -> Items:
    """Return topics that cards have."""
    return _matching(beginning, _from_vocabulary(ctx, lambda vocabulary, settings: vocabulary.topics()))


def new_topic(ctx: click.Context, beginning: str) -> Items:
    """Return topics that cards may get: those that cards have, and those in the site's registry."""

    from newscards.cards.names import name_key

    def topics(vocabulary: Vocabulary, settings: Settings) -> list[str]:
        registered = settings.topics.names if settings.topics else ()
        others = {name_key(name): name for name in registered}
        return [*(others.pop(name_key(name), name) for name in vocabulary.topics()), *others.values()]

    return _matching(beginning, _from_vocabulary(ctx, topics, without=("organizations",)))


def command_or_page(ctx: click.Context, beginning: str) -> Items:
    """Return commands and pages of the manual; behind a group of commands, its commands."""
    from newscards.commands.shared.manual import context_of, summaries

    typed = ctx.params.get("words") or ()
    context = context_of(ctx.find_root(), typed)
    if context is None or not isinstance(context.command, click.Group):
        return []
    summary_of_page = {} if typed else summaries()
    pages = [
        CompletionItem(name, help=text)
        for name, text in summary_of_page.items()
        if name.startswith(beginning)
    ]
    return [*context.command.shell_complete(context, beginning), *pages]


def provider(ctx: click.Context, beginning: str) -> Items:
    """Return names and domains of providers."""
    return _matching(beginning, _from_vocabulary(ctx, lambda vocabulary, settings: vocabulary.providers()))


def card_type(ctx: click.Context, beginning: str) -> Items:
    """Return the types that cards may have."""
    from newscards.cards.fields import field_named

    _load_fields(ctx)
    type_ = field_named("type")
    return _matching(beginning, map(str, type_.choices) if type_ else ())


def field(ctx: click.Context, beginning: str) -> Items:
    """Return the dotted names of fields."""
    return _matching(beginning, _names(ctx))


def columns(ctx: click.Context, beginning: str) -> Items:
    """Return comma-separated lists of columns, with the last one completed."""
    return _matching(beginning, _column_names(ctx), kind=PART)


def order(ctx: click.Context, beginning: str) -> Items:
    """Return lists of columns to sort cards by; a dash before a column stays."""
    return _ordered(beginning, _column_names(ctx))


def story_order(ctx: click.Context, beginning: str) -> Items:
    """Return lists of keys to sort stories by; a dash before a key stays."""
    from newscards.cards.stories import SORTED

    return _ordered(beginning, SORTED)


def tally_order(ctx: click.Context, beginning: str) -> Items:
    """Return lists of keys to sort topics and providers by; a dash before a key stays."""
    from newscards.query.stats.groups import SORTED

    return _ordered(beginning, SORTED)


def story_problem(ctx: click.Context, beginning: str) -> Items:
    """Return the problems of stories, with what they mean."""
    from newscards.cards.stories import PROBLEMS

    return _matching(beginning, {**PROBLEMS, "any": "any of them"})


def dimensions(ctx: click.Context, beginning: str) -> Items:
    """Return lists of dimensions to count cards by."""
    from newscards.query.stats.dimensions import dimensions as known

    _load_fields(ctx)
    return _matching(beginning, [*known()], kind=PART)


def kinds(ctx: click.Context, beginning: str) -> Items:
    """Return lists of the kinds of change that ``diff`` reports."""
    from newscards.diff.card_diff import ChangeKind

    return _matching(beginning, [kind.value for kind in ChangeKind], kind=PART)


def expression(ctx: click.Context, beginning: str) -> Items:
    """Return SQL expressions whose last word is completed to a column of the cards."""
    from newscards.query.sql.tables import cards_table

    _load_fields(ctx)
    return _in_sql(beginning, {each.name: each.about for each in cards_table().columns})


def select(ctx: click.Context, beginning: str) -> Items:
    """Return SQL queries whose last word is completed to a table or a column."""
    from newscards.query.sql.tables import tables

    _load_fields(ctx)
    columns = {each.name: each.about for table in tables().values() for each in table.columns}
    return _in_sql(beginning, columns | {table.name: table.about for table in tables().values()})


def settable_field(ctx: click.Context, beginning: str) -> Items:
    """Return the fields that can be set."""
    from newscards.cards.assignments import single_values

    _load_fields(ctx)
    return _matching(beginning, single_values())


def text_fields(ctx: click.Context, beginning: str) -> Items:
    """Return comma-separated lists of fields that hold texts, with the last one completed."""
    from newscards.query.replacement import text_names

    _load_fields(ctx)
    return _matching(beginning, text_names(), kind=PART)


def value(ctx: click.Context, beginning: str) -> Items:
    """Return the values that the field before it may have, if their set is fixed."""
    from newscards.cards.assignments import field_of
    from newscards.cards.fields import FieldType

    _load_fields(ctx)
    named = field_of(ctx.params.get("field") or "")
    if named is None:
        return []
    if named.kind is FieldType.BOOLEAN:
        return _matching(beginning, ["true", "false"])
    return _matching(beginning, map(str, named.choices))


def rule(ctx: click.Context, beginning: str) -> Items:
    """Return codes, names and families of rules."""
    return _matching(beginning, _rules(ctx))


def rules(ctx: click.Context, beginning: str) -> Items:
    """Return comma-separated lists of rules, with the last one completed."""
    return _matching(beginning, _rules(ctx), kind=PART)


def _matching(beginning: str, candidates: Iterable[str] | Mapping[str, str], kind: str = "plain") -> Items:
    """Return the candidates with this beginning, case-insensitively; a mapping has a help text for each."""
    head, comma, last = beginning.rpartition(",") if kind == PART else ("", "", beginning)
    given, folded = head.split(","), last.casefold()
    helps = candidates if isinstance(candidates, Mapping) else {}
    return [
        CompletionItem(head + comma + word, kind, helps.get(word))
        for word in dict.fromkeys(candidates)
        if word.casefold().startswith(folded) and word not in given
    ]


def _ordered(beginning: str, names: Iterable[str]) -> Items:
    dash = "-" if beginning.rpartition(",")[2].startswith("-") else ""
    return _matching(beginning, [dash + name for name in names], kind=PART)


def _in_sql(beginning: str, names: Mapping[str, str]) -> Items:
    """Return SQL with its last word completed; a complete word is returned as it is."""
    last = re.search(r"\w*\Z", beginning)
    word = last[0] if last else ""
    head = beginning.removesuffix(word)
    candidates = {**names, "has_topic(": "whether a card has a topic: has_topic('AI')"} if word else {}
    return [
        CompletionItem(head + name, PART, about)
        for name, about in candidates.items()
        if name.casefold().startswith(word.casefold())
    ]


def _load_fields(ctx: click.Context) -> None:
    """Load the configuration, which may declare fields; one that is invalid declares none."""
    with suppress(NewscardsError):
        _workspace(ctx).settings_for(_paths(ctx), _REGISTRIES)


def _names(ctx: click.Context) -> list[str]:
    from newscards.cards.fields import dotted_names

    _load_fields(ctx)
    return ["id", "path", *dotted_names()]


def _column_names(ctx: click.Context) -> list[str]:
    from newscards.query.columns import computed

    return [*_names(ctx), *computed()]


def _rules(ctx: click.Context) -> dict[str, str]:
    """Return families, codes and names of rules, with a description of each.

    The rules of the configuration are left out if it is invalid.
    """
    from newscards.lint.rule import FAMILIES
    from newscards.lint.ruleset import OWN
    from newscards.rules import RULES
    from newscards.rules.selection import known_rules

    known, families = RULES, {name: about for name, about in FAMILIES.items() if name != OWN}
    with suppress(NewscardsError):
        known = known_rules(_settings(ctx, ("topics", "organizations")))
    if len(known) > len(RULES):
        families = FAMILIES
    summaries = {rule: rule.documentation.summary for rule in known}
    codes = {rule.code: f"{rule.name}: {summary}" for rule, summary in summaries.items() if not rule.declared}
    names = {
        rule.name: summary if rule.declared else f"{rule.code}: {summary}"
        for rule, summary in summaries.items()
    }
    return families | codes | names


def _settings(ctx: click.Context, without: Collection[str]) -> Settings:
    """Return the settings of the command that is completed; raises ``NewscardsError``."""
    from newscards.commands.shared.corpora import workspace_of

    named = [path for path in ctx.params.get("paths") or () if path != "-"]
    return workspace_of(ctx.find_root().ensure_object(Ui)).settings_for(named, without)


def _workspace(ctx: click.Context) -> Workspace:
    from newscards.commands.shared.corpora import workspace_of

    return workspace_of(ctx.find_root().ensure_object(Ui))


def _paths(ctx: click.Context) -> list[str]:
    return [path for path in ctx.params.get("paths") or () if path != "-"]


def _from_vocabulary(
    ctx: click.Context,
    candidates_of: Callable[[Vocabulary, Settings], Iterable[str]],
    without: Collection[str] = _REGISTRIES,
    *,
    for_cards: bool = False,
) -> Iterable[str]:
    """Return what ``candidates_of`` finds in the command's cards; nothing if the configuration is invalid.

    ``without`` is as in ``load_settings``, and ``for_cards`` as in ``Workspace.corpus_folders``.
    """
    from newscards.corpus.vocabulary import Vocabulary

    workspace, named = _workspace(ctx), [path for path in _paths(ctx) if os.path.lexists(path)]
    try:
        settings = _settings(ctx, without)
    except NewscardsError:
        return ()
    paths = named or workspace.corpus_folders(settings, for_cards=for_cards)
    vocabulary = Vocabulary(paths, endings=settings.endings, limits=settings.limits, cache=workspace.cache)
    with closing(vocabulary):
        return candidates_of(vocabulary, settings)
