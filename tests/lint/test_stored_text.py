"""Findings as they are printed, as the index keeps them: copied whole or card by card, never mistaken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.lint.findings import Counts, Finding, FindingFormat, Report, RuleName, Severity, Summary
from newscards.lint.stored_findings import CardText, StoredText, card_text, join_texts
from newscards.lint.stored_findings import encode_text as encode
from newscards.output.reports.json_report import DOCUMENT, LINES

pieces = st.dictionaries(
    st.integers(1, 1 << 60),
    st.builds(
        CardText, st.tuples(*[st.binary(max_size=30)] * 3), st.builds(Counts, *[st.integers(0, 9)] * 5)
    ),
    max_size=6,
)


@given(pieces, st.binary(max_size=9), st.integers(0, 2**32 - 1))
def test_what_is_kept_comes_back(kept: dict[int, CardText], key: bytes, told: int) -> None:
    form = LINES._replace(key=key)
    text = StoredText(encode(form, told, kept), form, told)
    assert text.card_texts() == kept
    ids = [*kept, (1 << 60) + 1]
    assert text.report_of(ids) == join_texts(form, len(ids), kept.values())


@given(pieces.filter(lambda kept: len(kept) > 1))
def test_in_another_order_it_is_not_copied_whole(kept: dict[int, CardText]) -> None:
    text = StoredText(encode(LINES, 1, kept), LINES, 1)
    assert text.report_of([*kept][::-1]) is None
    assert text.report_of([*kept][1:]) is None


TEXT = LINES._replace(key=b"text 80")
ONE = CardText((b"one\n", b"", b""), Counts(1, 0, 0, 0, 0))
TWO = CardText((b"", b"two\n", b"three\n"), Counts(0, 2, 1, 0, 1))
KEPT = encode(TEXT, 7, {1: ONE, 5: TWO})


@pytest.mark.parametrize("data", [KEPT[:-1], KEPT + b"x", KEPT[:40], KEPT[:9], b""])
def test_what_is_cut_is_nothing(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"something else|part is missing|multiple"):
        StoredText(data, TEXT, 7)


@pytest.mark.parametrize(("key", "told"), [(b"text 80", 8), (b"text 81", 7), (b"text 8", 7), (b"", 7)])
def test_the_text_of_other_findings_or_in_another_form_is_nothing(key: bytes, told: int) -> None:
    with pytest.raises(ValueError, match="something else"):
        StoredText(KEPT, LINES._replace(key=key), told)


severities = st.sampled_from(Severity)


def finding(message: str, severity: Severity) -> Finding:
    return Finding(RuleName("NC100", "a-rule"), severity, "a.md", 1, 1, 1, 2, "x", "", message, "")


@pytest.mark.parametrize("form", [LINES, DOCUMENT])
@given(
    st.lists(st.lists(st.tuples(st.text(), st.sampled_from(Severity)), min_size=1, max_size=2), max_size=3)
)
def test_pieces_together_are_the_report(form: FindingFormat, cards: list[list[tuple[str, Severity]]]) -> None:
    found = [
        [finding(*each)._replace(path=f"{number}.md") for each in card] for number, card in enumerate(cards)
    ]
    report = Report(9, [each for card in found for each in card])
    told = join_texts(form, 9, [card_text(card, form) for card in found])
    assert told.summary == report.summary
    assert b"".join(told.parts()) == "".join(form.render(report)).encode(errors="replace")


def test_of_nothing_there_is_only_what_stands_around_it() -> None:
    assert join_texts(LINES, 3, []).summary == Summary(3)
    assert b"".join(join_texts(DOCUMENT, 3, []).parts()) == "".join(DOCUMENT.render(Report(3))).encode()
