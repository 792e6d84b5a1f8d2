"""Findings, as the index keeps them: they are told in every format as when they were found."""

from __future__ import annotations

import pytest

from newscards.edits.operations import SetValue
from newscards.lint.findings import Finding, Fix, RuleName, Severity
from newscards.lint.stored_findings import decode_findings, encode_findings

PLAIN = Finding(
    RuleName("NC100", "a-rule"), Severity.ERROR, "x/a.md", 1, 2, 3, 4, "source", "field", "message", "help"
)
ODD = Finding(
    RuleName("NC601", "duplicate-url"), Severity.WARNING, "x/a.md", 9, 1, 9, 80, "\ud800\x00\u2028 \"'", "",
    "\udcff", "",
    others=(("x/b.md", 3), ("x/a\udcff\n.md", 1)),
    fix=Fix("write `\u00e9`", SetValue("\u00e9"), safe=False, steps=("title",)),
    steps=("related", 3, "title"),
    more=4900,
    is_published=True,
    value=3_000_000_000,
    has_copies=True,
)  # fmt: skip
NAMES = {"x/a.md": "a.md", "x/b.md": "b.md", "x/a\udcff\n.md": "a\udcff\n.md"}


@pytest.mark.parametrize("findings", [[], [PLAIN], [ODD], [PLAIN, ODD, PLAIN]])
def test_of_findings_all_is_kept_but_how_they_are_mended(findings: list[Finding]) -> None:
    paths = {name: f"y/{path[2:]}" for path, name in NAMES.items()}
    text = encode_findings(findings, NAMES)
    (path, found), (other, same) = decode_findings([("y/a.md", text), ("y/b.md", text)], paths)
    assert (path, other) == ("y/a.md", "y/b.md")
    assert [each._replace(path=path) for each in same] == found
    for each, was in zip(found, findings, strict=True):
        assert each.path == "y/a.md"
        for name in ("rule", "severity", "line", "column", "end_line", "end_column", "source", "field"):
            assert getattr(each, name) == getattr(was, name)
        assert (each.message, each.help) == (was.message, was.help)
        assert each.others == tuple((f"y/{path[2:]}", line) for path, line in was.others)
        assert (each.fix and (each.fix.title, each.fix.safe)) == (was.fix and (was.fix.title, was.fix.safe))
        assert each.more == was.more
        assert (each.is_published, each.value, each.has_copies) == (
            was.is_published,
            was.value,
            was.has_copies,
        )
        assert isinstance(each.severity, Severity)
        assert each.rule.code == was.rule.code
