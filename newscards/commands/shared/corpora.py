"""PATHs and CARDs as files, the corpora they belong to, and the cards in these that can be read."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from typing import TYPE_CHECKING

from newscards.cards.card import Card, Identity, Unreadable, identity
from newscards.cards.fields import BULKY
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.index.summaries import Wanted
from newscards.errors import NewscardsError, PathNotFoundError
from newscards.layout import news_folder
from newscards.output.ui import Ui, current
from newscards.text import path_text

if TYPE_CHECKING:
    from newscards.corpus.corpus import Corpus
    from newscards.corpus.settings import Settings


TOLD = 10
"""How many bad names, or unreadable cards, are told before the rest is counted."""


def read_names(words: tuple[str, ...], *, nul: bool) -> tuple[str, ...]:
    """Return PATHs or CARDs, with ``-`` replaced by what standard input names, one a line (or NUL)."""
    if "-" not in words:
        return words
    data = sys.stdin.buffer.read()
    if b"\0" in data and not nul:
        raise NewscardsError("the names on standard input are separated by NUL", "add -0")
    lines = data.split(b"\0") if nul else [line.removesuffix(b"\r") for line in data.split(b"\n")]
    read = tuple(os.fsdecode(line) for line in lines if line)
    if not read:
        current().notice("standard input names nothing")
    at = words.index("-")
    return (*words[:at], *read, *(word for word in words[at:] if word != "-"))


def resolve_cards(corpus: Corpus, names: Iterable[str], *, part: bool) -> list[str]:
    """Return the files that CARDs mean, each once.

    Raises ``CardNotFoundError`` where one means no card, or several; then it tells of all such: whoever
    pipes in a hundred names wants to mend them at once.
    """
    from newscards.errors import CardNotFoundError

    names = list(names)
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
        told = [f"  {error}" for error in errors[:TOLD]]
        if len(errors) > TOLD:
            told.append(f"  and {len(errors) - TOLD} more")
        told.insert(0, f"{len(errors)} names mean no card, or several; nothing was done:")
        rows = any("\t" in name or "," in name or name.startswith(("{", "[")) for name in names)
        hint = "are these rows of a list? `newscards list --format ids` gives names alone" if rows else ""
        raise CardNotFoundError("\n".join(told), hint)
    return list(paths.values())


def open_corpus(paths: Iterable[str], ui: Ui | None = None) -> Corpus:
    """Return the corpus of some PATHs; without any, the one that ``set_corpora`` says, else this folder."""
    return _opened(list(paths), ui)[0]


def _opened(named: Sequence[str], ui: Ui | None = None) -> tuple[Corpus, Settings]:
    if ui is None:
        ui = current()
        _tell_interrupted(ui)
    settings = settings_for(named, ui)
    return corpus_of(named or set_corpora(settings, ui) or [os.curdir], settings, ui), settings


def corpus_of(paths: Sequence[str], settings: Settings, ui: Ui) -> Corpus:
    """Return the corpus of some PATHs, as the settings have it, with its indexes unless ``--no-cache``."""
    from newscards.corpus.corpus import Corpus
    from newscards.corpus.index.folder import cache_folder

    cache = "" if ui.no_cache else cache_folder()
    return Corpus(*paths, endings=settings.endings, limits=settings.limits, cache=cache)


def set_corpora(settings: Settings, ui: Ui) -> list[str]:
    """Return the folders of --corpus, else of $NEWSCARDS_CORPUS, else of the configuration."""
    environment = os.environ.get("NEWSCARDS_CORPUS")
    return ui.corpora or ([environment] if environment else []) or list(settings.corpus)


def settings_for(paths: Sequence[str], ui: Ui, without: Collection[str] = ()) -> Settings:
    """Return the settings: of --config, else those found upward from the first PATH, or the corpus.

    ``without`` is as in ``load_settings``.
    """
    from newscards.corpus.settings import load_settings

    start = next(iter([*paths, *ui.corpora]), "") or os.environ.get("NEWSCARDS_CORPUS") or os.curdir
    if not os.path.isdir(start):
        start = os.path.dirname(start) or os.curdir
    asked = (os.path.abspath(start), frozenset(without))
    if asked not in ui.settings:  # a registry may be many files
        ui.settings[asked] = load_settings(start, ui.config, without)
    return ui.settings[asked]


def open_paths(paths: tuple[str, ...], *, nul: bool) -> Corpus:
    """Return the corpus of PATHs, read from standard input where one is ``-``; it may then be empty."""
    return open_with_settings(paths, nul=nul)[0]


def open_with_settings(paths: tuple[str, ...], *, nul: bool) -> tuple[Corpus, Settings]:
    """Return the corpus of PATHs, as ``open_paths``, and the settings that hold for it."""
    from newscards.corpus.corpus import Corpus

    names = read_names(paths, nul=nul)
    if paths and not names:
        return Corpus.of_files([]), settings_for((), current())
    return _opened(names)


def _tell_interrupted(ui: Ui) -> None:
    """Tell a person who looks at cards that an edit of some was interrupted: they may be half old, half new.

    A script is not told: to look costs the start of every command several milliseconds.
    """
    if ui.quiet or ui.knows_interrupted or not sys.stderr.isatty():
        return
    ui.knows_interrupted = True
    from newscards.edits.journal import Journal
    from newscards.edits.transaction import interrupted, journal_folder

    if entry := interrupted(Journal(journal_folder())):
        ui.warn(
            f"edit {entry.number} was interrupted: perhaps only some of its cards are"
            f" written; the next edit finishes it, `newscards undo {entry.number}` takes it back"
        )


def cards_around(names: Sequence[str], ui: Ui) -> list[str]:
    """Return the cards of the corpora that PATHs belong to."""
    return [path for corpus in corpora_around(names, ui) for path in corpus.paths]


def corpora_around(names: Sequence[str], ui: Ui) -> Iterator[Corpus]:
    """Yield the corpora that PATHs belong to."""
    settings = settings_for(names[:1], ui)
    for root in roots_around(names, ui):
        corpus = corpus_of([root], settings, ui)
        try:
            len(corpus)
        except PathNotFoundError:  # a file that is named need not end like a card
            continue
        yield corpus


def home_of(card: Card) -> str:
    """Return the folder of the corpus around a card: its ``_news``, or the folder that it stands in."""
    folder = os.path.dirname(card.path)
    news = news_folder(folder)
    return (news if os.path.isabs(folder) else os.path.relpath(news)) if news else folder or os.curdir


def related_cards(cards: Iterable[Card], ui: Ui) -> dict[str, dict[Identity, Card]]:
    """Return the cards that some cards name under ``related``: by ``home_of`` these, and by identity.

    They are looked for in the corpus that is set, else in the one around a card.
    """
    wanted: dict[str, set[Identity]] = {}
    for card in cards:
        wanted.setdefault(home_of(card), set()).update(identity(entry) for entry in card.related)
    is_set = bool(set_corpora(settings_for((), ui), ui))
    found: dict[str, dict[Identity, Card]] = {home: {} for home in wanted}
    for home, identities in wanted.items():
        with suppress(PathNotFoundError):  # a file that is named need not end like a card
            found[home] = open_corpus(() if is_set else [home]).find(identities) if identities else {}
    return found


def changed_cards(cards: Sequence[str], rev: str) -> list[str]:
    """Return those cards that changed since a git revision, and tell where there are none.

    Raises ``NewscardsError`` where git cannot say.
    """
    from newscards.diff.git import changed_since  # only here: what starts processes takes long to import

    changed = changed_since(cards, rev)
    if not changed:
        current().notice(f"0 cards changed since {path_text(rev)}")
    return changed


def roots_around(names: Sequence[str], ui: Ui) -> list[str]:
    """Return the folders of the corpora that PATHs belong to; none for one that is its own.

    That is the corpus that --corpus, the environment or the configuration names, where a PATH lies in
    it; else the ``_news`` around it; else a folder is its own, and a file is of the folder that it is in.
    """
    set_ = set_corpora(settings_for(names[:1], ui), ui)
    inside_set = [os.path.abspath(corpus) for corpus in set_]
    roots: dict[str, None] = {}
    folders = {os.path.dirname(name): name for name in names if not os.path.isdir(name)}
    for name in [*(name for name in names if os.path.isdir(name)), *folders.values()]:
        path = os.path.abspath(name)
        if any(_is_below(path, root) for root in inside_set):
            roots |= dict.fromkeys(set_)
        elif news := news_folder(path if os.path.isdir(path) else os.path.dirname(path)):
            roots[news if os.path.isabs(name) else os.path.relpath(news)] = None
        elif not os.path.isdir(path):
            roots[os.path.dirname(name) or os.curdir] = None
    return list(roots)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def readable(
    corpus: Corpus,
    ui: Ui,
    fields: Set[str],
    unreadable: list[Unreadable],
    *,
    identities: bool = False,
    wanted: Wanted | None = None,
) -> Iterator[Card]:
    """Yield the cards that can be read, each with some fields at least, which are dotted names.

    All others come into ``unreadable``. ``identities`` and ``wanted`` are as in ``Corpus.summaries``; where a
    field is bulky neither is minded.
    """
    if any(name.partition(".")[0].partition("[")[0] in BULKY for name in fields):
        records = iter(corpus)
    else:
        records = corpus.summaries(full=not fields <= BRIEF_NAMES, identities=identities, wanted=wanted)
    for record in ui.track(records, len(corpus), "Reading cards"):
        if isinstance(record, Unreadable):
            unreadable.append(record)
        else:
            yield record


def tell_unreadable(ui: Ui, messages: Sequence[str]) -> int:
    """Warn of the cards that cannot be read; return the exit code, for the result is then partial."""
    for message in messages[:TOLD]:
        ui.warn(message)
    if len(messages) > TOLD:
        ui.warn(f"and {len(messages) - TOLD:,} more cards cannot be read; see `newscards validate`")
    return 1 if messages else 0
