"""Which cards the selection options choose, through ``list`` and ``filter-by-topic``."""

from __future__ import annotations

import shlex
import time
from datetime import datetime
from pathlib import Path

import pytest

from newscards import clock
from tests.conftest import MakeCorpus, Run
from tests.support import card


def topics(*names: str) -> str:
    return "".join(f"\n  - {name}" for name in names)


def provider(name: str, domain: str) -> str:
    return f"\n  name: {name}\n  domain: {domain}"


TIDE = provider("Tide", "tide.example")
# Two sound cards, then ever odder ones; g has nothing at all. Who is what is in the table below.
CARDS = {
    "a": card(
        quality="0", heat="-1", published="false", type="article", topics=topics("Oceans"),
        publishedDateTime="2023-06-20T00:00:00Z", provider=TIDE,
    ),
    "b": card(
        quality="40", heat="0", published="true", type="article", topics=topics("Oceans", "Science"),
        publishedDateTime="2023-06-20T23:59:59Z", provider=provider("Night Wind", "wind.example"),
    ),
    "c": card(
        quality="41", heat="41", published="true", type="video", topics=topics("SCIENCE", "Straße"),
        publishedDateTime="2023-06-21T00:00:00Z", provider=provider("Große Woche", "WOCHE.example"),
    ),
    "d": card(
        quality="189", heat="3694", published="yes", type="Video", topics=topics("İzmir", "oceans"),
        publishedDateTime="2023-06-30T23:59:59.999Z", provider=provider("tide.example", "other.example"),
    ),
    "e": card(
        quality="true", heat="false", published='"false"', type="article", topics="Oceans",
        publishedDateTime="2023-07-01", provider=provider("[Tide]", "null"),
    ),
    "f": card(
        quality='"80"', heat='"80"', published="0", type="[video]", topics=topics("[Oceans]", "3", "true"),
        publishedDateTime='"2023-06-20"', provider="Tide",
    ),
    "g": "---\nexcerpt: nothing\n---\n",
    "h": card(
        quality="40.5", heat=".nan", published="", type="video", topics="",
        publishedDateTime="2023-06-21T01:00:00+02:00", provider=TIDE,
    ),
    "i": card(
        quality=".nan", heat=".inf", published="no", type="article", topics=topics("Oceans and more"),
        publishedDateTime="2023-06-20T23:30:00-01:00", provider=TIDE,
    ),
    "j": card(
        quality="-5", heat="1_000", published="off", type="article", topics=topics("Science", "Science"),
        publishedDateTime="2023-06-20 00:30:00", provider=TIDE,
    ),
}  # fmt: skip


@pytest.fixture
def corpus(make_corpus: MakeCorpus) -> Path:
    return make_corpus({f"{name}.md": text for name, text in CARDS.items()})


TABLE = {
    "": "abcdefghij",
    "--topic Oceans": "abde",
    "--topic oCEANS": "abde",
    "--topic Ocean": "",
    "--topic 3": "",
    "--topic Oceans --topic Science": "abcdej",
    "--topic Oceans --topic Science --all-topics": "b",
    "--topic oceans --topic OCEANS --all-topics": "abde",
    "--topic STRASSE": "c",
    "--topic straße": "c",
    "--topic i̇zmir": "d",
    "--topic İZMIR": "d",
    "--topic izmir": "",
    "--min-quality 40": "bcdh",
    "--min-quality 41": "cd",
    "--max-quality 40": "abj",
    "--max-quality 41": "abchj",
    "--min-quality 40 --max-quality 40": "b",
    "--min-quality 1 --max-quality 1": "",
    "--min-quality -5 --max-quality 0": "aj",
    "--min-quality 42 --max-quality 41": "",
    "--min-quality 190": "",
    "--min-heat -1": "abcdij",
    "--min-heat 0": "bcdij",
    "--min-heat 1": "cdij",
    "--min-heat 1001": "di",
    "--max-heat -1": "a",
    "--max-heat 0": "ab",
    "--min-heat 0 --max-heat 1000": "bcj",
    "--published": "bcdefg",
    "--unpublished": "ahij",
    "--type article": "abeij",
    "--type video": "ch",
    "--type video --type article": "abcehij",
    "--type VIDEO": "",
    "--provider Tide": "ahij",
    "--provider tide": "ahij",
    "--provider tide.example": "adhij",
    "--provider woche.EXAMPLE": "c",
    "--provider 'GROSSE WOCHE'": "c",
    "--provider null": "",
    "--provider woche.example --provider 'NIGHT WIND'": "bc",
    "--since 2023-06-20": "abcdehij",
    "--until 2023-06-20": "abhj",
    "--since 2023-06-20 --until 2023-06-20": "abhj",
    "--since 2023-06-21": "cdei",
    "--until 2023-06-21": "abchij",
    "--since 2023-06": "abcdehij",
    "--until 2023-06": "abcdhij",
    "--since 2023-07": "e",
    "--until 2023-05": "",
    "--until 2023-07": "abcdehij",
    "--since 2023": "abcdehij",
    "--until 2022": "",
    "--since 2024": "",
    "--topic oceans --published --min-quality 40": "bd",
    "--topic oceans --unpublished --until 2023-06-20": "a",
    "--type video --provider tide --max-quality 99": "h",
    "--topic science --provider tide --since 2023-06 --until 2023-06 --min-heat 999": "j",
}


