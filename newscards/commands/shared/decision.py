"""Decisions about one card: a request is planned, and written as one edit that can be taken back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from newscards.cards.card import CardOrUnreadable
from newscards.cards.reader import read
from newscards.commands.shared.editing import CardsToEdit, Request
from newscards.edits.journal import CardEdit, JournalError
from newscards.edits.plan import Plan
from newscards.edits.transaction import CardError, Notify, editing, undo_edit, undoing, write
from newscards.errors import EditRefusedError, NewscardsError, system_reason
from newscards.frontmatter.limits import Limits
from newscards.text import path_text


class Decided(NamedTuple):
    """The outcome of a decision: by path, the reports of the changed cards (``Plan.report``).

    ``before`` has, by path, these cards as they were. ``number`` is that of the edit in the journal: 0 if
    nothing was written, or nothing can be taken back. ``problems`` say what could not be written.
    """

    reports: dict[str, dict[str, Any]]
    before: dict[str, CardOrUnreadable]
    number: int = 0
    problems: tuple[str, ...] = ()


def decide(
    request: Request,
    path: str,
    limits: Limits,
    command: str,
    check: Callable[[], None],
    notify: Notify,
    *,
    dry_run: bool,
) -> Decided:
    """Edit the card at ``path``, and the cards that the request edits with it, as one edit of the journal.

    ``command`` is what does the same, for the journal. ``check`` is called under the edit lock, before
    anything is planned, and raises what ends the decision. If one of the cards is refused, none is written.
    Raises ``EditRefusedError``, ``JournalError``, and ``OSError``; then nothing was written.
    """
    if dry_run:
        check()
        return Decided({plan.path: {**plan.report} for plan in _plans(request, path, limits)}, {})
    with editing(notify, notify) as journal:
        check()
        plans = {plan.path: plan for plan in _plans(request, path, limits)}
        if not plans:
            return Decided({}, {})
        before = {each: read(each, limits) for each in plans}
        problems: list[str] = []
        written: dict[str, dict[str, Any]] = {}

        def on_card(card_edit: CardEdit, error: CardError | None) -> None:
            name = card_edit.report["name"]
            if error:
                problems.append(f"{path_text(name)}: {system_reason(error)}")
            else:
                written[name] = {**plans[name].report}

        with journal.draft(command) as draft:
            for plan in plans.values():
                if plan.card_edit:
                    draft.add(plan.card_edit._replace(report={**plan.report, "name": plan.path}))
            edit = draft.seal()
            try:
                write(edit, on_card, notify)
            except JournalError as error:  # some cards may be written
                problems.append(f"{error}; {error.hint}" if error.hint else str(error))
        number = edit.number if edit.journal_folder and written else 0
        return Decided(written, before, number, tuple(problems))


def take_back(number: int, notify: Notify) -> tuple[int, list[str]]:
    """Undo the edit with a number; return how many cards were restored, and why others could not be.

    Raises ``NewscardsError``.
    """
    restored, problems = 0, list[str]()

    def on_card(card_edit: CardEdit, error: CardError | None) -> None:
        nonlocal restored
        if error:
            problems.append(f"{system_reason(error)} ({path_text(os.path.basename(card_edit.path))})")
        else:
            restored += 1

    with undoing(notify, notify) as journal:
        if not (edit := journal.find(number)):
            raise NewscardsError(f"edit {number} is no longer in the journal")
        undo_edit(edit, on_card, notify)
    return restored, problems


def _plans(request: Request, path: str, limits: Limits) -> Iterator[Plan]:
    """Yield the plans of a card, and of those edited with it, that change something.

    Raises the error of the first card that has one.
    """
    request.planner.limits = limits
    request.prepare(CardsToEdit([path], limits))
    if (plan := request.planner.plan(path, request.make_operations)).card_edit:
        yield plan
    for other, make_operations in request.more_edits():
        try:
            if (plan := request.planner.plan(other, make_operations)).card_edit:
                yield plan
        except (EditRefusedError, OSError) as error:
            reason = f"{path_text(other)}: {system_reason(error)}"
            raise EditRefusedError.because_of(error, reason) from error
