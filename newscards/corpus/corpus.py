"""Corpus: the cards of some PATHs, to read, find and edit. ``query.corpus`` adds to it for the Python API."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self

from newscards.cards.card import Card, CardOrUnreadable, Identity, card_id, is_bundle
from newscards.corpus.discovery import ENDINGS, FoundCards, find, path_not_found
from newscards.errors import CardNotFoundError
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.text import nearest, path_text

if TYPE_CHECKING:
    from newscards.cards.values import Scalar
    from newscards.corpus.index.summaries import Wanted
    from newscards.edits.apply import EditedCard


CUT = "…"
"""The sign in the place of what a table cuts from a text that is too wide."""


class Corpus:
    """The cards below some folders, or some files.

    ``Corpus("_news")`` or ``Corpus("site")``, where ``site/_news`` is; without arguments, the current folder.
    The files are listed once, when first needed, and read again at each call. ``endings`` are the endings of
    card files; ``limits`` limit how much of a card is read. ``cache`` is the folder of the indexes that
    ``summaries`` reads and updates; without one, no index is used.
    """

    def __init__(
        self,
        *paths: str | os.PathLike[str],
        endings: tuple[str, ...] = ENDINGS,
        limits: Limits = LIMITS,
        cache: str = "",
    ) -> None:
        self._given_paths = [os.fspath(path) for path in paths] or [os.curdir]
        self.endings, self.limits, self.cache = endings, limits, cache
        self._found: list[FoundCards] | None = None
        self._by_page: dict[tuple[str, bool], list[str]] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._given_paths))})"

    @classmethod
    def of_files(cls, paths: Iterable[str]) -> Self:
        """Return the corpus of exactly these files, which may be none."""
        corpus = cls()
        corpus._given_paths = list(paths)
        corpus._found = [FoundCards("", [*corpus._given_paths])]
        return corpus

    @property
    def found(self) -> list[FoundCards]:
        """The card files by PATH; raises ``PathNotFoundError``."""
        if self._found is None:
            self._found = find(self._given_paths, self.endings)
        return self._found

    @cached_property
    def paths(self) -> list[str]:
        """The card files, sorted within each folder; raises ``PathNotFoundError``."""
        return [path for found in self.found for path in found.paths]

    def __len__(self) -> int:
        return sum(len(found.paths) for found in self.found)

    def __iter__(self) -> Iterator[CardOrUnreadable]:
        """Yield every card, or an ``Unreadable`` in its place; one bad card never hides the others."""
        return map(self.read, self.paths)

    def read(self, path: str) -> CardOrUnreadable:
        """Return the card in the file at ``path``, or why it cannot be read."""
        from newscards.cards.reader import read  # only here: with an index it may not be needed

        return read(path, self.limits)

    def summaries(
        self, *, full: bool = False, identities: bool = False, wanted: Wanted | None = None
    ) -> Iterator[CardOrUnreadable]:
        """Yield every card without ``related`` and ``secured``, or an ``Unreadable`` in its place.

        They come from the index if there is one, and it is brought up to date. With ``full`` they have all
        other fields, else perhaps only those in ``encoding.BRIEF``. With ``identities``, their ``identities``
        are set. Cards that are not ``wanted`` may be left out.
        """
        from newscards.corpus.index.summaries import summaries

        for found in self.found:
            yield from summaries(
                found, self.limits, self.cache, full=full, identities=identities, wanted=wanted
            )

    def cards(self) -> Iterator[Card]:
        """Yield the cards that can be read."""
        return (record for record in self if isinstance(record, Card))

    def resolve(self, name: str, *, part: bool = True, hint: bool = True) -> str:
        """Return the file that CARD ``name`` means: a path, an id, the beginning or a part of one, or a URL.

        An id may be cut with ``…``, as tables show it, and have blanks behind it. ``part=False`` is for
        edits, where a part of an id is not enough, nor a URL that only copies of the card have. Raises
        ``CardNotFoundError`` where the name means no card or several, with the candidates if ``hint``.
        """
        if os.path.isdir(name):
            raise CardNotFoundError(f"{path_text(name)} is a folder, not a card")
        if os.path.lexists(name):
            return name
        if not name:
            raise CardNotFoundError("an empty text names no card")
        page = page_of_name(name)
        matches = self._files_at([page], copies=part)[page] if page else self._files_of(name, part=part)
        if len(matches) == 1:
            return matches[0]
        if not matches and name != name.rstrip():  # as lines of a file may have
            return self.resolve(name.rstrip(), part=part, hint=hint)
        short = f"`{path_text(name if len(name) <= 200 else f'{name[:200]}…')}`"
        if matches:
            raise _ambiguous(short, matches)
        if page:
            raise CardNotFoundError(f"no card has the URL {short}", self._url_hint(page) if hint else "")
        raise CardNotFoundError(f"no card {short}", self._hint(name, part=part) if hint else "")

    def file_of(self, identifier: str) -> str:
        """Return the file of the card with exactly this id, or with this file name; blanks may be behind it.

        Raises ``PathNotFoundError`` if there is none, and ``CardNotFoundError`` if there are several.
        """
        matches = self._with_id(identifier) or self._with_id(identifier.rstrip())
        if len(matches) > 1:
            raise _ambiguous(f"`{path_text(identifier)}`", matches)
        if not matches:
            raise path_not_found(identifier, self._ids)
        return matches[0]

    def look_up_urls(self, names: Iterable[str], *, copies: bool) -> None:
        """Search the cards of all URLs among CARDs at once, so that ``resolve`` knows them."""
        self._files_at([page for name in names if (page := page_of_name(name))], copies=copies)

    def _files_at(self, pages: Sequence[str], *, copies: bool) -> dict[str, list[str]]:
        """Return the files of the cards that some URLs address, in the form of ``urls.page_of``.

        With ``copies``, an entry of ``related`` with the URL stands for the card that it names, if no card
        itself has the URL.
        """
        if new := {page for page in pages if (page, copies) not in self._by_page}:
            from newscards.corpus.lookup import files_at  # only here: few names are URLs

            found = files_at(self, new, copies=copies)
            self._by_page |= {(page, copies): found.get(page, []) for page in new}
        return {page: self._by_page[page, copies] for page in pages}

    def _files_of(self, name: str, *, part: bool) -> list[str]:
        """Return the files whose id is, begins with or contains a name, the first of these that has any."""
        matches = self._with_id(name) or self._beginning_with(name)
        if not matches and CUT in name:
            matches = self._cut_to(name, part=part)
        if not matches and part:
            matches = [path for path in self.paths if name in card_id(path)]
        return matches

    def _with_id(self, name: str) -> list[str]:
        exact = card_id(name) if name.endswith(self.endings) else name  # a file's name, as `ls` gives it
        return self._by_id.get(name) or self._by_id.get(exact) or []

    def _cut_to(self, name: str, *, part: bool) -> list[str]:
        """Return the files whose id a table may cut to ``name``: at the end, or in the middle."""
        beginning, *rest = name.split(CUT)
        if not (beginning or part):
            return []
        pattern = re.compile("".join(f".*{re.escape(each)}" for each in rest), re.DOTALL)
        return [
            path
            for path in self._beginning_with(beginning)
            if pattern.fullmatch(card_id(path), len(beginning))
        ]

    @cached_property
    def _by_id(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(card_id(path), []).append(path)
        return found

    @cached_property
    def _ids(self) -> list[str]:
        return sorted(self._by_id)

    def _beginning_with(self, start: str) -> list[str]:
        found: list[str] = []
        for identifier in self._ids[bisect_left(self._ids, start) :]:
            if not identifier.startswith(start):
                break
            found += self._by_id[identifier]
        return found

    def get(self, name: str) -> CardOrUnreadable:
        """Return the card that ``name`` means (``resolve``), or why it cannot be read."""
        return self.read(self.resolve(name))

    def files_mentioning(self, urls: Iterable[str]) -> list[str]:
        """Return the files that may mention one of some URLs, as ``webUrl`` of the card or of an entry."""
        from newscards.corpus.lookup import files_mentioning

        urls = [*urls]
        return [
            path for found in self.found for path in files_mentioning(found, self.limits, self.cache, urls)
        ]

    def find(
        self, identities: Collection[Identity], track: Callable[[list[str]], Iterable[str]] = iter
    ) -> dict[Identity, Card]:
        """Return the cards that have one of these identities (``card.identity``), by identity.

        ``track`` gets the files that are read, and yields them; it may show progress.
        """
        records = map(self.read, track(self.files_mentioning({url for url, _, _ in identities})))
        return {
            record.identity: record
            for record in records
            if isinstance(record, Card) and record.identity in identities
        }

    def edit(
        self, card: Card | str, values: Mapping[str, Scalar] | None = None, /, **more: Scalar
    ) -> EditedCard:
        """Set fields of a card in its file: ``corpus.edit(card, {"provider.name": "Tide"}, quality=80)``.

        Only the bytes of these values change, atomically. Return the edited card, whose ``is_changed`` is
        false where the values were equal already. This is one edit in the journal, for ``newscards undo``.
        The rules are not checked, and no configuration is read: the fields are the built-in ones. A ``Card``
        that differs from its file is refused. Raises ``EditRefusedError``, ``CardNotFoundError``,
        ``NewscardsError`` for an unknown field or a value of a wrong type, and ``OSError``; each leaves the
        file as it was.
        """
        from newscards.cards.fields import use_fields
        from newscards.edits.plan import edit_card  # only here: reading does not need it

        use_fields()  # a run of the command line in this process may have had others
        path = card.path if isinstance(card, Card) else self.resolve(card, part=False)
        values = {**(values or {}), **more}
        return edit_card(path, values, card if isinstance(card, Card) else None, self.limits)

    def _url_hint(self, page: str) -> str:
        """Return a hint at a URL that no card has: the cards that list it, else the URLs that resemble it.

        Those of the same host come first.
        """
        from newscards.cards.urls import page_of, parse
        from newscards.corpus.lookup import files_listing

        if listing := files_listing(self, page):
            more = f" and {len(listing) - 1:,} more" if len(listing) > 1 else ""
            return f"an entry in `related` of {path_text(card_id(listing[0]))}{more} has it"
        urls = {page_of(record.url): record.url for record in self.summaries() if isinstance(record, Card)}
        host = parse(page)
        on_host = [each for each in urls if host and (url := parse(each)) and url.host == host.host]
        near = nearest(page, on_host) or nearest(page, urls if host else (), cutoff=0.8)
        return "did you mean " + " or ".join(path_text(urls[each]) for each in near) + "?" if near else ""

    def _hint(self, name: str, *, part: bool) -> str:
        if found := [*map(card_id, self._bundles_in_file(name))]:
            names = " or ".join(map(path_text, found[:3]))
            return f"a file `index` has the name of its folder; did you mean {names}?"
        near = nearest(card_id(name.strip().removesuffix(CUT)), self._ids)
        if not part and len(name) > 2:
            near = [identifier for identifier in self._ids if name in identifier][:5] or near
        return "did you mean " + " or ".join(map(path_text, near)) + "?" if near else ""

    def _bundles_in_file(self, name: str) -> Iterator[str]:
        """Yield the page bundles whose file has a name, such as ``index.no``, with or without its ending."""
        for path in self.paths:
            file = os.path.basename(path)
            if name in (file, os.path.splitext(file)[0]) and is_bundle(path):
                yield path


def page_of_name(name: str) -> str:
    """Return the page (``urls.page_of``) that a CARD addresses; empty if the name is no URL.

    A URL may lack its scheme, as browsers show it: ``www.tide.example/gauges``.
    """
    url = name.strip()
    if not url.lower().startswith(("http://", "https://")):
        host = _HOST.match(url)
        if not host or url.endswith(ENDINGS) or os.path.lexists(host[1]):
            return ""
        url = f"https://{url}"
    from newscards.cards.urls import page_of  # only here: few names are URLs

    return page_of(url)


_HOST = re.compile(r"((?:[a-z0-9-]+\.)+[a-z]{2,})/", re.IGNORECASE)
"""The host of a URL without its scheme, and the slash behind it."""


def _ambiguous(name: str, paths: list[str]) -> CardNotFoundError:
    return CardNotFoundError(f"{name} is ambiguous: {len(paths)} cards match", _listing(paths))


def _listing(paths: list[str], max_paths: int = 10) -> str:
    lines = [f"  {path_text(path)}" for path in paths[:max_paths]]
    if len(paths) > max_paths:
        lines.append(f"  and {len(paths) - max_paths} more")
    return "name one of them in full:\n" + "\n".join(lines)