@pytest.mark.parametrize("options", TABLE)
def test_the_options_choose_these_cards(run: Run, corpus: Path, options: str) -> None:
    result = run("list", *shlex.split(options), "--format", "ids")
    assert (result.code, "".join(result.out.split())) == (0, TABLE[options])


@pytest.mark.parametrize("zone", ["JST-9", "PST8"])
def test_days_are_utc_wherever_the_machine_stands(
    run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    try:
        with monkeypatch.context() as moved:
            moved.setenv("TZ", zone)
            time.tzset()
            for options in ("--since 2023-06-20", "--until 2023-06-20", "--since 2023-07", "--until 2023-06"):
                found = run("list", *options.split(), "--format", "ids").out
                assert "".join(found.split()) == TABLE[options]
    finally:
        time.tzset()


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ("Science", "bcj"),
        ("science --topic oceans", "b"),
        ("oceans --topic science --topic izmir", "b"),
        ("oceans --topic science --topic i̇zmir", "bd"),
        ("oceans --topic science --topic i̇zmir --all-topics", ""),
        ("oceans --unpublished", "a"),
        ("OCEANS . --min-heat 1", "d"),
        ("STRASSE c.md a.md", "c"),
    ],
)
def test_filter_by_topic_narrows_what_list_chooses(run: Run, corpus: Path, options: str, ids: str) -> None:
    result = run("filter-by-topic", *shlex.split(options), "--format", "ids")
    assert (result.code, "".join(result.out.split())) == (0, ids)


@pytest.mark.parametrize(
    ("flag", "shown"),
    [
        ("true", True), ("false", False), ("False", False), ("FALSE", False), ("no", False), ("off", False),
        ("No", False), ("null", False), ("~", False), ("", False), ("# nothing", False), ("yes", True),
        ("on", True), ('"false"', True), ("'no'", True), ('""', True), ("0", True), ("0.0", True),
        ("n", True), ("[]", True), ("{}", True), ("[false]", True), ("2023-13-45", True),
        ("!!bool no", False), ("!!str false", True), (None, True),
    ],
)  # fmt: skip
def test_published_is_what_the_site_shows_everything_but_false_and_no_value(
    run: Run, make_corpus: MakeCorpus, flag: str | None, shown: bool
) -> None:
    make_corpus({"x.md": card(published=flag)})
    assert run("list", "--published", "--format", "ids").out == "x\n" * shown
    assert run("list", "--unpublished", "--format", "ids").out == "x\n" * (not shown)


def test_a_key_that_is_spelt_otherwise_or_stands_twice_counts_as_for_the_site(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(
        {
            "spelt.md": card(published=None, Published="false"),
            "last-hides.md": card(published="true\npublished: false"),
            "last-shows.md": card(published="false\npublished: true"),
        }
    )
    assert run("list", "--published", "--format", "ids").out == "last-shows\nspelt\n"


MOMENTS = (
    "2025-10-14T23:59:59Z", "2025-10-15T00:00:00Z", "2025-12-03T23:59:59Z", "2025-12-04T00:00:00Z",
    "2025-12-31T23:59:59.999999Z", "2026-01-01T00:00:00Z", "2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z",
    "2026-01-15T23:59:59Z", "2026-01-16T00:00:00Z",
)  # fmt: skip


@pytest.mark.parametrize(
    ("option", "age", "ids"),
    [
        ("--since", "14d", "56789"), ("--until", "14d", "0123456"), ("--since", "6w", "3456789"),
        ("--until", "6w", "0123"), ("--since", "3m", "123456789"), ("--until", "3m", "01"),
        ("--since", "0d", "89"), ("--until", "0d", "012345678"), ("--since", "today", "89"),
        ("--until", "yesterday", "01234567"), ("--since", "1y", "0123456789"), ("--until", "1y", ""),
    ],
)  # fmt: skip
def test_an_age_names_the_whole_day_that_was_so_long_ago(
    run: Run, make_corpus: MakeCorpus, option: str, age: str, ids: str
) -> None:
    make_corpus({f"{at}.md": card(publishedDateTime=moment) for at, moment in enumerate(MOMENTS)})
    assert "".join(run("list", option, age, "--format", "ids").out.split()) == ids


@pytest.mark.parametrize(("today", "day"), [("2024-03-31", "2024-02-29"), ("2023-03-31", "2023-02-28")])
def test_a_month_before_the_31st_is_the_last_day_of_a_shorter_one(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch, today: str, day: str
) -> None:
    days = ["2023-02-27", "2023-02-28", "2023-03-01", "2024-02-28", "2024-02-29", "2024-03-01"]
    make_corpus({f"{name}.md": card(publishedDateTime=name) for name in days})
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(f"{today}T12:00:00Z"))
    assert run("list", "--since", "1m", "--until", "1m", "--format", "ids").out == f"{day}\n"


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ("--topic Ocaens", "no card has the topic `Ocaens`; did you mean `Oceans`?"),
        ("--topic sciense", "no card has the topic `sciense`; did you mean `Science`"),
        ("--topic qqqq", "no card has the topic `qqqq`"),
        ("--provider tide.exampel", "no card has the provider `tide.exampel`; did you mean `tide.example`"),
        ("--type vidoe", "no card has the type `vidoe`; did you mean `video`?"),
        ("--type VIDEO", "no card has the type `VIDEO`; did you mean `video`?"),
        ("--type ''", "no card has the type ``"),
    ],
)
def test_an_unknown_topic_or_provider_is_an_empty_answer_with_the_nearest_name(
    run: Run, corpus: Path, options: str, note: str
) -> None:
    result = run("list", *shlex.split(options))
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith(f"note: {note}")
    assert result.err.count("\n") == 1
    quiet = run("list", *shlex.split(options), "--format", "json", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "[]\n", "")


