"""``newscards edit``: cards opened in an editor, checked, and written through the journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from newscards.commands.shared.options import (
    CONTEXT,
    cards_argument,
    common_options,
    force_option,
    in_place_option,
    nul_names_option,
)
from newscards.output.ui import current, line_ended
from newscards.text import path_text

if TYPE_CHECKING:
    from newscards.cards.card import Card, CardOrUnreadable
    from newscards.cards.values import Scalar
    from newscards.commands.shared.editing import Request
    from newscards.commands.shared.editor import Copy
    from newscards.commands.shared.options import EditOptions
    from newscards.corpus.settings import Settings
    from newscards.edits.plan import CardOperations
    from newscards.frontmatter.nodes import Step
    from newscards.lint.edit_checks import EditCheck


@click.command("edit", context_settings=CONTEXT)
@cards_argument
@click.option("--related/--no-related", default=None,
              help="Update the copies of the card in the `related` of other cards, or do not."
              "  [default: ask, or in no terminal warn]")  # fmt: skip
@click.option("--diff", is_flag=True, help="Show the change as a unified diff, too.")
@force_option
@in_place_option
@nul_names_option("CARDs")
@common_options
def command(
    names: tuple[str, ...], related: bool | None, diff: bool, force: bool, in_place: bool, nul: bool
) -> int:
    """Open cards in your editor, one after the other, and check what you have written.

    The editor is $VISUAL, or else $EDITOR; it opens a copy. If the copy has new errors, they are shown, and
    you can edit it again, write it all the same, or drop it. A card is written as the editor has left its
    bytes, unless something else has changed it meanwhile, and `newscards undo` takes the edit back. A copy
    that is not written stays, and its place is shown.

    \b
    Examples:
      newscards edit 2023-06-20-some-card
      EDITOR="code --wait" newscards edit 2023-06-20-some-card --related
    """
    from newscards.commands.shared.corpora import current_workspace, read_names
    from newscards.corpus.workspace import resolve_cards

    names = read_names(names, nul=nul)
    corpus = current_workspace().open_for_cards()
    paths = resolve_cards(corpus, names, part=False) if names else []
    return run(paths, related=related, diff=diff, force=force, in_place=in_place)


def run(
    paths: Sequence[str],
    *,
    related: bool | None = None,
    diff: bool = False,
    force: bool = False,
    in_place: bool = False,
    on_edit: Callable[[int], None] = lambda number: None,
) -> int:
    """Let the user edit cards, one after the other, and write them; return the exit code.

    ``on_edit`` is called with the number of each edit in the journal.
    """
    from newscards.commands.shared.corpora import current_workspace
    from newscards.query.linters import edit_check

    settings = current_workspace().settings_for(())
    check = edit_check(settings, force=force)
    code = 0
    for path in paths:
        edit = _HandEdit(path, settings, check, related=related, force=force, on_edit=on_edit)
        code |= edit.run(diff=diff, in_place=in_place)
    return code


class _HandEdit:
    """The edit of one card in the user's editor."""

    def __init__(
        self,
        path: str,
        settings: Settings,
        check: EditCheck,
        *,
        related: bool | None,
        force: bool,
        on_edit: Callable[[int], None],
    ) -> None:
        self._path = os.path.join(os.curdir, path) if path == "-" else path  # `-` is standard input
        self._settings, self._check = settings, check
        self._related, self._force, self._on_edit = related, force, on_edit
        self._ui = current()

    def run(self, *, diff: bool, in_place: bool) -> int:
        """Let the user edit the card, and write it; return the exit code."""
        from newscards.commands.shared.editor import Copy, edited_by_hand, report_copy
        from newscards.edits.apply import read_whole_file
        from newscards.errors import EditRefusedError, hint_of, system_reason

        try:
            old = read_whole_file(self._path)
            copy = Copy(self._path, old)
            new = edited_by_hand(
                self._ui,
                copy,
                old,
                lambda source: self._check.new_errors(self._path, old, source),
                force=self._force,
            )
        except (EditRefusedError, OSError) as error:
            self._ui.error(f"{path_text(self._path)}: refused: {system_reason(error)}", hint_of(error))
            return 1
        if new is None:
            report_copy(self._ui, copy)
            return 1
        return self._write(old, new, copy, diff=diff, in_place=in_place)

    def _write(self, old: bytes, new: bytes, copy: Copy, *, diff: bool, in_place: bool) -> int:
        """Write the new bytes, and delete the copy, but only if nothing is lost with it."""
        from newscards.commands.shared.editing import run
        from newscards.commands.shared.editor import report_copy

        try:
            return run(self._request(old, new), _options(self._path, diff=diff, in_place=in_place))
        finally:
            if new == old or _has(self._path, new):
                copy.delete()
            else:
                report_copy(self._ui, copy)

    def _request(self, old: bytes, new: bytes) -> Request:
        """Return the request that writes the new bytes, and as the user wants also updates the copies."""
        from newscards.cards.reader import parse
        from newscards.commands.shared.copies import CopyUpdates, request_with_copies
        from newscards.commands.shared.editing import CardsToEdit
        from newscards.edits.plan import CardOperations, Rewriter

        limits = self._settings.limits
        before, after = (parse(self._path, source, limits) for source in (old, new))
        copied, details = _copied(before, after), _details(before, after)
        warnings = self._check_of(before, after).warnings(self._path, old, new)
        planner = Rewriter(
            check=self._check, path=self._path, old=old, new=new, details=details, rule_warnings=warnings
        )

        def make_operations(card: Card) -> CardOperations:
            return CardOperations((), "", copied)

        related = self._related
        if copied and related is None and self._ui.can_ask:
            copies = CopyUpdates(make_operations, planner)
            copies.find(CardsToEdit([self._path], limits))
            if stale := copies.count_stale(self._path):
                related = _asks_for_copies(stale)
        request = request_with_copies(make_operations, planner, related=bool(related))
        if related is False:
            planner.find_warnings = None
        request.on_edit = self._on_edit
        return request

    def _check_of(self, before: CardOrUnreadable, after: CardOrUnreadable) -> EditCheck:
        """Return the check of the edit of a card: with other cards, if it changes ``related``."""
        from newscards.cards.card import Card
        from newscards.commands.shared.stories import cards_meant
        from newscards.query.linters import edit_check

        was, now = (card.related if isinstance(card, Card) else () for card in (before, after))
        if was == now:
            return self._check
        return edit_check(self._settings, neighbours=cards_meant([*was, *now], [self._path]))


