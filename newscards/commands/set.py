"""``newscards set``: a field of cards set to a value, in place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    EditOptions,
    common_options,
    completed_by,
    editing_options,
    force_option,
    strict_option,
)
from newscards.errors import NewscardsError
from newscards.text import one_line, shorten

if TYPE_CHECKING:
    from newscards.cards.card import Card, Identity
    from newscards.cards.values import Scalar
    from newscards.commands.shared.editing import CardsToEdit, Request
    from newscards.corpus.lookup import RelatedCopy
    from newscards.edits.operations import Operation
    from newscards.edits.plan import CardOperations, MakeOperations, Planner
    from newscards.frontmatter.nodes import Step


_NEGATIVE = re.compile(r"-(?!0$)[0-9][0-9.]*")
"""A negative number, but not the option ``-0``."""


class NegativeNumberCommand(click.Command):
    """A command for which ``-1`` is an argument, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, hiding negative numbers from click.

        Click takes each word with a dash for an option, unless all of them are allowed to be unknown, which
        would hide typos. So a negative number gets the prefix NUL, which no argument of a process can hold,
        and loses it after the parsing.
        """
        options = (param for param in self.params if isinstance(param, click.Option) and not param.is_flag)
        options_with_value = {name for option in options for name in option.opts}
        previous_args = ["", *args]
        marked = [
            f"\0{arg}" if _NEGATIVE.fullmatch(arg) and previous not in options_with_value else arg
            for previous, arg in zip(previous_args, args, strict=False)
        ]
        try:
            rest = super().parse_args(ctx, marked)
        except click.NoSuchOption as error:
            hint = "; put `--` before a VALUE that begins with `-`, after all options"
            raise click.UsageError(error.format_message() + hint, ctx) from None
        for name in ("field", "value"):
            ctx.params[name] = (ctx.params.get(name) or "").removeprefix("\0")
        ctx.params["names"] = tuple(each.removeprefix("\0") for each in ctx.params.get("names") or ())
        return rest


@click.command("set", cls=NegativeNumberCommand, context_settings=CONTEXT)
@click.argument("field", shell_complete=completed_by("settable_field"))
@click.argument("value", shell_complete=completed_by("value"))
@editing_options
@click.option(
    "--related", is_flag=True, help="Also update the copies of these cards in the `related` of other cards."
)
@strict_option
@force_option
@common_options
def command(
    field: str, value: str, related: bool, strict: bool, force: bool, **options: Unpack[EditOptions]
) -> int:
    """Set a FIELD of cards to a VALUE.

    FIELD is a single value of a card, or a nested one: `quality`, `provider.name`, `images[0].width`. VALUE
    must have the type of the field: a number, true or false, a time like 2023-06-20T15:44:00Z, or text. Put
    `--` before a text that begins with a dash. A missing field is added at its usual place. Only the bytes of
    this value change, and a text keeps its quotes. An edit that would be an error for `newscards validate` is
    refused, unless you add --force.

    Other cards of a story hold copies of the card in `related`. A warning says how many copies will be
    out of date; --related updates them as well. `set published true` warns like `set-published`.

    \b
    Examples:
      newscards set quality 80 2023-06-20-some-card
      newscards set title "Tide gauges return" 2023-06-20-some-card --related
      newscards set provider.name Tidewater --provider tidewater.example --dry-run
      newscards set heat -1 2023-06-20-some-card
    """
    from newscards.commands.shared.editing import run

    return run(request(field, value, related=related, force=force, strict=strict), options)


def request(name: str, text: str, *, related: bool, force: bool, strict: bool) -> Request:
    """Return the request that sets FIELD ``name`` to VALUE ``text``, with ``related`` also in the copies.

    Raises ``NewscardsError`` for an unknown field and for a value of the wrong type.
    """
    from newscards.cards.assignments import field_of, parse_field, parse_value
    from newscards.commands import set_published
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import Request
    from newscards.corpus.lookup import is_copied
    from newscards.edits.plan import Planner
    from newscards.query.linters import error_refusal

    settings = current_workspace().settings_for(())  # which may declare fields
    try:
        path, field = parse_field(name)
    except NewscardsError as error:
        hint = f"FIELD comes first, then VALUE: `newscards set {text} VALUE {one_line(name)}`"
        raise NewscardsError(str(error), hint if field_of(text) else error.hint) from None
    value = parse_value(name, field, text)
    if related and not is_copied(path):
        reason = "the `images` in `related` are not copies" if path[0] == "images" else "leave out --related"
        raise NewscardsError(f"`{name}` is not copied in the `related` of other cards", reason)
    if path == ("published",):
        return set_published.request(value is True, force=force, strict=strict)
    refuse = None if force else error_refusal(settings)
    planner = Planner(refuse=refuse, strict=strict)
    setting = FieldSetting(path, value, f"{name}: {shorten(one_line(text))} already", planner)
    if related:
        return Request(setting.make_operations, planner, setting.prepare_copies, setting.edits_of_other_cards)
    if is_copied(path):
        planner.find_warnings = setting.warn_of_stale_copies
        return Request(setting.make_operations, planner, setting.find_copies)
    return Request(setting.make_operations, planner)


class FieldSetting:
    """One value for one field of several cards, and the copies of these cards in the corpus around them."""

    def __init__(self, path: tuple[Step, ...], value: Scalar, already: str, planner: Planner) -> None:
        self._path, self._value, self._already, self._planner = path, value, already, planner
        self._identities: dict[str, Identity] = {}
        """By path, the identity of each card that can be edited, by which entries of ``related`` name it."""
        self._copies: dict[Identity, list[RelatedCopy]] = {}
        self._files: dict[str, str] = {}
        """By path, the real path of each card that holds a copy."""
        self._copy_updates: dict[str, list[Operation]] = {}
        """By real path, the operations that update the copies in a file."""
        self._requested: set[str] = set()
        """The real paths of the cards that the command edits."""

    def make_operations(self, card: Card) -> CardOperations:
        """Return the operations that set the value of a card, and update the copies that the card holds."""
        from newscards.edits.operations import Operation, SetValue
        from newscards.edits.plan import CardOperations

        updates = self._copy_updates.get(os.path.realpath(card.path), ())
        return CardOperations([Operation(self._path, SetValue(self._value)), *updates], self._already)

    def find_copies(self, cards: CardsToEdit) -> None:
        """Find the copies of the cards to edit."""
        from newscards.commands.shared.corpora import current_workspace
        from newscards.corpus.lookup import find_copies
        from newscards.edits.plan import CardOperations

        self._identities = self._identities_of(cards.paths, lambda card: CardOperations((), ""))
        identities = set(self._identities.values())
        urls = {url for url, _, _ in identities}
        corpora = current_workspace().corpora_around(cards.paths) if identities else ()
        paths = [path for corpus in corpora for path in corpus.files_mentioning(urls)]
        self._copies = find_copies(identities, paths, cards.limits)
        holders = {copy.path for copies in self._copies.values() for copy in copies}
        self._files = {path: os.path.realpath(path) for path in holders}

    def warn_of_stale_copies(self, card: Card, new: bytes) -> list[str]:
        """Return a warning with the number of copies of a card that would differ from it, if any would."""
        stale = sum(map(self._differs, self._copies.get(card.identity, ())))
        if not stale:
            return []
        from newscards.edits.plan import CardWarning

        where = "in the `related` of other cards, will be out of date; --related updates them"
        copies = f"{stale:,} copies of it, {where}"
        if stale == 1:
            copies = (
                "1 copy of it, in the `related` of another card, will be out of date; --related updates it"
            )
        return [CardWarning(copies, f"copies of them, {where}")]

    def prepare_copies(self, cards: CardsToEdit) -> None:
        """Find the copies, and make the operations that update them.

        A copy of a card whose own edit is refused stays as it is. That is repeated, because updating the
        copies in a card may be what gets this card refused.
        """
        self.find_copies(cards)
        self._requested = set(map(os.path.realpath, cards.paths))
        accepted = self._identities
        while True:
            self._copy_updates = self._make_copy_updates(accepted.values())
            planned = self._identities_of(accepted, self.make_operations)
            if len(planned) == len(accepted):
                return
            accepted = planned

    def edits_of_other_cards(self) -> Iterator[tuple[str, MakeOperations]]:
        """Yield the path of each other card that holds copies, with what updates them."""
        paths = {file: path for path, file in self._files.items()}
        for file, operations in self._copy_updates.items():
            if file not in self._requested:
                yield paths[file], partial(_card_operations, operations)

    def _identities_of(self, paths: Iterable[str], make_operations: MakeOperations) -> dict[str, Identity]:
        """Return, by path, the identities of the cards that can be edited; the run reports the others."""
        from newscards.edits.plan import Plan

        listed = list(paths)
        plans = zip(listed, self._planner.plan_all(listed, make_operations), strict=True)
        return {path: plan.identity for path, plan in plans if isinstance(plan, Plan)}

    def _make_copy_updates(self, identities: Iterable[Identity]) -> dict[str, list[Operation]]:
        """Return, by real path, the operations that update the copies of cards."""
        from newscards.edits.operations import Operation, SetValue

        updates: dict[str, list[Operation]] = {}
        for copy in (copy for card in dict.fromkeys(identities) for copy in self._copies.get(card, ())):
            if self._differs(copy):
                operation = Operation(("related", copy.position, *self._path), SetValue(self._value))
                updates.setdefault(self._files[copy.path], []).append(operation)
        return {file: sorted(operations, key=_index) for file, operations in updates.items()}

    def _differs(self, copy: RelatedCopy) -> bool:
        """Return whether an entry has the field, with another value than the new one."""
        from newscards.cards.values import same

        value: Any = copy.entry
        for step in self._path:
            if not isinstance(value, dict) or step not in value:
                return False
            value = value[step]
        return not same(value, self._value)


def _index(operation: Operation) -> int:
    return int(operation.path[1])


def _card_operations(operations: Sequence[Operation], card: Card) -> CardOperations:
    from newscards.edits.plan import CardOperations

    return CardOperations(operations, "")
