"""``newscards new``: a card is created, hidden, with the values that a card needs."""

from __future__ import annotations

import contextlib
import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import click

from newscards.commands.shared.options import CONTEXT, common_options, completed_by, force_option
from newscards.errors import EditRefusedError, NewscardsError, hint_of, system_reason
from newscards.output.ui import Ui, current
from newscards.text import one_line, path_text, shorten

if TYPE_CHECKING:
    from newscards.cards.card import Unreadable
    from newscards.cards.values import Scalar
    from newscards.corpus.settings import Settings
    from newscards.frontmatter.nodes import Step
    from newscards.lint.linter import Linter
    from newscards.query.topics import KnownTopics

_NEARLY_ALL = 0.95
"""The share of the cards from which on a new card has a field, too."""
_MAX_TITLE = 1000
"""The number of characters of the longest title that a card is created with."""


@click.command("new", context_settings=CONTEXT)
@click.option("--url", metavar="U", help="The URL of the article, or of the video's page.  [required]")
@click.option("--title", metavar="T", help="The title; the file is named after it.  [required]")
@click.option("--topic", "topics", metavar="T", multiple=True, shell_complete=completed_by("new_topic"),
              help="A topic; repeatable. The site's own, if `_config.yml` has it, comes first.")  # fmt: skip
@click.option("--provider", metavar="NAME", shell_complete=completed_by("provider"),
              help="The provider's name, or the domain of a known one.  [default: by the URL's host, from the"
              " registry or from other cards, else the host]")  # fmt: skip
@click.option(
    "--date", "when", metavar="D",
    help="publishedDateTime, as 2023-06-20T15:44:00Z or yesterday.  [default: now]",
)  # fmt: skip
@click.option(
    "--type", "kind", metavar="TYPE",
    help="article or video.  [default: article; video where most cards of the URL's host are videos]",
)  # fmt: skip
@click.option("--excerpt", metavar="TEXT", default="", help="The excerpt.  [default: empty]")
@click.option("--set", "assignments", metavar="FIELD=VALUE", multiple=True,
              shell_complete=completed_by("settable_field"),
              help="Any other single value, as `newscards set` takes it; repeatable.")  # fmt: skip
@click.option(
    "-e", "--edit", "edits", is_flag=True, help="Open the card in your editor before it is written."
)
@click.option("--dry-run", is_flag=True, help="Print the card; write nothing.")
@force_option
@common_options
def command(
    url: str | None,
    title: str | None,
    topics: tuple[str, ...],
    provider: str | None,
    when: str | None,
    kind: str | None,
    excerpt: str,
    assignments: tuple[str, ...],
    edits: bool,
    dry_run: bool,
    force: bool,
) -> int:
    """Create a card, and print the path of its file.

    The card is hidden (`published: false`), with quality and heat 0, and named after the day and the title:
    `2023-06-20-tide-gauges-get-a-second-life.md`, in the `_news` of the corpus. It is refused if a card has
    this URL already (also with http, with `www.`, or as its AMP page), or this name, or if it would have an
    error for `newscards validate`. `newscards undo` deletes it again.

    \b
    Examples:
      newscards new --url https://tide.example/gauges --title "Tide gauges return" --topic Oceans
      newscards new --url https://tide.example/x --title "Wells" --topic Seas --set quality=60 --edit
      newscards new --url https://tide.example/x --title "Wells" --topic Seas --dry-run
    """
    from newscards.cards.card import Unreadable
    from newscards.commands.shared.corpora import current_workspace, warn_unreadable
    from newscards.query.linters import error_linter

    if url is None or title is None:
        missing = [option for option, value in (("--url", url), ("--title", title)) if value is None]
        raise click.UsageError(f"missing {' and '.join(missing)}")
    ui, settings = current(), current_workspace().settings_for(())
    linter = error_linter(settings)
    values = _values(url, title, when, kind or "article", excerpt, assignments)
    folder = _folder(settings)
    unreadable = list[Unreadable]()
    known = _known(folder, settings, unreadable)
    warn_unreadable(ui, [record.message for record in unreadable])
    values |= _provider(provider, url, known, _names_by_domain(folder, settings))
    values = _as_usual(values, url, kind, known)
    draft = _Draft(folder, values, _topics(topics, folder, known.topics), settings)
    source = draft.source()
    try:
        draft.refuse_taken(source, known, force=force)
        if edits and not dry_run:
            return _edit_and_write(ui, draft, source, linter, force=force)
        if not force:
            draft.refuse_errors(source, linter)
        if not dry_run:
            return _write(ui, draft, source, force=force)
    except EditRefusedError as error:
        return _refuse(ui, draft.path, error)
    ui.write(source)
    return 0