def _asks_for_copies(stale: int) -> bool:
    """Ask whether to update copies of the card; raises ``click.Abort``."""
    which = f"{stale:,} copies of it" if stale > 1 else "the copy of it"
    question = f"Update {which} in the `related` of other cards, too?"
    with line_ended():
        return click.confirm(question, default=True, err=True)


def _options(path: str, *, diff: bool, in_place: bool) -> EditOptions:
    """Return the options of an edit of one named card, which is written without a question."""
    from newscards.query.criteria import NO_CRITERIA

    return {
        **NO_CRITERIA, "names": (path,), "yes": True, "dry_run": False, "diff": diff, "output_format": "text",
        "in_place": in_place, "nul": False,
    }  # fmt: skip


def _has(path: str, source: bytes) -> bool:
    """Return whether a file has these bytes."""
    from newscards.edits.atomic import read_file
    from newscards.errors import EditRefusedError

    try:
        return read_file(os.path.realpath(path)) == source
    except (EditRefusedError, OSError):
        return False


def _copied(before: CardOrUnreadable, after: CardOrUnreadable) -> dict[tuple[Step, ...], Scalar]:
    """Return the changed values of a card that its copies in other cards have, too, by path."""
    from newscards.cards.card import Card
    from newscards.cards.fields import dotted_names
    from newscards.cards.values import MISSING, lookup, same
    from newscards.corpus.lookup import is_copied

    if not (isinstance(before, Card) and isinstance(after, Card)):
        return {}
    copied: dict[tuple[Step, ...], Scalar] = {}
    for name in dotted_names():
        path = tuple(name.split("."))
        was, now = (lookup(card.fields, name) for card in (before, after))
        is_single = now is not MISSING and isinstance(now, str | bool | int | float | date)
        if is_single and is_copied(path) and not same(was, now):
            copied[path] = now
    return copied


def _details(before: CardOrUnreadable, after: CardOrUnreadable) -> dict[str, Any]:
    """Return what the report of an edit has of the change of a card: ``changes``, or else a ``summary``."""
    from newscards.cards.card import Card, Unreadable
    from newscards.diff.card_diff import difference

    if isinstance(after, Unreadable):
        return {"summary": f"cannot be read now: {after.reason} (line {after.line}, column {after.column})"}
    if isinstance(before, Unreadable):
        return {"summary": "can be read again"}
    parts = ("body",) if isinstance(before, Card) and before.body != after.body else ()
    found = difference(before, after, parts)
    if found is None:
        return {"summary": "changed, but none of its values"}
    return {"changes": [dict(change.details) for change in found.changes]}
