"""Files of a ``_news`` that are no cards by their names, and that Jekyll takes for cards; or the reverse.

Jekyll does not look at endings: each file whose first line is a fence is a document (utils.rb,
``has_yaml_header?``), such as what an editor or a merge leaves beside a card. Of the folders whose names
begin with ``_`` it leaves out only the outermost. And the flag of a card that its name hides may publish it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from newscards.cards.card import Card, CardOrUnreadable, card_id
from newscards.corpus.discovery import ENDINGS, FoundCards
from newscards.frontmatter.limits import Limits
from newscards.jekyll.config import SiteConfig, site_of
from newscards.jekyll.site import View, view_file

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t\r\f\v]*\n")
_HEADER_BYTES = 64


class Stray(NamedTuple):
    """A file that Jekyll takes for a card, or cannot open, or that is a published card but for its name.

    ``view`` is the site's view of it.
    ``card`` is the path of the card with the same id, empty without one; ``card_view`` the view of that.
    A view is ``None`` if the site's decision is not known.
    """

    record: CardOrUnreadable
    view: View | None
    card: str
    card_view: View | None


def strays_among(found: FoundCards, limits: Limits) -> Iterator[Stray]:
    """Yield the files beside the cards of a folder that contradict them; few are opened in full."""
    ids: dict[str, str] = {}
    for path in found.others:
        site = site_of(path)
        if site.problem or not site.collection.is_read:
            continue
        if site.hides_by_name(site.inner_path(path)):
            if path.endswith(ENDINGS) and not _is_beside_its_card(path):
                record, _, view = view_file(path, site, limits)
                if isinstance(record, Card) and record.fields.get("published") is True:
                    yield Stray(record, view, "", None)
            continue
        if not _is_document(path, site):
            continue
        if not ids:
            ids.update((card_id(card), card) for card in reversed(found.paths))
        card = _card_of(path, ids)
        record, _, view = view_file(path, site, limits)
        yield Stray(record, view, card, view_file(card, site_of(card), limits).view if card else None)


def leftovers_of(strays: Iterable[Stray]) -> dict[str, list[str]]:
    """Return the names of the files that Jekyll shows as some card, by the absolute paths of the cards."""
    leftovers: dict[str, list[str]] = {}
    for stray in strays:
        if stray.card and stray.view and stray.view.is_shown:
            name = os.path.relpath(stray.record.path, os.path.dirname(stray.card))
            leftovers.setdefault(os.path.abspath(stray.card), []).append(name)
    return leftovers


def _is_beside_its_card(path: str) -> bool:
    """Return whether a file that its name hides lies beside its card: ``_x.md`` beside ``x.md``."""
    folder, name = os.path.split(path)
    stem = name.lstrip("_.#~")
    return stem != name and os.path.isfile(os.path.join(folder, stem))


def _is_document(path: str, site: SiteConfig) -> bool:
    """Return whether Jekyll reads a file as a card, or aborts because it cannot open it.

    A file with a byte order mark before its fence is not read but copied, with all that it says.
    """
    inner = site.inner_path(path)
    if site.excludes(inner) or site.leaves_out_link(path):
        return False
    try:
        with open(path, "rb") as file:
            return bool(_HEADER.match(file.read(_HEADER_BYTES)))
    except OSError:
        return os.path.islink(path) and not os.path.exists(path)


def _card_of(path: str, ids: Mapping[str, str]) -> str:
    """Return the card whose id a file has, after one ending (``x.MD``) or several (``x.md.orig``).

    The card in the same folder counts before one with that id elsewhere.
    """
    stem = path
    while True:
        name, ending = os.path.splitext(stem)
        if known := ids.get(card_id(stem)):
            folder = os.path.dirname(path)
            beside = os.path.join(folder, os.path.basename(known))
            return beside if beside != path and os.path.isfile(beside) else known
        if not ending:
            return ""
        stem = name
