"""The corpora that PATHs belong to, whose other cards the rules NC6 look at, too."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from newscards.cards.card import Card, Identity, identity
from newscards.commands.shared.corpora import corpus_of, open_corpus, set_corpora, settings_for
from newscards.corpus.corpus import Corpus
from newscards.errors import PathNotFoundError
from newscards.layout import news_folder
from newscards.output.ui import Ui, current
from newscards.text import path_text


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
