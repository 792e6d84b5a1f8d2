"""Plans: what they tell, what they refuse, and that they write nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newscards.cards.card import Card
from newscards.edits.operations import Append, Operation, Remove, SetValue
from newscards.edits.patches import patched
from newscards.edits.plan import CardOperations, MakeOperations, Plan, Planner
from newscards.errors import EditRefusedError
from newscards.frontmatter.fences import FrontMatter, find_fences
from newscards.lint.edit_checks import EditCheck
from newscards.lint.findings import Severity
from newscards.lint.linter import Linter
from newscards.rules.selection import every_linter
from tests.support import CARD, card

QUALITY = Operation(("quality",), SetValue(90))


def asks(*operations: Operation) -> MakeOperations:
    return lambda card: CardOperations(operations, "so already")


def errors() -> Linter:
    linter = every_linter()
    linter.rules = linter.rules.only(Severity.ERROR)
    return linter


def planned(path: Path, *operations: Operation, planner: Planner | None = None) -> Plan:
    return (planner or Planner()).plan(str(path), asks(*operations))


def test_a_plan_has_the_new_file_and_writes_nothing(one_card: Path) -> None:
    plan = planned(one_card, QUALITY)
    assert plan.card_edit is not None
    assert patched(one_card.read_bytes(), plan.card_edit.patches).decode() == card(quality="90")
    assert plan.report["changes"] == [{"field": "quality", "was": 67, "now": 90}]
    assert plan.identity[1] == "Tide gauges get a second life"
    assert one_card.read_text() == CARD


def test_what_is_so_already_has_no_record(one_card: Path) -> None:
    plan = planned(one_card, Operation(("quality",), SetValue(67)))
    assert (plan.card_edit, plan.report["already"], plan.report["changes"]) == (None, "so already", [])


def test_a_field_that_there_was_not_has_no_was(one_card: Path) -> None:
    plan = planned(one_card, Operation(("removed",), SetValue(True)))
    assert plan.report["changes"] == [{"field": "removed", "now": True}]


def test_items_of_topics_are_told_as_the_list(one_card: Path) -> None:
    plan = planned(one_card, Operation(("topics",), Append("Energy")), Operation(("topics", 0), Remove()))
    change = {"field": "topics", "was": ["Oceans", "Science"], "now": ["Science", "Energy"]}
    assert plan.report["changes"] == [change]


@pytest.mark.parametrize("text", ["---\ntitle: 'x\n---\n", "no card", "---\n- 1\n---\n"])
def test_what_is_no_card_is_refused(one_card: Path, text: str) -> None:
    one_card.write_text(text)
    with pytest.raises(EditRefusedError, match=r"cannot be read: .* \(line "):
        planned(one_card, QUALITY)


def test_an_edit_that_would_be_an_error_is_refused_where_something_refuses(one_card: Path) -> None:
    bad = Operation(("quality",), SetValue(-5))
    with pytest.raises(EditRefusedError, match="it would be an error: NC402") as caught:
        planned(one_card, bad, planner=Planner(check=EditCheck(errors(), {Severity.ERROR})))
    assert caught.value.hint == "the minimum is 0; --force does it all the same"
    assert planned(one_card, bad).card_edit


def test_errors_of_other_values_are_no_reason_to_refuse(one_card: Path) -> None:
    one_card.write_text(card(heat="-7"))
    assert planned(one_card, QUALITY, planner=Planner(check=EditCheck(errors(), {Severity.ERROR}))).card_edit


def test_a_value_that_stays_wrong_is_refused(one_card: Path) -> None:
    one_card.write_text(card(quality="-7"))
    with pytest.raises(EditRefusedError, match="NC402"):
        planned(
            one_card,
            Operation(("quality",), SetValue(-5)),
            planner=Planner(check=EditCheck(errors(), {Severity.ERROR})),
        )


def test_a_judge_warns_and_a_strict_one_refuses(one_card: Path) -> None:
    planner = Planner(find_warnings=lambda card, old, new: ["a doubt", "another"])
    assert planned(one_card, QUALITY, planner=planner).report["warnings"] == ["a doubt", "another"]
    planner.strict = True
    with pytest.raises(EditRefusedError, match=r"^a doubt; another$"):
        planned(one_card, QUALITY, planner=planner)
    assert planned(one_card, Operation(("quality",), SetValue(67)), planner=planner).report["warnings"] == []


def test_what_stands_before_the_fence_is_warned_of(one_card: Path) -> None:
    one_card.write_text("\n" + CARD)
    assert "the site copies the file as it is" in planned(one_card, QUALITY).report["warnings"][0]


def test_what_an_edit_asks_may_depend_on_the_card(one_card: Path) -> None:
    def ask(card: Card) -> CardOperations:
        return CardOperations([Operation(("heat",), SetValue(int(card.quality or 0) + 1))], "")

    record = Planner().plan(str(one_card), ask).card_edit
    assert record is not None
    assert patched(one_card.read_bytes(), record.patches).decode() == card(heat="68")


def test_the_file_is_the_one_that_the_system_means(one_card: Path) -> None:
    folder = one_card.parent
    (folder / "elsewhere" / "inner").mkdir(parents=True)
    (folder / "elsewhere" / "b.md").write_text(CARD)
    (folder / "link").symlink_to("elsewhere/inner")
    (folder / "b.md").symlink_to(one_card)
    for path, file in (("link/../b.md", folder / "elsewhere" / "b.md"), ("b.md", one_card)):
        record = Planner().plan(path, asks(QUALITY)).card_edit
        assert record is not None
        assert record.path == str(file)


@pytest.mark.parametrize("number", [3, 300])
@pytest.mark.parametrize("topics", ["\n  - {}", "[{}]"], ids=["lines", "brackets"])
def test_many_operations_make_what_they_make_one_by_one(number: int, topics: str, one_card: Path) -> None:
    names = ["A", *["B"] * number, "C"]
    separator = "\n  - " if "\n" in topics else ", "
    one_card.write_text(card(topics=topics.format(separator.join(names))))
    removals = [Operation(("topics", at), Remove()) for at in range(number, 1, -1)]
    plan = planned(one_card, Operation(("topics", 1), SetValue("D")), *removals)
    assert plan.report["changes"][0]["now"] == ["A", "D", "C"]
    assert plan.card_edit
    new = patched(one_card.read_bytes(), plan.card_edit.patches).decode()
    assert new == card(topics=topics.format(separator.join(["A", "D", "C"])))


def test_a_card_with_many_operations_is_read_as_often_as_one_with_few(
    one_card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings: list[bytes] = []

    def recorded(source: bytes, *args: Any) -> FrontMatter:
        readings.append(source)
        return find_fences(source, *args)

    for module in ("apply", "outline", "plan"):
        monkeypatch.setattr(f"newscards.edits.{module}.find_fences", recorded)
    counts = []
    for number in (20, 400):
        one_card.write_text(card(topics="\n  - A" + "\n  - B" * number))
        readings.clear()
        planned(one_card, *(Operation(("topics", at), Remove()) for at in range(number, 0, -1)))
        counts.append(len(readings))
    assert counts[0] == counts[1]
