from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def with_domain(domain: str) -> str:
    return replaced("domain: tide.example", f"domain: {domain}")


def invalid(line: int, column: int, end_column: int, field: str = "provider.domain") -> Found:
    return Found("NC406", line, column, end_column, field)


FAILS = [
    pytest.param(with_domain("https://tide.example"), invalid(15, 11, 31), id="scheme"),
    pytest.param(with_domain("tide.example/"), invalid(15, 11, 24), id="path"),
    pytest.param(with_domain("tide.example:443"), invalid(15, 11, 27), id="port"),
    pytest.param(with_domain("user@tide.example"), invalid(15, 11, 28), id="user"),
    pytest.param(with_domain("tide"), invalid(15, 11, 15), id="one-label"),
    pytest.param(with_domain('""'), invalid(15, 11, 13), id="empty"),
    pytest.param(with_domain('" tide.example"'), invalid(15, 11, 26), id="blank-in-front"),
    pytest.param(with_domain('"tide.example\\n"'), invalid(15, 11, 27), id="line-end-behind"),
    pytest.param(with_domain("tide .example"), invalid(15, 11, 24), id="blank-inside"),
    pytest.param(with_domain("tide..example"), invalid(15, 11, 24), id="two-dots"),
    pytest.param(with_domain(".tide.example"), invalid(15, 11, 24), id="dot-in-front"),
    pytest.param(with_domain("tide.example."), invalid(15, 11, 24), id="dot-behind"),
    pytest.param(with_domain("x-.tide.example"), invalid(15, 11, 26), id="hyphen-at-an-end"),
    pytest.param(with_domain('"*.tide.example"'), invalid(15, 11, 27), id="wildcard"),
    pytest.param(with_domain("t" * 64 + ".example"), invalid(15, 11, 83), id="label-of-64"),
    pytest.param(with_domain("t." * 124 + "example"), invalid(15, 11, 266), id="254-characters-and-one"),
    pytest.param(
        card(provider=f'{{name: "{ODD}", domain: tide}}'), invalid(13, 37, 41), id="after-odd-characters"
    ),
    pytest.param(
        with_entry("domain: tide.example", "domain: tide", before=1),
        invalid(33, 15, 19, "related[1].provider.domain"),
        id="second-entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_is_no_bare_host_name_is_found_on_the_value(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    "tide.example", "news.tide.example", "TIDE.example", "x--y.1.example", "gezeiten-häfen.example",
    "xn--gezeiten-hfen-kfb.example", "潮.example", "under_score.example", "192.0.2.1",
    "t" * 63 + ".example", "t." * 123 + "example",
]  # fmt: skip


@pytest.mark.parametrize("domain", PASSES)
def test_a_bare_host_name_is_fine(domain: str, find: Find) -> None:
    assert find(with_domain(domain)) == []


def test_the_help_says_what_to_leave_out(lint: Lint) -> None:
    (finding,) = lint(with_domain("https://tide.example/"))
    assert finding.message == "`domain` is not a bare host name"
    assert "without `https://`, port and path" in finding.help