class _Known(NamedTuple):
    """Index of the cards of a corpus: their files by page and by id, names of providers, topics.

    ``types`` and ``owners`` have, by the host of a card's own URL, its types, and its providers' names and
    domains. ``originals`` counts the articles with a ``webUrl``, by whether they have an ``originalUrl``.

    Ids that differ only in capitals are one (``_file_key``): on some systems they are the name of one file.
    """

    pages: dict[str, str]
    ids: dict[str, str]
    providers: dict[str, Counter[str]]
    topics: KnownTopics
    types: dict[str, Counter[str]]
    owners: dict[str, Counter[tuple[str, str]]]
    originals: Counter[bool]


@dataclass
class _Draft:
    """A card that is to be created in a folder, with its values and topics."""

    folder: str
    values: Mapping[tuple[Step, ...], Scalar]
    topics: Sequence[str]
    settings: Settings
    path: str = field(default="", init=False)

    def source(self) -> bytes:
        """Return the card's bytes; raises ``NewscardsError``."""
        from newscards.cards.fields import field_named
        from newscards.edits.creation import card_source

        category = field_named("category")
        values = {path: value for path, value in self.values.items() if field_named(".".join(map(str, path)))}
        first = ("category", (category.choices or ("news",))[0]) if category else ("title", "x")
        source = card_source(first, values, self.topics if field_named("topics") else ())
        self.path = self._path(source)
        return source

    def _path(self, source: bytes) -> str:
        """Return the path of the file that a card with these bytes has by its title and date."""
        from newscards.cards.card import Card
        from newscards.cards.file_names import file_stem
        from newscards.cards.reader import parse

        card = parse("", source, self.settings.limits)
        if not isinstance(card, Card) or card.date is None:
            return self.path
        stem = file_stem(card.title, card.date)
        if not stem:
            raise NewscardsError(
                "the title has no letter and no digit to name the file after", "give another title"
            )
        folder = "" if os.path.normpath(self.folder) == os.curdir else self.folder
        return os.path.join(folder, stem + self.settings.endings[0])

    def refuse_taken(self, source: bytes, known: _Known, *, force: bool) -> None:
        """Raise ``EditRefusedError`` if a card has the name, or unless ``force`` a URL, of these bytes."""
        from newscards.cards.card import Card
        from newscards.cards.reader import parse
        from newscards.corpus.lookup import pages_of

        self.path = self._path(source)
        named = self.path if os.path.lexists(self.path) else known.ids.get(_file_key(self.path))
        if named:
            what = "there is a card of this name already"
            what = what if named == self.path else f"{path_text(named)} has this name"
            raise EditRefusedError(what, "give another title or date")
        card = parse(self.path, source, self.settings.limits)
        for page in pages_of(card.fields) if isinstance(card, Card) and not force else ():
            if page in known.pages:
                raise EditRefusedError(
                    f"{path_text(known.pages[page])} has this URL", "--force creates the card all the same"
                )

    def refuse_errors(self, source: bytes, linter: Linter) -> None:
        """Raise ``EditRefusedError`` if a card with these bytes has an error."""
        from newscards.lint.edit_checks import findings_in

        for finding in findings_in(linter, self.path, source):
            hint = finding.help
            if finding.rule.name == "missing-field":
                hint += "; --set FIELD=VALUE gives a value, and --edit opens the card before it is written"
            raise EditRefusedError(f"it would be an error: {finding.rule.code}: {finding.message}", hint)


