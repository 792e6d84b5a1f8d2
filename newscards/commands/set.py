"""``newscards set``: a field of cards set to a value, in place."""

from __future__ import annotations

import re
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
from newscards.errors import NewscardsError
from newscards.text import one_line, shorten

if TYPE_CHECKING:
    from newscards.cards.card import Card
    from newscards.commands.shared.editing import CardsToEdit, Request
    from newscards.edits.plan import CardOperations


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
            hint = "Put `--` before a VALUE that begins with `-`, after all options."
            raise click.UsageError(f"{error.format_message()} {hint}", ctx) from None
        for name in ("field", "value"):
            ctx.params[name] = (ctx.params.get(name) or "").removeprefix("\0")
        ctx.params["names"] = tuple(each.removeprefix("\0") for each in ctx.params.get("names") or ())
        return rest


@click.command("set", cls=NegativeNumberCommand, context_settings=CONTEXT)
@click.argument("field", shell_complete=completed_by("settable_field"))
@click.argument("value", shell_complete=completed_by("value"))
@editing_options
@related_option
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
    from newscards.commands.shared.copies import request_with_copies
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import Request
    from newscards.corpus.lookup import is_copied
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations, Planner
    from newscards.query.linters import edit_check

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
    planner = Planner(check=edit_check(settings, strict=strict, force=force), strict=strict)
    copied = {path: value} if is_copied(path) else {}
    already = f"{name}: {shorten(one_line(text))} already"

    def make_operations(card: Card) -> CardOperations:
        return CardOperations([Operation(path, SetValue(value))], already, copied)

    def prepare(cards: CardsToEdit) -> None:
        """Find the cards that the entries mean, because a value in `related` is compared with theirs."""
        from newscards.cards.card import Card
        from newscards.commands.shared.stories import cards_meant
        from newscards.corpus.corpus import Corpus

        entries: list[Mapping[Any, Any]] = []
        for record in map(Corpus(limits=cards.limits).read, cards.paths):
            if isinstance(record, Card):
                entries += record.related
                # With its new URL, title or date, each entry may mean another card.
                entries += ({**entry, path[-1]: value} for entry in record.related)
        neighbours = cards_meant(entries, cards.paths)
        planner.check = edit_check(settings, strict=strict, force=force, neighbours=neighbours)

    if path[0] == "related":
        return Request(make_operations, planner, prepare)
    if copied:
        return request_with_copies(make_operations, planner, related=related)
    return Request(make_operations, planner)
