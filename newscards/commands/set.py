"""``newscards set``: set a field of cards, in place."""

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
    from newscards.commands.shared.editing import Chosen, Request
    from newscards.corpus.lookup import RelatedCopy
    from newscards.edits.operations import Operation
    from newscards.edits.plan import CardOperations, MakeOperations, Planner
    from newscards.frontmatter.nodes import Step


_NEGATIVE = re.compile(r"-(?!0$)[0-9][0-9.]*")
"""A negative number; ``-0`` is the option."""


class TakesNegativeNumbers(click.Command):
    """A command to which ``-1`` is an argument, and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; a negative number is marked meanwhile, by what no argument can hold."""
        options = (param for param in self.params if isinstance(param, click.Option) and not param.is_flag)
        take_value = {name for option in options for name in option.opts}
        before = ["", *args]
        marked = [
            f"\0{arg}" if _NEGATIVE.fullmatch(arg) and previous not in take_value else arg
            for previous, arg in zip(before, args, strict=False)
        ]
        try:
            rest = super().parse_args(ctx, marked)
        except click.NoSuchOption as error:
            hint = "; a VALUE that begins with `-` stands behind `--`, after all options"
            raise click.UsageError(error.format_message() + hint, ctx) from None
        for name in ("field", "value"):
            ctx.params[name] = (ctx.params.get(name) or "").removeprefix("\0")
        ctx.params["names"] = tuple(each.removeprefix("\0") for each in ctx.params.get("names") or ())
        return rest


@click.command("set", cls=TakesNegativeNumbers, context_settings=CONTEXT)
@click.argument("field", shell_complete=completed_by("single_value"))
@click.argument("value", shell_complete=completed_by("value"))
@editing_options
@click.option("--related", is_flag=True, help="Set it in the copies that other cards have in `related`, too.")
@strict_option
@force_option
@common_options
def command(
    field: str, value: str, related: bool, strict: bool, force: bool, **options: Unpack[EditOptions]
) -> int:
    """Set a FIELD of cards to a VALUE, in their files.

    FIELD is any single value of a card, also a nested one: `quality`, `provider.name`, `images[0].width`.
    VALUE has the field's type: a number, true or false, a moment as 2023-06-20T15:44:00Z, or text as it is
    (behind `--` where it begins with a dash). A field that is missing is added where other cards have it.
    What would be an error for `newscards validate` is refused. The bytes of that one value change and no
    others; a text keeps its quotes.

    Other cards of a story hold a copy of the card in `related`: how many of them go stale is told, and
    --related updates them, too. `set published true` warns as `set-published` does.

    \b
    Examples:
      newscards set quality 80 2023-06-20-some-card
      newscards set title "Tide gauges get a second life" 2023-06-20-some-card --related
      newscards set provider.name "Tidewater Ledger" --provider tidewater.example --dry-run
      newscards set heat -1 2023-06-20-some-card
    """
    from newscards.commands.shared.editing import run

    return run(request(field, value, related=related, force=force, strict=strict), options)


def request(name: str, text: str, *, related: bool, force: bool, strict: bool) -> Request:
    """Return what sets FIELD ``name`` of cards to VALUE ``text``, in their copies, too, if ``related``.

    Raises ``NewscardsError`` for a field that there is not, and a value of another type.
    """
    from newscards.cards.assignments import field_of, parse_field, parse_value
    from newscards.commands import set_published
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import Request
    from newscards.corpus.lookup import is_copied
    from newscards.edits.plan import Planner
    from newscards.rules.selection import error_refusal

    try:
        path, field = parse_field(name)
    except NewscardsError as error:
        hint = f"FIELD comes first, then VALUE: `newscards set {text} VALUE {one_line(name)}`"
        raise NewscardsError(str(error), hint if field_of(text) else error.hint) from None
    value = parse_value(name, field, text)
    if related and not is_copied(path):
        why = "images in `related` are images of their own" if path[0] == "images" else "leave out --related"
        raise NewscardsError(f"`{name}` is not copied in the `related` of other cards", why)
    if path == ("published",):
        return set_published.request(value is True, force=force, strict=strict)
    refuse = None if force else error_refusal(current_workspace().settings_for(()))
    planner = Planner(refuse=refuse, strict=strict)
    setting = Setting(path, value, f"{name}: {shorten(one_line(text))} already", planner)
    if related:
        return Request(setting.ask, planner, setting.spread, setting.holders)
    if is_copied(path):
        planner.find_warnings = setting.stale
        return Request(setting.ask, planner, setting.find)
    return Request(setting.ask, planner)