def _values(
    url: str, title: str, when: str | None, kind: str, excerpt: str, assignments: Sequence[str]
) -> dict[tuple[Step, ...], Scalar]:
    """Return the values of the card by path; raises ``NewscardsError`` for what is wrong in an option."""
    from newscards import clock
    from newscards.cards.assignments import parse_field, parse_value, require_utf8
    from newscards.cards.urls import first_misfit, parse

    for text, option in ((url, "--url"), (title, "--title"), (excerpt, "--excerpt"), (kind, "--type")):
        require_utf8(text, option)
    shown = shorten(one_line(url))
    if parse(url) is None:
        raise NewscardsError(
            f"--url: `{shown}` is no http or https URL", "write it with its scheme: https://…"
        )
    if misfit := first_misfit(url):
        character = unicodedata.name(url[misfit[0]], f"U+{ord(url[misfit[0]]):04X}").lower()
        raise NewscardsError(f"--url: `{shown}` holds a character that is in no URL: {character}")
    values: dict[tuple[Step, ...], Scalar] = {("title",): _title(title), ("excerpt",): excerpt}
    values[("publishedDateTime",)] = clock.now().replace(microsecond=0) if when is None else _moment(when)
    values[("originalUrl" if kind == "video" else "webUrl",)] = url
    values |= {("type",): kind, ("quality",): 0, ("heat",): 0, ("published",): False}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise NewscardsError(f"--set: `{shorten(one_line(assignment))}` has no `=`", "write FIELD=VALUE")
        path, declared = parse_field(name)
        values[path] = parse_value(name, declared, text)
    return values


def _title(title: str) -> str:
    """Return a title without blanks around it; raises ``NewscardsError`` for one that is no title."""
    title = title.strip()
    if not title:
        raise NewscardsError("--title is empty", "a card has a title")
    if len(title) > _MAX_TITLE:
        raise NewscardsError(f"--title has {len(title):,} characters; a title has at most {_MAX_TITLE:,}")
    for at, character in enumerate(title, 1):
        if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            raise NewscardsError(
                f"--title holds a control character, U+{ord(character):04X}, at character {at}"
            )
    return title


def _moment(text: str) -> datetime:
    """Return the moment of --date in UTC: of a form that a card's date may have, or that --since takes.

    A day begins at midnight, UTC, and a time without a zone is in UTC, as in a card.
    """
    from newscards import clock
    from newscards.cards.assignments import read_date
    from newscards.cards.card import moment
    from newscards.cards.values import iso
    from newscards.query.filters import parse_days

    with contextlib.suppress(NewscardsError):
        return parse_days(text, clock.now())[0]
    value = read_date(text)
    found = moment(value)
    if found is None:
        raise NewscardsError(
            f"--date: `{shorten(one_line(text))}` is not a date",
            "write a moment with its zone, as 2023-06-20T15:44:00Z or `2023-06-20 17:44:00 +0200`, or a day"
            " as `--since` takes it: 2023-06-20, yesterday",
        )
    if isinstance(value, datetime) and value.tzinfo is None:
        current().notice(f"--date: `{one_line(text)}` has no zone, and is taken as UTC: {iso(found)}")
    return found


def _folder(settings: Settings) -> str:
    """Return the folder for the card: the ``_news`` of the corpus, or the folder that its cards lie in.

    Raises ``NewscardsError`` where that is not clear.
    """
    from newscards.commands.shared.corpora import current_workspace
    from newscards.corpus.discovery import path_not_found
    from newscards.layout import SITE_FOLDER, news_folder, site_root

    folders = current_workspace().corpus_folders(settings, for_cards=True)
    if len(folders) > 1:
        raise NewscardsError(f"the corpus is {len(folders)} folders", "--corpus names the one for the card")
    if not os.path.isdir(folders[0]):
        raise path_not_found(folders[0])
    folder = site_root(folders[0])
    if news_folder(folder) or any(name.endswith(settings.endings) for name in os.listdir(folder)):
        return folder
    raise NewscardsError(
        f"{path_text(folder)} has no folder `{SITE_FOLDER}`, and no cards",
        "--corpus names the folder for the card",
    )


def _file_key(path: str) -> str:
    """Return the id of the card at a path, the same for names that some file system takes for equal."""
    from newscards.cards.card import card_id

    return unicodedata.normalize("NFC", card_id(path)).casefold()


