"""What PATHs and CARDs mean, and the options and settings that say which corpus: names -> files."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current

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