def test_a_type_is_one_that_a_card_has_or_the_configuration_may_suggest(
    run: Run, make_corpus: MakeCorpus
) -> None:
    files = {"a.md": card(type="podcast"), "b.md": card(), "newscards.toml": 'types = ["article", "essay"]'}
    make_corpus(files)
    result = run("list", "--type", "podcast", "--format", "ids")
    assert (result.code, result.out, result.err) == (0, "a\n", "")
    result = run("list", "--type", "esay", "--format", "ids")
    assert (result.out, result.err) == ("", "note: no card has the type `esay`; did you mean `essay`?\n")
    assert run("list", "--topic", "Oceans", "--type", "essay").err == ""


def test_each_unknown_name_is_told_and_a_known_one_that_chooses_nothing_is_not(
    run: Run, corpus: Path
) -> None:
    result = run("filter-by-topic", "Ocaens", "--topic", "Sciense", "--provider", "Tied", "--count")
    assert (result.code, result.out) == (0, "0\n")
    assert [line.split("`")[1] for line in result.err.splitlines()] == ["Sciense", "Ocaens", "Tied"]
    assert run("list", "--topic", "oceans", "--provider", "GROSSE WOCHE").err == ""
    some = run("list", "--topic", "OCEANS", "--topic", "Sciense", "--format", "ids")
    assert (some.code, some.out, some.err.count("\n")) == (0, "a\nb\nd\ne\n", 1)
    assert "no card has the topic `Sciense`" in some.err


def test_a_name_that_is_suggested_stays_on_its_line(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": card(topics=topics('"Oceans\\nerror: \\e[31mburning"'))})
    result = run("list", "--topic", "Oceans error: burning")
    assert "did you mean" in result.err
    assert "\x1b" not in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize(
    "text", ["", "soon", "Today", "today ", "20233", "2023-02-29", "2023-13", "14", "14x", "-14d", "99999m"]
)
def test_a_wrong_date_is_wrong_usage(run: Run, corpus: Path, option: str, text: str) -> None:
    result = run("list", f"{option}={text}")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {option}: {text} is not a date")


@pytest.mark.parametrize(
    "options",
    [
        "--min-quality x",
        "--min-quality 1.5",
        "--max-quality",
        "--max-heat x",
        "--all-topics",
        "--min-heat ''",
    ],
)
def test_a_wrong_value_is_wrong_usage(run: Run, corpus: Path, options: str) -> None:
    result = run("list", *shlex.split(options))
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: ")


@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize(
    "name", ["Sea café", "SEA CAFÉ", "sea cafe\u0301", "Sea\xa0café", " Sea  ca\u200bfé "]
)
def test_a_topic_or_provider_is_that_which_a_reader_takes_for_it(
    run: Run, make_corpus: MakeCorpus, count: int, name: str
) -> None:
    spelled = ["Sea café", "sea cafe\u0301", "Sea\xa0café"]
    files = {f"{n}.md": card(topics=topics("Oceans", spelled[n] if n < 3 else "Ports")) for n in range(count)}
    make_corpus(files | {"p.md": card(provider='\n  name: "Sea cafe\u0301"\n  domain: sea.example')})
    for _ in range(2):  # the second time from the index, if there is one
        assert run("filter-by-topic", name, "--format", "ids").out == "0\n1\n2\n"
    assert run("list", "--topic", name, "--where", "quality > 0", "--count").out == "3\n"
    assert run("list", "--where", f"has_topic('{name}')", "--count").out == "3\n"
    assert run("list", "--provider", name, "--format", "ids").out == "p\n"


def test_a_range_of_no_day_is_wrong_usage(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card()})
    result = run("list", "--since", "2026", "--until", "2025")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error: --since 2026 is after --until 2025: no card can match\nhint: exchange the two dates\n"
    )
