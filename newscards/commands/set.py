"""``newscards set``: set a field of cards, in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    editing_options,
    force_option,
    strict_option,
)

if TYPE_CHECKING:
    from newscards.commands.shared.editing import EditOptions

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
    from newscards.commands.setting import request
    from newscards.commands.shared.editing import run

    return run(request(field, value, related=related, force=force, strict=strict), options)
