"""``newscards replace``: a text replaced in the texts of cards, and in the copies that other cards have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    EditOptions,
    common_options,
    completed_by,
    editing_options,
    force_option,
    related_option,
    strict_option,
)
from newscards.output.ui import current
from newscards.text import counted, one_line, shorten

if TYPE_CHECKING:
    from newscards.cards.card import Card, Identity
    from newscards.commands.shared.editing import CardsToEdit, Request
    from newscards.edits.operations import Operation
    from newscards.edits.plan import CardOperations
    from newscards.frontmatter.nodes import Step
    from newscards.query.replacement import Replacement


@click.command("replace", context_settings=CONTEXT)
@click.argument("old_text", metavar="OLD")
@click.argument("new_text", metavar="NEW")
@editing_options
@click.option("--field", "fields", metavar="A,B,...", multiple=True,
              shell_complete=completed_by("text_fields"),
              help="Replace in these fields; of a list, in each item: topics, images.title."
              "  [default: title,excerpt]")  # fmt: skip
@click.option("--ignore-case", is_flag=True, help="Find OLD in upper and lower case.")
@click.option("--word", is_flag=True, help="Replace whole words only: `sea`, but not in `season`.")
@click.option("--regex", is_flag=True,
              help="OLD is a regular expression of Python, and \\1 in NEW its first group.")  # fmt: skip
@related_option
@strict_option
@force_option
@common_options
def command(
    old_text: str,
    new_text: str,
    fields: tuple[str, ...],
    ignore_case: bool,
    word: bool,
    regex: bool,
    related: bool,
    strict: bool,
    force: bool,
    **options: Unpack[EditOptions],
) -> int:
    """Replace OLD by NEW in the titles and excerpts of cards.

    Without CARDs, all cards with OLD are selected, and options narrow them. The plan is shown first, and you
    are asked before anything is written. Put `--` before an OLD or NEW that begins with a dash, after all
    options. An edit that would be an error for `newscards validate` is refused, unless you add --force.

    Other cards of a story hold copies of a card in `related`. A warning says how many copies will be out of
    date; --related updates them as well, and the entries of selected cards whose own card is gone.

    \b
    Examples:
      newscards replace recieve receive --related
      newscards replace sea ocean --word --ignore-case --topic Oceans --dry-run
      newscards replace http:// https:// --field images.url --yes
      newscards replace '^(\\w+): ' '\\1 | ' --regex --field title 2023-06-20-some-card
    """
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import run
    from newscards.query.replacement import replacement

    current_workspace().settings_for(())  # which may declare fields
    names = [name.strip() for value in fields for name in value.split(",") if name.strip()]
    wanted = replacement(old_text, new_text, names, regex=regex, ignore_case=ignore_case, word=word)
    in_any_case = (
        None
        if ignore_case
        else replacement(old_text, new_text, names, regex=regex, ignore_case=True, word=word)
    )
    shown = shorten(one_line(old_text))
    asked = request(wanted, f"has no {shown}", related=related, force=force, strict=strict)
    _report_none(asked, shown, wanted, in_any_case)
    return run(asked, options)


def _report_none(request: Request, shown: str, wanted: Replacement, in_any_case: Replacement | None) -> None:
    """Let a request say that no card has the text that it replaces, or that some have it in another case."""
    prepare, is_selected, found, in_other_case = request.prepare, request.selects, 0, 0

    def selects(card: Card) -> bool:
        nonlocal found, in_other_case
        if is_selected(card):
            found += 1
            return True
        if in_any_case and not found and in_any_case.values(card.fields):
            in_other_case += 1
        return False

    def report(cards: CardsToEdit) -> None:
        if cards.total is not None and not cards.paths:
            has = "has" if in_other_case == 1 else "have"
            other = f"; {counted(in_other_case, 'card')} {has} it in other case: add --ignore-case"
            current().notice(
                f"no selected card has {shown} in {' or '.join(wanted.names)}{other if in_other_case else ''}"
            )
        prepare(cards)

    request.selects, request.prepare = selects, report


def request(wanted: Replacement, already: str, *, related: bool, force: bool, strict: bool) -> Request:
    """Return the request that replaces a text in cards; ``already`` is reported of a card without it."""
    from newscards.commands.shared.copies import request_with_copies
    from newscards.commands.shared.corpora import current_workspace
    from newscards.corpus.lookup import is_copied
    from newscards.edits.operations import Operation, Remove, SetValue
    from newscards.edits.plan import CardOperations, Planner
    from newscards.query.linters import edit_check

    settings = current_workspace().settings_for(())
    planner = Planner(check=edit_check(settings, strict=strict, force=force), strict=strict)

    def make_operations(card: Card) -> CardOperations:
        values = wanted.values(card.fields)
        repeated = [("topics", index) for index in _repeated_topics(card.fields.get("topics"), values)]
        operations = [
            Operation(path, SetValue(value)) for path, value in values.items() if path not in repeated
        ]
        operations += [Operation(path, Remove()) for path in reversed(repeated)]
        copied = {path: value for path, value in values.items() if is_copied(path)}
        return CardOperations(operations, already, copied)

    orphans = _Orphans(wanted)

    def selects(card: Card) -> bool:
        if related:
            orphans.add(card)
        return bool(wanted.values(card.fields))

    result = request_with_copies(make_operations, planner, related=related, find_orphans=orphans.find)
    result.fields = frozenset([*wanted.names, *(["related"] if related else [])])
    result.selects = selects
    result.needs_selection = False
    return result


class _Orphans:
    """Entries of ``related`` that have the text to be replaced, and whose card is gone.

    No card has what they copy, so nothing else would replace it there.
    """

    def __init__(self, wanted: Replacement) -> None:
        self._wanted = wanted
        self._paths: list[str] = []
        """The paths of the cards with an entry that has the text, of those that options select."""

    def add(self, card: Card) -> None:
        """Note a card that options select, if one of its entries has the text."""
        if self._entries(card):
            self._paths.append(card.path)

    def _entries(self, card: Card) -> list[tuple[Identity, list[Operation]]]:
        """Return the identity of each entry that has the text, and the operations that replace it there."""
        from newscards.cards.card import identity
        from newscards.corpus.lookup import is_copied
        from newscards.edits.operations import Operation, SetValue

        related, found = card.fields.get("related"), []
        for index, entry in enumerate(related if isinstance(related, list) else ()):
            values = self._wanted.values(entry) if isinstance(entry, dict) else {}
            operations = [
                Operation(("related", index, *path), SetValue(value))
                for path, value in values.items()
                if is_copied(path)
            ]
            if operations:
                found.append((identity(entry), operations))
        return found

    def find(self, cards: CardsToEdit) -> dict[str, list[Operation]]:
        """Return, by path, the operations that replace the text in the entries, and report their number."""
        from newscards.cards.card import Card
        from newscards.commands.shared.corpora import current_workspace
        from newscards.corpus.corpus import Corpus

        corpus = Corpus(limits=cards.limits)
        records = map(corpus.read, cards.paths if cards.total is None else self._paths)
        entries = {record.path: self._entries(record) for record in records if isinstance(record, Card)}
        urls, titles = set[str](), set[tuple[object, object]]()
        for around in current_workspace().corpora_around([*entries]) if any(entries.values()) else ():
            for record in around.summaries(identities=True):
                if isinstance(record, Card):
                    url, title, date = record.identity
                    urls.add(url)
                    titles.add((title, date))
        found: dict[str, list[Operation]] = {}
        number = 0
        for path, of_card in entries.items():
            for (url, title, date), operations in of_card:
                if not (url and url in urls) and (title, date) not in titles:
                    found.setdefault(path, []).extend(operations)
                    number += 1
        if number:
            has = "has" if number == 1 else "have"
            entry = counted(number, "entry", "entries")
            current().notice(f"{entry} in `related` whose card is gone {has} the text")
        return found


def _repeated_topics(topics: Any, values: Mapping[tuple[Step, ...], str]) -> list[int]:
    """Return the indices of the topics that would equal an earlier one, if the edit changes one of the two.

    ``values`` are the new texts of a card, by path. Topics that differ only in their case are equal, before
    the edit, too. The first of them stays, as in `topic rename`.
    """
    from newscards.cards.names import name_key

    repeated: list[int] = []
    first: dict[str, int] = {}
    for index, topic in enumerate(topics if isinstance(topics, list) else ()):
        new = values.get(("topics", index), topic)
        if isinstance(new, str) and (at := first.setdefault(name_key(new), index)) != index:
            repeated += [index] if {("topics", index), ("topics", at)} & values.keys() else []
    return repeated