def _known(folder: str, settings: Settings, unreadable: list[Unreadable]) -> _Known:
    """Return what is known of the cards in a folder; those that cannot be read go into ``unreadable``."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.corpus.corpus import Corpus
    from newscards.corpus.discovery import walk
    from newscards.corpus.lookup import OWN_URLS, pages_of
    from newscards.query.topics import KnownTopics

    known = _Known({}, {}, {}, KnownTopics.of(settings), {}, {}, Counter())
    if next(walk(folder, settings.endings), None) is None:
        return known
    workspace = current_workspace()
    corpus = Corpus(folder, endings=settings.endings, limits=settings.limits, cache=workspace.cache)
    known.ids.update((_file_key(path), path) for path in corpus.paths)
    fields = {*OWN_URLS, "provider.name", "provider.domain", "topics", "type"}
    for card in workspace.readable(corpus, fields, unreadable):
        for page in pages_of(card.fields):
            known.pages.setdefault(page, card.path)
        domain, name = card.provider.get("domain"), card.provider.get("name")
        if isinstance(domain, str) and isinstance(name, str):
            known.providers.setdefault(domain.casefold(), Counter())[name] += 1
        if host := _host(card.url):
            known.types.setdefault(host, Counter())[card.type] += 1
            if isinstance(domain, str) and isinstance(name, str):
                known.owners.setdefault(host, Counter())[name, domain] += 1
        if card.type == "article" and card.fields.get("webUrl"):
            known.originals[bool(card.fields.get("originalUrl"))] += 1
        known.topics.add(card)
    return known


def _names_by_domain(folder: str, settings: Settings) -> Mapping[str, str]:
    """Return the names of organizations by their domains, from the configured registry or else the site's."""
    from newscards.corpus.registry import read_registry, registry_around

    registry = settings.organizations
    if not registry and (path := registry_around(folder, "organizations")):
        with contextlib.suppress(NewscardsError):  # nobody has asked for it
            registry = read_registry(path)
    return registry.by_domain if registry else {}


def _provider(
    name: str | None, url: str, known: _Known, registry: Mapping[str, str]
) -> dict[tuple[Step, ...], Scalar]:
    """Return the name and the domain of the provider: the known one that has ``name`` as name or domain.

    If none has, or no name is given, they are found by the URL's host and the domains that are known.
    """
    from newscards.cards.assignments import require_utf8

    host = _host(url)
    candidates = [host, *_parents(host)]
    if name is not None:
        require_utf8(name, "--provider")
        if found := _known_provider(name, candidates, known, registry):
            return {("provider", "name"): found[0], ("provider", "domain"): found[1]}
    domain = next((each for each in candidates if each in registry or each in known.providers), "")
    if not domain:
        owners = known.owners.get(host, Counter())
        owner, domain = next(iter(owners)) if len(owners) == 1 else ("", host)
        name = name if name is not None else owner or None
    if name is None:
        name = registry.get(domain) or next(
            (each for each, _ in known.providers.get(domain, Counter()).most_common(1)), ""
        )
        if not name:
            name = domain
            current().notice(
                f"provider.name is `{one_line(domain)}`, because no card has this domain; --provider names it"
            )
    return {("provider", "name"): name, ("provider", "domain"): domain}


