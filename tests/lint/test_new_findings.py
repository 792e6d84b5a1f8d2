"""New findings: those of now without those of before."""

from __future__ import annotations

import pytest

from newscards.lint.findings import Finding, Report, RuleName, Severity, with_more
from newscards.lint.new_findings import FormerFindings

RULE = RuleName("NC503", "invisible-character")


def finding(path: str = "a.md", line: int = 1, value: int = 0, field: str = "title", *others: str) -> Finding:
    return Finding(
        RULE, Severity.WARNING, path, line, 1, line, 2, "x", field, "it is wrong", "",
        others=tuple((other, 1) for other in others), value=value,
    )  # fmt: skip


def narrowed(before: list[Finding], now: list[Finding], **options: object) -> list[Finding]:
    paths = frozenset(each.path for each in now)
    former = FormerFindings(before, frozenset({"a.md"}), **options)  # type: ignore[arg-type]
    report = former.narrow(Report(len(paths), now, paths))
    assert report.all_findings == now
    return report.findings


@pytest.mark.parametrize(
    ("now", "is_new"),
    [
        (finding(line=7), False),
        (finding(value=1), True),
        (finding(field="excerpt"), True),
        (finding(path="b.md"), True),
        (finding()._replace(rule=RuleName("NC502", "stray-blanks")), True),
        (finding()._replace(message="it is wrong in 3 cards"), False),
        (finding()._replace(severity=Severity.ERROR), False),
    ],
)
def test_a_finding_is_known_by_its_rule_card_field_and_value(now: Finding, is_new: bool) -> None:
    assert narrowed([finding()], [now]) == [now] * is_new


def test_an_index_in_a_field_does_not_count() -> None:
    before = [finding(field=f"related[{index}].title") for index in range(2)]
    now = [finding(field=f"related[{index}].title", line=index) for index in range(1, 4)]
    assert narrowed(before, now) == now[2:]


def test_a_renamed_card_has_the_findings_of_its_former_name() -> None:
    assert narrowed([finding("old.md")], [finding()], renamed={"a.md": "old.md"}) == []
    assert narrowed([finding("old.md")], [finding()]) == [finding()]


def test_a_card_that_joins_others_makes_their_finding_new() -> None:
    before = [finding("b.md", 1, 0, "title", "c.md")]
    joined = finding("b.md", 1, 0, "title", "c.md", "a.md")
    assert narrowed(before, [joined]) == [joined]
    assert narrowed([joined], [joined]) == []
    assert narrowed(before, [joined, finding()]) == [finding()], "it has a finding of its own"
    unchanged = finding("b.md", 1, 0, "title", "c.md", "d.md")
    assert narrowed(before, [unchanged]) == []


def test_a_copy_that_joins_others_does_not_make_the_finding_of_its_card_new() -> None:
    before = finding("b.md", 1, 0, "title", "c.md")._replace(has_copies=True)
    now = finding("b.md", 1, 0, "title", "c.md", "a.md")._replace(has_copies=True)
    assert narrowed([before], [now]) == []
    assert narrowed([], [now]) == [now]


def test_old_findings_of_changed_cards_are_reported_on_request() -> None:
    both = [finding(), finding("b.md")]
    assert narrowed(both, both, shows_old=True) == both[:1]


def test_a_card_that_is_not_affected_has_no_new_finding() -> None:
    both = [finding(), finding("b.md")]
    assert narrowed([], both, affected=frozenset({"b.md"})) == both[1:]


@pytest.mark.parametrize(
    ("before", "now", "new"), [(150, 153, 3), (150, 150, 0), (150, 120, 0), (50, 150, 100)]
)
def test_findings_that_are_left_out_are_new_by_their_number(before: int, now: int, new: int) -> None:
    def many(count: int) -> list[Finding]:
        left_out = max(count - 100, 0)
        return with_more(
            [finding() for _ in range(count - left_out)], {"NC503": left_out} if left_out else {}
        )

    found = narrowed(many(before), many(now))
    assert sum(1 + each.more for each in found) == new


def test_a_finding_of_several_cards_that_stands_at_another_of_them_is_not_new() -> None:
    before = [finding("b.md", 1, 0, "title", "old.md")]
    now = finding("z.md", 1, 0, "title", "b.md")
    assert narrowed(before, [now], renamed={"z.md": "old.md"}) == []
    twice = [now, finding("y.md", 1, 0, "title", "b.md")]
    assert narrowed(before, twice, renamed={"z.md": "old.md"}) == twice[1:]
    assert narrowed(before, [finding("b.md", 1, 0, "title", "old.md"), now]) == [now]


def test_a_finding_of_several_cards_is_not_new_without_the_one_at_which_it_stood() -> None:
    before = [finding("a.md", 1, 0, "title", "b.md", "c.md")]
    now = finding("b.md", 1, 0, "title", "c.md")
    assert narrowed(before, [now]) == []
    assert narrowed(before, [*before, now]) == [now], "that one has its finding still"
    joined = finding("b.md", 1, 0, "title", "d.md")
    assert narrowed(before, [joined]) == [joined]
    assert narrowed(before, [now._replace(value=1)]) == [now._replace(value=1)]
