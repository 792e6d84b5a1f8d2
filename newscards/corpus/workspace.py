"""The corpora of one run, from PATHs, CARDs, options and the configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from newscards.cards.card import Card, Identity, Unreadable, identity
from newscards.cards.fields import BULKY, use_fields
from newscards.cards.values import own_name
from newscards.corpus.corpus import Corpus, page_of_name
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.index.summaries import Wanted
from newscards.errors import CardNotFoundError, PathNotFoundError
from newscards.layout import cache_folder, current_folder, news_folder, site_around

if TYPE_CHECKING:
    from newscards.cards.stories import Story
    from newscards.corpus.settings import Settings

T = TypeVar("T")

MAX_NAMED = 10
"""The number of bad names, or unreadable cards, that a message lists before it counts the rest."""


class Reporter(Protocol):
    """A receiver of notices and progress: the ``Ui`` of a command."""

    def notice(self, message: str) -> None:
        """Show a message that a user may want to read."""

    def warn(self, message: str, hint: str = "") -> None:
        """Show a message about something that a user should fix."""

    def track(self, items: Iterable[T], total: int, doing: str) -> Iterable[T]:
        """Yield the ``total`` ``items``, and show the progress."""


def _do_nothing() -> None:
    pass


@dataclass
class Workspace:
    """The corpora that a run works on.

    ``corpora`` are the folders of ``--corpus``, ``config`` is the file of ``--config``; without
    ``uses_index`` every card is read. ``before_opening`` is called before a corpus is opened.
    ``fixed_settings`` are those of the run where no configuration is looked for.
    """

    reporter: Reporter
    corpora: Sequence[str] = ()
    config: str | None = None
    uses_index: bool = True
    before_opening: Callable[[], None] = _do_nothing
    fixed_settings: Settings | None = None
    pages: dict[str, bool | None] = field(default_factory=dict, init=False)
    """Whether the site gives cards a page, by path, as far as this was asked: each file is read for it."""
    _files: dict[str, str] = field(default_factory=dict, init=False)
    _settings: dict[tuple[str, frozenset[str]], Settings] = field(default_factory=dict, init=False)

    def settings_for(self, paths: Sequence[str], without: Collection[str] = ()) -> Settings:
        """Return the settings of --config, else of the nearest configuration to the first PATH or corpus.

        ``without`` is as in ``load_settings``. The first settings of a run decide about the card's fields
        (``cards.fields.card_field``), until a linter is made for others.
        """
        from newscards.corpus.settings import load_settings

        if self.fixed_settings:
            use_fields(self.fixed_settings.card_field)
            return self.fixed_settings
        named = [path for path in paths if not _may_be_id(path)]
        start = next(iter([*named, *self.corpora]), "") or os.environ.get("NEWSCARDS_CORPUS") or os.curdir
        if not os.path.isdir(start):
            start = os.path.dirname(start) or os.curdir
        if not os.path.isabs(start) and not current_folder():
            start = os.sep  # what was deleted has no configuration
        key = (os.path.abspath(start), frozenset(without))
        if key not in self._settings:  # loading takes long where a registry is many files
            settings = self._settings[key] = load_settings(start, self.config, without)
            if len(self._settings) == 1:
                use_fields(settings.card_field)
        return self._settings[key]

    def folders(self, settings: Settings) -> list[str]:
        """Return the folders of --corpus, else $NEWSCARDS_CORPUS, else those of the configuration."""
        environment = os.environ.get("NEWSCARDS_CORPUS")
        return [*self.corpora] or ([environment] if environment else []) or [*settings.corpus]

    def corpus_folders(self, settings: Settings, *, for_cards: bool = False) -> list[str]:
        """Return the folders of the corpus where no PATH is given.

        These are ``folders``, else the nearest folder upward that is a site, else the current folder. If that
        lies in a ``_news``, it is the corpus; but ``for_cards``, to look up CARDs, all of the ``_news`` is.
        """
        if folders := self.folders(settings):
            return folders
        if not (here := current_folder()):
            return [os.curdir]
        configured = os.path.dirname(os.path.abspath(settings.file)) if settings.file else ""
        found = site_around(here, configured) or (news_folder(here) if for_cards else "")
        return [os.path.relpath(found or here, here)]

    def open(self, paths: Sequence[str] = ()) -> tuple[Corpus, Settings]:
        """Return the corpus of PATHs, else of ``corpus_folders``; and its settings."""
        self.before_opening()
        settings = self.settings_for(paths)
        return self._corpus(self._located(paths) or self.corpus_folders(settings), settings), settings

    def open_for_cards(self) -> Corpus:
        """Return the corpus in which CARDs are searched."""
        self.before_opening()
        settings = self.settings_for(())
        return self._corpus(self.corpus_folders(settings, for_cards=True), settings)

    def _located(self, paths: Sequence[str]) -> list[str]:
        """Return PATHs, with the file of a card in the place of its id or URL.

        Raises ``PathNotFoundError`` for what is neither a path nor an id, and ``CardNotFoundError`` for an id
        or a URL of several cards, and for a URL of none.
        """
        if new := [path for path in paths if path not in self._files and _may_be_id(path)]:
            corpus = self.open_for_cards()
            try:
                len(corpus)
            except PathNotFoundError:  # there are no cards, and so no ids
                return [*paths]
            corpus.look_up_urls(new, copies=True)
            for name in new:
                self._files[name] = corpus.resolve(name) if page_of_name(name) else corpus.file_of(name)
        return [self._files.get(path, path) for path in paths]

    @property
    def cache(self) -> str:
        """The folder of the indexes; empty if none is used."""
        return cache_folder() if self.uses_index else ""

    def _corpus(self, paths: Sequence[str], settings: Settings) -> Corpus:
        return Corpus(*paths, endings=settings.endings, limits=settings.limits, cache=self.cache)

    def roots_around(self, names: Sequence[str]) -> list[str]:
        """Return the folders of the corpora around PATHs; none for a folder that is a corpus itself.

        The corpus around a PATH is the one of --corpus, the environment or the configuration, if the PATH
        lies in it; else the ``_news`` around it. Else a folder is a corpus itself, and a file belongs to its
        folder.
        """
        names = self._located(names)
        named = self.folders(self.settings_for(names[:1]))
        inside = [os.path.abspath(corpus) for corpus in named]
        roots: dict[str, None] = {}
        folders = {os.path.dirname(name): name for name in names if not os.path.isdir(name)}
        for name in [*(name for name in names if os.path.isdir(name)), *folders.values()]:
            path = os.path.abspath(name)
            if any(_is_below(path, root) for root in inside):
                roots |= dict.fromkeys(named)
            elif news := news_folder(path if os.path.isdir(path) else os.path.dirname(path)):
                roots[news if os.path.isabs(name) else os.path.relpath(news)] = None
            elif not os.path.isdir(path):
                roots[os.path.dirname(name) or os.curdir] = None
        return list(roots)

    def corpora_around(self, names: Sequence[str]) -> Iterator[Corpus]:
        """Yield the corpora around PATHs, as ``roots_around`` finds them."""
        settings = self.settings_for(names[:1])
        for root in self.roots_around(names):
            corpus = self._corpus([root], settings)
            try:
                len(corpus)
            except PathNotFoundError:  # a named file may have another ending than a card
                continue
            yield corpus

    def related_cards(self, cards: Iterable[Card]) -> dict[str, dict[Identity, Card]]:
        """Return the cards that some cards name under ``related``, by ``corpus_folder_of`` and identity.

        They are searched for in the corpus that is set, else in the one around each card.
        """
        wanted: dict[str, set[Identity]] = {}
        for card in cards:
            wanted.setdefault(corpus_folder_of(card), set()).update(identity(entry) for entry in card.related)
        is_set = bool(self.folders(self.settings_for(())))
        found: dict[str, dict[Identity, Card]] = {folder: {} for folder in wanted}
        for folder, identities in wanted.items():
            with suppress(PathNotFoundError):  # a named file may have another ending than a card
                if identities:
                    found[folder] = self.open([] if is_set else [folder])[0].find(identities)
        return found

    def stories_around(self, cards: Collection[Card]) -> dict[str, Story]:
        """Return, by real path, the story of each card in its corpus (``corpora_around``).

        The stories are those of ``stories_of``. Their cards may be without ``related`` and other bulk.
        """
        from newscards.cards.stories import stories_of

        files = {os.path.realpath(card.path): card for card in cards}
        identities = {card.identity for card in cards}
        found: dict[str, Story] = {}
        for corpus in self.corpora_around([card.path for card in cards]):
            records = corpus.summaries(identities=True)
            for story in stories_of(record for record in records if isinstance(record, Card)):
                for card in story.cards:
                    if card.identity in identities and (file := os.path.realpath(card.path)) in files:
                        found[file] = story
        return found

    def readable(
        self,
        corpus: Corpus,
        fields: Set[str],
        unreadable: list[Unreadable],
        *,
        identities: bool = False,
        wanted: Wanted | None = None,
    ) -> Iterator[Card]:
        """Yield the cards that can be read, with at least the values of ``fields``, which are dotted names.

        All others are added to ``unreadable``. ``identities`` and ``wanted`` are as in ``Corpus.summaries``;
        both are ignored where a field is bulky.
        """
        if any(own_name(name).partition(".")[0].partition("[")[0] in BULKY for name in fields):
            records = iter(corpus)
        else:
            records = corpus.summaries(full=not fields <= BRIEF_NAMES, identities=identities, wanted=wanted)
        for record in self.reporter.track(records, len(corpus), "Reading cards"):
            if isinstance(record, Unreadable):
                unreadable.append(record)
            else:
                yield record


def _may_be_id(path: str) -> bool:
    """Return whether a PATH may be the id or a URL of a card, because no file has this name.

    ``-`` stands for names, too.
    """
    is_name = bool(path) and (os.path.basename(path) == path or bool(page_of_name(path)))
    return is_name and not os.path.lexists(path)


def corpus_folder_of(card: Card) -> str:
    """Return the folder of the corpus around a card: its ``_news``, or the folder that it is in."""
    folder = os.path.dirname(card.path)
    news = news_folder(folder)
    return (news if os.path.isabs(folder) else os.path.relpath(news)) if news else folder or os.curdir


def resolve_cards(corpus: Corpus, names: Iterable[str], *, part: bool) -> list[str]:
    """Return the files that CARDs mean, each once.

    Raises ``CardNotFoundError`` where a name means no card or several. The message lists all such names, so
    that a user who pipes in many can correct them together.
    """
    names = list(names)
    corpus.look_up_urls(names, copies=part)
    paths: dict[str, str] = {}
    errors: list[CardNotFoundError] = []
    wrong = ""
    for name in names:
        try:
            path = corpus.resolve(name, part=part, hint=False)
        except CardNotFoundError as error:
            errors.append(error)
            wrong = name
        else:
            paths.setdefault(os.path.realpath(path), path)
    if len(errors) == 1:
        corpus.resolve(wrong, part=part)  # raises it again, with the hint
    if errors:
        lines = [f"  {error}" for error in errors[:MAX_NAMED]]
        if len(errors) > MAX_NAMED:
            lines.append(f"  and {len(errors) - MAX_NAMED} more")
        lines.insert(0, f"{len(errors)} names mean no card, or several; nothing was done:")
        rows = any("\t" in name or "," in name or name.startswith(("{", "[")) for name in names)
        hint = "are these rows of a list? `newscards list --format ids` gives names alone" if rows else ""
        raise CardNotFoundError("\n".join(lines), hint)
    return list(paths.values())


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))