def _known_provider(
    text: str, candidates: Sequence[str], known: _Known, registry: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return the name and domain of the provider whose name or domain is ``text``, as a reader compares them.

    The registry's spelling comes before that of most cards. Of several domains of one name, it is that of
    the URL (one of the ``candidates``), or else the first of the registry, or the one of most cards.
    """
    from newscards.cards.names import name_key

    of_cards = Counter(
        {(name, domain): n for domain, names in known.providers.items() for name, n in names.items()}
    )
    pairs = [
        *((name, domain) for domain, name in registry.items()),
        *(pair for pair, _ in of_cards.most_common()),
    ]
    matching = [pair for pair in pairs if name_key(text) in map(name_key, pair)]
    if not matching:
        return None
    name, domain = matching[0]
    if name_key(domain) != name_key(text):
        domain = next((each for _, each in matching if each in candidates), domain)
    return name, domain


def _host(url: str) -> str:
    """Return the host of a URL without ``www.``; empty if there is none."""
    from newscards.cards.urls import parse

    parsed = parse(url)
    return parsed.host.removeprefix("www.").rstrip(".") if parsed else ""


def _as_usual(
    values: Mapping[tuple[Step, ...], Scalar], url: str, kind: str | None, known: _Known
) -> dict[tuple[Step, ...], Scalar]:
    """Return the values with the type that most cards of the host have, if no option gives it.

    An article also gets the URL as its ``originalUrl`` where nearly all articles have one.
    """
    values, types = {**values}, known.types.get(_host(url), Counter())
    if kind is None and values[("type",)] == "article" and 2 * types["video"] > types.total():
        values[("type",)] = "video"
        values.setdefault(("originalUrl",), url)
        if values.get(("webUrl",)) == url:
            del values[("webUrl",)]
        current().notice(f"type is video, as of most cards of {one_line(_host(url))}; --type names another")
    if values[("type",)] == "article" and known.originals[True] >= _NEARLY_ALL * known.originals.total() > 0:
        values.setdefault(("originalUrl",), url)
    return values


def _parents(host: str) -> Iterator[str]:
    """Yield the domains that a host is in, the longest first, without the last one (``example``)."""
    while host.count(".") > 1:
        host = host.partition(".")[2]
        yield host


def _topics(topics: Sequence[str], folder: str, known: KnownTopics) -> list[str]:
    """Return the card's topics, in the spelling that is known: the site's own, if it is known, and these.

    Raises ``NewscardsError`` without any.
    """
    from newscards.cards.assignments import require_utf8
    from newscards.cards.names import name_key
    from newscards.jekyll.config import site_of

    own = site_of(os.path.join(folder, "x.md")).topic
    chosen: dict[str, str] = {}
    for topic in filter(None, (own, *topics)):
        require_utf8(topic, "--topic")
        message, hint = known.absence(topic)
        if message:
            current().notice(f"{message}; {hint}" if hint else message)
        name = known.spelled(topic) if topic == own else known.written(topic, current())
        chosen.setdefault(name_key(topic), name)
    if not chosen:
        raise NewscardsError("a card has at least one topic", "--topic names it; repeat it for several")
    return [*chosen.values()]


def _edit_and_write(ui: Ui, draft: _Draft, source: bytes, linter: Linter, *, force: bool) -> int:
    """Open the card in the user's editor, and write what is left there; return the exit code."""
    from newscards.commands.shared.editor import Copy, edited_by_hand, report_copy
    from newscards.lint.edit_checks import findings_in

    copy = Copy(draft.path, source)
    new = edited_by_hand(ui, copy, b"", lambda edited: findings_in(linter, draft.path, edited), force=force)
    code = 1
    try:
        if new is not None:
            code = _write(ui, draft, new, force=force)
    finally:
        if code:
            report_copy(ui, copy)
        else:
            copy.delete()
    return code


def _refuse(ui: Ui, path: str, error: EditRefusedError | OSError) -> int:
    """Report why a card is not created; return the exit code."""
    ui.error(f"{path_text(path)}: refused: {system_reason(error)}", hint_of(error))
    return 1


def _write(ui: Ui, draft: _Draft, source: bytes, *, force: bool) -> int:
    """Create the card through the journal, and print its path; return the exit code.

    Under the lock it is asked again whether a card has the name or the URL: another newscards may have
    created it since, and in the editor they may have become others. Raises ``EditRefusedError``.
    """
    from newscards.edits.creation import creation
    from newscards.edits.transaction import CardError, editing, write_card_edits

    errors: list[CardError | None] = []
    with editing(ui.notice, ui.warn) as journal:
        draft.refuse_taken(source, _known(draft.folder, draft.settings, []), force=force)
        write_card_edits(
            journal,
            ui.command,
            [creation(draft.path, source)],
            lambda _, error: errors.append(error),
            ui.notice,
        )
    if error := errors[0]:
        return _refuse(ui, draft.path, error)
    ui.write(os.fsencode(draft.path) + b"\n")
    if journal.folder and sys.stderr.isatty():
        ui.notice("`newscards undo` deletes it")
    return 0