class Setting:
    """One value for one field of several cards, and the copies of these cards in the corpus around them."""

    def __init__(self, path: tuple[Step, ...], value: Scalar, already: str, planner: Planner) -> None:
        self._path, self._value, self._already, self._planner = path, value, already, planner
        self._identities: dict[str, Identity] = {}
        """By path, what names each card that can be read in the ``related`` of others."""
        self._copies: dict[Identity, list[RelatedCopy]] = {}
        self._files: dict[str, str] = {}
        """By path, the file of each card that holds a copy."""
        self._mends: dict[str, list[Operation]] = {}
        """By file, what sets the value in the copies that it holds."""
        self._own: set[str] = set()

    def ask(self, card: Card) -> CardOperations:
        """Ask for the value, and for that of the copies which the card itself holds."""
        from newscards.edits.operations import Operation, SetValue
        from newscards.edits.plan import CardOperations

        mends = self._mends.get(os.path.realpath(card.path), ())
        return CardOperations([Operation(self._path, SetValue(self._value)), *mends], self._already)

    def find(self, chosen: Chosen) -> None:
        """Find the copies of the cards that are to be edited."""
        from newscards.commands.shared.corpora import current_workspace
        from newscards.corpus.lookup import find_copies
        from newscards.edits.plan import CardOperations

        self._identities = self._planned(chosen.paths, lambda card: CardOperations((), ""))
        identities = set(self._identities.values())
        urls = {url for url, _, _ in identities}
        corpora = current_workspace().corpora_around(chosen.paths) if identities else ()
        paths = [path for corpus in corpora for path in corpus.files_mentioning(urls)]
        self._copies = find_copies(identities, paths, chosen.limits)
        holders = {copy.path for each in self._copies.values() for copy in each}
        self._files = {path: os.path.realpath(path) for path in holders}

    def stale(self, card: Card, new: bytes) -> list[str]:
        """Say how many copies of a card would say something else than it."""
        stale = sum(map(self._differs, self._copies.get(card.identity, ())))
        if stale == 1:
            return ["1 copy of it, in the `related` of another card, goes stale; --related updates it"]
        copies = f"{stale:,} copies of it, in the `related` of other cards, go stale"
        return [f"{copies}; --related updates them"] if stale else []

    def spread(self, chosen: Chosen) -> None:
        """Find the copies, and see which cards can be edited: the copies of the others stay as they are."""
        self.find(chosen)
        self._own = set(map(os.path.realpath, chosen.paths))
        accepted = self._identities
        while True:  # a card may be refused for the copies that it holds itself
            self._mends = self._mending(accepted.values())
            planned = self._planned(accepted, self.ask)
            if len(planned) == len(accepted):
                return
            accepted = planned

    def holders(self) -> Iterator[tuple[str, MakeOperations]]:
        """Yield the other cards whose copies are to be updated, and what is asked of them."""
        paths = {file: path for path, file in self._files.items()}
        for file, operations in self._mends.items():
            if file not in self._own:
                yield paths[file], partial(_ask, operations)

    def _planned(self, paths: Iterable[str], ask: MakeOperations) -> dict[str, Identity]:
        """Return, by path, the cards of which something can be asked; the others are told later."""
        from newscards.edits.plan import Plan

        listed = list(paths)
        plans = zip(listed, self._planner.plan_all(listed, ask), strict=True)
        return {path: plan.identity for path, plan in plans if isinstance(plan, Plan)}

    def _mending(self, identities: Iterable[Identity]) -> dict[str, list[Operation]]:
        """Return, by file, what sets the value in the copies of some cards."""
        from newscards.edits.operations import Operation, SetValue

        mends: dict[str, list[Operation]] = {}
        for copy in (copy for each in dict.fromkeys(identities) for copy in self._copies.get(each, ())):
            if self._differs(copy):
                operation = Operation(("related", copy.position, *self._path), SetValue(self._value))
                mends.setdefault(self._files[copy.path], []).append(operation)
        return {file: sorted(operations, key=_index) for file, operations in mends.items()}

    def _differs(self, copy: RelatedCopy) -> bool:
        """Tell whether an entry has the field, and says something else than it is to say."""
        from newscards.cards.values import same

        held: Any = copy.entry
        for step in self._path:
            if not isinstance(held, dict) or step not in held:
                return False
            held = held[step]
        return not same(held, self._value)


def _index(operation: Operation) -> int:
    return int(operation.path[1])


def _ask(operations: Sequence[Operation], card: Card) -> CardOperations:
    from newscards.edits.plan import CardOperations

    return CardOperations(operations, "")
