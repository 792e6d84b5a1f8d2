"""The Corpus of the public Python API: ``corpus.Corpus``, and what needs the floors above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from newscards.cards.card import Card
from newscards.cards.values import type_name
from newscards.corpus import corpus
from newscards.errors import ArgumentError, NewscardsError

if TYPE_CHECKING:
    from newscards.cards.stories import Story
    from newscards.corpus.workspace import Workspace
    from newscards.lint.findings import Finding
    from newscards.query.criteria import Criteria
    from newscards.query.stats.groups import Group, GroupKind

T = TypeVar("T")


class Corpus(corpus.Corpus):
    """The cards below some folders, or some files: ``Corpus("site")``; without arguments, the current folder.

    Where the configuration counts (``newscards.toml``), it is the nearest one upward from the first path.
    """

    def select(
        self,
        *,
        topic: str | Iterable[str] = (),
        all_topics: bool = False,
        min_quality: int | None = None,
        max_quality: int | None = None,
        min_heat: int | None = None,
        max_heat: int | None = None,
        published: bool | None = None,
        type: str | Iterable[str] = (),  # noqa: A002 - the field's name
        provider: str | Iterable[str] = (),
        since: str | date | None = None,
        until: str | date | None = None,
        where: str | Iterable[str] = (),
        search: str | None = None,
    ) -> list[Card]:
        """Return a list of the cards for which all criteria are true, as ``newscards list`` selects them.

        ``corpus.select(topic=["AI", "Ports"], min_quality=80, since="14d", where="heat > quality")``. Several
        topics, types or providers mean any of them, with ``all_topics`` every topic; several ``where``, all.
        ``since`` and ``until`` are days as texts or dates, both included. With ``search`` the best matches
        come first. Cards that cannot be read are left out. Raises ``ArgumentError`` for an invalid criterion.
        """
        from newscards.corpus.index.encoding import BRIEF_NAMES
        from newscards.query.selection import Selection

        for name, value in (
            ("min_quality", min_quality),
            ("max_quality", max_quality),
            ("min_heat", min_heat),
            ("max_heat", max_heat),
        ):
            if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
                _refuse(name, value, "a whole number")
        for name, flag in (("all_topics", all_topics), ("published", published)):
            if not isinstance(flag, bool | None):
                _refuse(name, flag, "True or False")
        if search is not None and not isinstance(search, str):
            _refuse("search", search, "a text")
        criteria: Criteria = {
            "topics": _texts("topic", topic),
            "all_topics": all_topics,
            "min_quality": min_quality,
            "max_quality": max_quality,
            "min_heat": min_heat,
            "max_heat": max_heat,
            "published": published,
            "types": _texts("type", type),
            "providers": _texts("provider", provider),
            "since": _day("since", since),
            "until": _day("until", until),
            "where": _texts("where", where),
            "search": search,
        }
        workspace = self._workspace()
        try:
            selection = Selection(workspace, criteria, paths=self._given_paths)
        except NewscardsError as error:
            raise ArgumentError(_as_arguments(str(error)), _as_arguments(error.hint)) from error
        selected = selection.cards(self, BRIEF_NAMES)
        records = (self.read(card.path) for card in selected)  # a selected card lacks `related`
        return [record for record in records if isinstance(record, Card)]

    def validate(
        self, *, select: str | Iterable[str] = (), ignore: str | Iterable[str] = ()
    ) -> list[Finding]:
        """Return the findings of ``newscards validate``, with the rules and fields of the configuration.

        ``select`` and ``ignore`` are codes, beginnings of codes, or names of rules. Raises
        ``NewscardsError`` for an unknown rule and a broken configuration.
        """
        from newscards.query.findings import lint

        rules, ignored = _texts("select", select), _texts("ignore", ignore)
        if not self._given_paths:
            return []
        return lint(self._workspace(), self._given_paths, rules, ignored).report().findings

    def stories(self) -> list[Story]:
        """Return the stories of the cards, the best first; their cards lack ``related`` and ``secured``."""
        from newscards.cards.stories import stories_of

        records = self.summaries(full=True, identities=True)
        return stories_of(record for record in records if isinstance(record, Card))

    def topics(self) -> list[Group]:
        """Return the topics with the counts of their cards, the most frequent first.

        ``known`` says whether the registry of the configuration has the topic, ``None`` without a registry.
        """
        from newscards.query.stats.groups import TOPICS

        return self._groups(TOPICS)

    def providers(self) -> list[Group]:
        """Return the providers with the counts of their cards, the most frequent first.

        ``known`` says whether the registry of the configuration has the provider, ``None`` without one.
        """
        from newscards.query.stats.groups import PROVIDERS

        return self._groups(PROVIDERS)

    def _groups(self, kind: GroupKind) -> list[Group]:
        from newscards.query.stats.groups import Groups
        from newscards.query.stats.tally import count

        groups = Groups(kind, self._workspace().settings_for(self._given_paths))
        count((record for record in self.summaries() if isinstance(record, Card)), *groups.tallies)
        return groups.ordered()

    def _workspace(self) -> Workspace:
        """Return the workspace of a call, with the fields of the configuration in use."""
        from newscards.cards.fields import use_fields
        from newscards.corpus.workspace import Workspace

        use_fields()
        workspace = Workspace(_Silence(), uses_index=False)
        workspace.settings_for(self._given_paths)
        return workspace


class _Silence:
    """A ``Reporter`` that reports nothing."""

    def notice(self, message: str) -> None:
        """Do nothing."""

    def warn(self, message: str, hint: str = "") -> None:
        """Do nothing."""

    def track(self, items: Iterable[T], total: int, doing: str) -> Iterable[T]:
        """Return the items."""
        return items


def _refuse(name: str, value: object, expected: str) -> NoReturn:
    raise ArgumentError(f"`{name}` is {type_name(value)}, {expected} is expected")


def _texts(name: str, value: Any) -> tuple[str, ...]:
    """Return one text, or several, as a tuple; raises ``ArgumentError`` for anything else."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable) or isinstance(value, bytes | Mapping):
        _refuse(name, value, "a text or several")
    texts = tuple(value)
    for text in texts:
        if not isinstance(text, str):
            _refuse(name, text, "a text or several")
    return texts


def _day(name: str, value: Any) -> str | None:
    """Return a day as the options have it; a moment is the day of it."""
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, date):
        _refuse(name, value, "a date, or a text such as 2023-06-20, 2023-06 or 14d,")
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _as_arguments(message: str) -> str:
    """Return a message in which the names of options are those of arguments."""
    return re.sub(r"--([a-z-]+)", lambda match: match[1].replace("-", "_"), message)
