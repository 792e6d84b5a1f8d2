"""``validate --changed-since``: the findings of now without those of the revision."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import pytest

from newscards.corpus.workspace import Workspace
from newscards.jekyll import config
from newscards.lint.findings import Finding, Report
from newscards.query.findings import lint, stored_report
from newscards.query.since import Since
from tests.commands.test_validate import of, told, twin
from tests.conftest import MakeCorpus, Run
from tests.support.git_repository import commit, git
from tests.support.random_corpus import World

T = TypeVar("T")

OLD = {"heat": "1"}
"""A card with these fields has a finding, NC411."""

COLLECTION = "collections: {news: {output: true}}\n"
URL_9 = '"https://www.tide.example/9"'


def entry(number: int, quality: int = 67) -> str:
    """Return an entry of ``related`` for the card ``of(number)``."""
    return f"""
  - category: news
    title: "Part {number}"
    excerpt: "Old wells, new sensors."
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: "https://www.tide.example/{number}"
    type: article
    quality: {quality}"""


pytestmark = pytest.mark.usefixtures("kept_of_few_cards")


@pytest.fixture(params=[True, False], ids=["index", "no index"])
def has_index(request: pytest.FixtureRequest) -> bool:
    """Run a test with an index of even the smallest corpora, and without one."""
    return bool(request.param)


Repository = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture
def repository(make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a function that commits files in a repository of their own, which is the current folder."""

    def make(files: dict[str, str | bytes]) -> Path:
        folder = make_corpus(files)
        git(folder, "init", "--quiet", "--initial-branch", "main")
        commit(folder)
        return folder

    return make


New = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def new(run: Run, has_index: bool) -> New:
    """Return a function that returns the card and the code of each new finding."""

    def new_findings(*args: str) -> list[tuple[str, str]]:
        cache = [] if has_index else ["--no-cache"]
        result = run("validate", "--changed-since", "HEAD", "--format", "json", *args, *cache)
        assert result.code in (0, 1), result.err
        return [(each["path"], each["code"]) for each in json.loads(result.out)["findings"]]

    return new_findings


def test_an_old_finding_of_a_changed_card_is_not_reported(repository: Repository, new: New, run: Run) -> None:
    folder = repository({"_news/a.md": of(1, **OLD), "_news/b.md": of(2, **OLD)})
    (folder / "_news/a.md").write_text(of(1, **OLD, removed="false"))
    assert new() == []
    told = run("validate", "--changed-since", "HEAD")
    assert told.out == "1 card checked: all fine.\n"
    assert told.err == "note: left out 1 old finding in the changed cards; --all-findings shows them\n"
    assert run("validate", "--changed-since", "HEAD", "--all-findings").err == ""
    assert new("--all-findings") == [("_news/a.md", "NC411")]
    (folder / "_news/a.md").write_text(of(1, **OLD, excerpt='"a\u200b"'))
    assert new() == [("_news/a.md", "NC503")]
    assert new("--all-findings") == [("_news/a.md", "NC503"), ("_news/a.md", "NC411")]


@pytest.mark.parametrize(
    "changed",
    [
        of(1, **OLD).replace("category:", "\n\n# a comment\ncategory:"),
        of(1, **OLD).replace("heat: 1", "heat:   1 # low"),
        of(1, **OLD).replace("\n", "\r\n"),
        of(1, heat=None).replace("---\ncategory", "---\nheat: 1\ncategory"),
    ],
)
def test_a_finding_that_only_moved_is_not_new(repository: Repository, new: New, changed: str) -> None:
    folder = repository({"_news/a.md": of(1, **OLD)})
    (folder / "_news/a.md").write_bytes(changed.encode())
    assert new() == []


def test_a_finding_with_another_value_is_new(repository: Repository, new: New) -> None:
    folder = repository({"_news/a.md": of(1, heat="1")})
    (folder / "_news/a.md").write_text(of(1, heat="2"))
    assert new() == [("_news/a.md", "NC411")]


def test_an_entry_that_moved_makes_no_finding_new(repository: Repository, new: New) -> None:
    stale = [entry(number, quality=60) for number in (2, 3)]
    cards = {f"_news/{number}.md": of(number) for number in (2, 3, 4)}
    folder = repository({"_news/1.md": of(1, related="".join(stale)), **cards})
    (folder / "_news/1.md").write_text(of(1, related="".join(stale[::-1])))
    assert new() == []
    (folder / "_news/1.md").write_text(of(1, related=entry(4, quality=60) + "".join(stale)))
    assert len(new("--select", "NC606")) == 1


def test_of_equal_findings_as_many_are_new_as_are_more(repository: Repository, new: New) -> None:
    def images(count: int) -> str:
        return "".join('\n  - url: "tide"\n    width: 1200\n    height: 720' for _ in range(count))

    folder = repository({"_news/a.md": of(1, images=images(1))})
    (folder / "_news/a.md").write_text(of(1, images=images(3)))
    assert len(new("--select", "NC405")) == 2
    (folder / "_news/a.md").write_text(of(1, images=images(1), heat="68"))
    assert new("--select", "NC405") == []


def test_what_a_deleted_card_leaves_behind_is_reported(repository: Repository, new: New) -> None:
    folder = repository({"_news/a.md": of(1, related=entry(2)), "_news/b.md": of(2), "_news/c.md": of(3)})
    (folder / "_news/b.md").unlink()
    assert new("--select", "NC605") == [("_news/a.md", "NC605")]
    assert new("--select", "NC605", "_news/c.md") == []
    assert new("--select", "NC605", "_news/a.md") == [("_news/a.md", "NC605")]


def test_what_a_change_causes_in_an_unchanged_card_is_reported_and_fixed(
    repository: Repository, new: New, run: Run
) -> None:
    folder = repository({"_news/a.md": of(1, related=entry(2)), "_news/b.md": of(2), "_news/c.md": of(3)})
    (folder / "_news/c.md").write_text(of(3, quality="66"))
    assert new("--select", "NC606") == []
    (folder / "_news/b.md").write_text(of(2, quality="68", heat="68"))
    assert [code for _, code in new("--select", "NC606")] == ["NC606"]
    out = run("validate", "--changed-since", "HEAD", "--select", "NC606", "--format", "concise").out
    assert "Found 1 warning in 1 of 2 cards. " in out
    run("validate", "--changed-since", "HEAD", "--select", "NC606", "--fix", "--unsafe-fixes")
    assert "quality: 68" in (folder / "_news/a.md").read_text()


def test_copies_of_a_fixed_value_are_updated_in_unchanged_cards(
    repository: Repository, new: New, run: Run
) -> None:
    late = entry(2).replace("wells", "wells\\u200b")
    a = of(1, related=late, title='"Part 1 "')
    folder = repository({"_news/a.md": a, "_news/b.md": of(2)})
    (folder / "_news/b.md").write_text(of(2, excerpt='"Old wells\\u200b, new sensors."'))
    assert new() == [("_news/b.md", "NC503")]
    diff = run("validate", "--changed-since", "HEAD", "--fix", "--diff").out
    assert re.findall("^[-+] .*", diff, re.MULTILINE) == [
        '-    excerpt: "Old wells\\u200b, new sensors."',
        '+    excerpt: "Old wells, new sensors."',
    ]
    assert (folder / "_news/a.md").read_text() == a
    assert "fixed 1 finding in 2 cards" in run("validate", "--changed-since", "HEAD", "--fix").err
    assert (folder / "_news/a.md").read_text() == of(1, related=entry(2), title='"Part 1 "')
    assert (folder / "_news/b.md").read_text() == of(2)


def test_fix_makes_no_fix_of_an_old_finding(repository: Repository, run: Run) -> None:
    old = of(1, excerpt='"It is late\\u200b."')
    folder = repository({"_news/a.md": old, "_news/b.md": of(2)})
    (folder / "_news/a.md").write_text(old.replace("heat: 67", "heat: 68"))
    (folder / "_news/b.md").write_text(of(2, excerpt='"Wells\\u200b."'))
    assert "fixed 1 finding in 1 card" in run("validate", "--changed-since", "HEAD", "--fix").err
    assert "u200b" in (folder / "_news/a.md").read_text()
    assert "u200b" not in (folder / "_news/b.md").read_text()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_news/b.md", of(1, **OLD)),
        ("_news/b.md", of(1, **OLD, quality="68")),
        ("_news/b.md", of(1, **OLD, title='"Another title"')),
        ("_news/2023/a.md", of(1, **OLD, title='"Another title"', webUrl=URL_9, originalUrl=URL_9)),
    ],
)
def test_a_renamed_card_is_the_same_card(repository: Repository, new: New, name: str, content: str) -> None:
    folder = repository({"_news/a.md": of(1, **OLD), "_news/c.md": of(3)})
    (folder / name).parent.mkdir(exist_ok=True)
    git(folder, "mv", "_news/a.md", name)
    (folder / name).write_text(content)
    assert new("--ignore", "NC408") == []
    assert new("--ignore", "NC408", "--all-findings") == [(name, "NC411")]


@pytest.mark.parametrize(("old", "name"), [("a", "z"), ("b", "z"), ("c", "y"), ("d", "0")])
def test_a_new_name_makes_no_finding_of_several_cards_new(
    repository: Repository, new: New, run: Run, old: str, name: str
) -> None:
    one_way = of(3).replace("secured:", f"related:{entry(4)}\nsecured:")
    assert "related:" in one_way
    cards: dict[str, str | bytes] = {
        "_news/a.md": twin(1),
        "_news/b.md": twin(2),
        "_news/c.md": one_way,
        "_news/d.md": of(4),
    }
    folder = repository(cards)
    git(folder, "mv", f"_news/{old}.md", f"_news/{name}.md")
    assert new("--select", "NC601,NC608") == []
    found = json.loads(run("validate", "--select", "NC601,NC608", "--format", "json").out)["findings"]
    assert {each["code"] for each in found} == {"NC601", "NC608"}


def test_a_copy_of_a_card_has_findings_of_its_own(repository: Repository, new: New) -> None:
    folder = repository({"_news/a.md": of(1, **OLD)})
    shutil.copy(folder / "_news/a.md", folder / "_news/b.md")
    assert ("_news/b.md", "NC411") in new()
    assert ("_news/a.md", "NC411") not in new()


def test_a_configuration_that_publishes_hidden_cards_adds_findings(repository: Repository, new: New) -> None:
    folder = repository({"_news/a.md": of(1, published="false"), "_config.yml": COLLECTION})
    (folder / "_config.yml").write_text(f"{COLLECTION}unpublished: true\n")
    config._config_of.cache_clear()
    assert new() == [("_news/a.md", "NC205")]
    commit(folder)
    (folder / "_config.yml").unlink()
    config._config_of.cache_clear()
    assert new() == []


def test_a_change_of_what_is_checked_makes_no_finding_new(repository: Repository, new: New) -> None:
    folder = repository({"_news/a.md": of(1, **OLD), "newscards.toml": 'ignore = ["NC411"]\n'})
    (folder / "newscards.toml").write_text("")
    (folder / "_news/a.md").write_text(of(1, **OLD, removed="false"))
    assert new() == []


def test_twins_of_which_one_was_there_are_new(repository: Repository, new: New, run: Run) -> None:
    folder = repository({"_news/a.md": twin(1), "_news/c.md": of(3)})
    (folder / "_news/b.md").write_text(twin(2))
    assert {path for path, _ in told(run, "--changed-since", "HEAD", "--select", "NC601")} <= {
        "_news/a.md",
        "_news/b.md",
    }
    assert new("--select", "NC601")
    commit(folder)
    assert new("--select", "NC601") == []


def test_a_card_that_joins_twins_is_reported(repository: Repository, new: New) -> None:
    folder = repository({"_news/a.md": twin(1), "_news/b.md": twin(2), "_news/d.md": of(4)})
    (folder / "_news/d.md").write_text(of(4, quality="66"))
    assert new("--select", "NC601") == []
    (folder / "_news/c.md").write_text(twin(3))
    assert len(new("--select", "NC601")) == 1


def test_another_copy_of_a_value_makes_no_finding_of_its_card_new(
    repository: Repository, new: New, run: Run
) -> None:
    entry_1 = entry(1).replace("sensors.", "sensors\\u200b.")
    a = of(1, related=entry(2), excerpt='"Old wells, new sensors\\u200b."')
    folder = repository({"_news/a.md": a, "_news/b.md": of(2, related=entry_1), "_news/d.md": of(4)})
    (folder / "_news/c.md").write_text(of(3, related=entry_1 + entry(2)))
    assert "the same in 2 copies of the card" in run("validate", "--select", "NC503").out
    assert new("--select", "NC503") == []
    (folder / "_news/c.md").write_text(of(3, related=entry_1 + entry(2), excerpt='"Sensors\\u200b."'))
    assert new("--select", "NC503") == [("_news/c.md", "NC503")]
    (folder / "_news/a.md").write_text(a.replace('new sensors\\u200b."\n', 'new wells\\u200b."\n'))
    assert ("_news/a.md", "NC503") in new("--select", "NC503"), "another value of the card is"


def test_another_entry_of_a_card_that_is_missing_is_new(repository: Repository, new: New) -> None:
    cards = {f"_news/{number}.md": of(number, related=entry(9)) for number in (1, 2)}
    folder = repository({**cards, "_news/4.md": of(4)})
    (folder / "_news/3.md").write_text(of(3, related=entry(9)))
    assert new("--select", "NC605") == [("_news/1.md", "NC605")], "the finding lists the changed card"


def test_a_finding_of_several_cards_stays_old_if_one_of_them_is_mended(
    repository: Repository, new: New, run: Run
) -> None:
    cards = {f"_news/{number}.md": of(number, related=entry(9)) for number in (1, 2, 3)}
    folder = repository({**cards, "_news/4.md": of(4)})
    (folder / "_news/1.md").write_text(of(1))
    found = run("validate", "--select", "NC605", "--format", "concise").out
    assert found.startswith("_news/2.md:"), "it stands at the next card"
    assert new("--select", "NC605") == []
    (folder / "_news/2.md").write_text(of(2))
    assert new("--select", "NC605") == []
    (folder / "_news/4.md").write_text(of(4, related=entry(8)))
    assert new("--select", "NC605") == [("_news/4.md", "NC605")]


def test_a_comment_that_suppresses_nothing_any_more_is_new(repository: Repository, new: New) -> None:
    card = re.sub(r"(webUrl: .*)", r"\1 # newscards: ignore[NC601]", twin(1))
    folder = repository({"_news/a.md": twin(2), "_news/b.md": card, "_news/c.md": of(3)})
    (folder / "_news/c.md").write_text(of(3, quality="66"))
    assert new("--select", "NC1,NC601") == []
    (folder / "_news/a.md").write_text(of(2))
    assert new("--select", "NC1,NC601") == [("_news/b.md", "NC111")]


def test_of_many_findings_of_a_rule_the_number_of_new_ones_is_reported(
    repository: Repository, new: New, run: Run
) -> None:
    def topics(count: int) -> str:
        return "\n  - Oceans" + "\n  - oceans" * count

    folder = repository({"_news/a.md": of(1, topics=topics(150))})
    (folder / "_news/a.md").write_text(of(1, topics=topics(153)))
    args = ("--select", "repeated-topic", "--changed-since", "HEAD")
    assert run("validate", *args, "--statistics").out.split()[0] == "3"
    assert "and 2 more of NC506" in run("validate", *args).out
    (folder / "_news/a.md").write_text(of(1, topics=topics(150), heat="68"))
    assert new("--select", "repeated-topic") == []


def test_a_baseline_counts_old_findings_too(repository: Repository, run: Run) -> None:
    folder = repository({"_news/a.md": of(1, excerpt='"a\u200b"')})
    run("validate", "--write-baseline", "known.json")
    (folder / "_news/a.md").write_text(of(1, excerpt='"a\u200b"', title='"b\u200b"'))
    result = run("validate", "--changed-since", "HEAD", "--baseline", "known.json", "--format", "concise")
    assert ":3:10: warning[NC503]" in result.out
    assert result.out.endswith(
        "Found 1 warning in 1 of 1 card. 1 is in a published card.\n1 is fixable with --fix.\n"
    )
    assert result.err == ""
    counts = (folder / "known.json").read_bytes()
    (folder / "_news/a.md").write_text(of(1, excerpt='"a\u200b"', quality="66"))
    run("validate", "--changed-since", "HEAD", "--write-baseline", "known.json")
    assert (folder / "known.json").read_bytes() == counts


def test_a_baseline_counts_old_findings_beside_a_file_that_is_no_card(
    repository: Repository, run: Run, has_index: bool
) -> None:
    cache = [] if has_index else ["--no-cache"]
    files = {"_news/a.md": of(1, excerpt='"a\u200b"'), "_news/b.md": of(2), "_news/c.md": of(3)}
    folder = repository({**files, "_news/b.md.orig": of(2), "_config.yml": COLLECTION})
    run("validate", "--write-baseline", "known.json")
    (folder / "_news/a.md").write_text(of(1, excerpt='"a\u200b"', quality="66"))
    (folder / "_news/b.md.orig").write_text(of(2, quality="66"))
    result = run("validate", "--changed-since", "HEAD", "--baseline", "known.json", *cache)
    assert result.err == "note: left out 1 finding that the baseline known.json has\n"
    run("validate", "--changed-since", "HEAD", "--write-baseline", "again.json", *cache)
    assert (folder / "again.json").read_bytes() == (folder / "known.json").read_bytes()


def test_a_convention_is_one_of_all_cards_not_of_the_changed_ones(repository: Repository, new: New) -> None:
    cards = {f"_news/2023-06-20-{number:02}.md": of(number) for number in range(60)}
    without = {name: card.replace("secured:", "# secured:") for name, card in cards.items()}
    lost = sorted(cards)[:3]
    folder = repository({**cards, **{name: without[name] for name in lost}})
    for name in lost:
        (folder / name).write_text(without[name].replace("Old wells", "New wells"))
    assert new("--select", "NC617") == []
    for name in sorted(cards)[:5]:
        (folder / name).write_text(without[name])
    commit(folder)
    assert new("--select", "NC617") == []
    (folder / lost[0]).write_text(cards[lost[0]])
    (folder / lost[1]).write_text(cards[lost[1]])
    assert new("--select", "NC617") == [(name, "NC617") for name in sorted(cards)[2:5]]


def test_line_ends_that_git_converts_are_no_change(repository: Repository, new: New) -> None:
    folder = repository({"_news/a.md": of(1, **OLD, excerpt='"a\u200b"'), "_news/b.md": of(2)})
    git(folder, "config", "core.autocrlf", "true")
    text = of(1, **OLD, excerpt='"a\u200b"', quality="66")
    (folder / "_news/a.md").write_bytes(text.replace("\n", "\r\n").encode())
    assert new() == []


def test_all_findings_goes_only_with_a_revision(run: Run, repository: Repository) -> None:
    repository({"_news/a.md": of(1)})
    result = run("validate", "--all-findings")
    assert result.code == 2
    assert "--all-findings goes only with --changed-since" in result.err


def test_a_lost_object_is_an_error(repository: Repository, run: Run) -> None:
    folder = repository({"_news/a.md": of(1), "_news/b.md": of(2)})
    blob = git(folder, "rev-parse", "HEAD:_news/a.md")
    (folder / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()
    (folder / "_news/a.md").unlink()
    result = run("validate", "--changed-since", "HEAD")
    assert (result.code, result.out) == (2, "")
    assert "_news/a.md cannot be compared with HEAD: git does not have what _news/a.md held" in result.err


class Silent:
    """A reporter that shows nothing."""

    def notice(self, message: str) -> None:
        pass

    def warn(self, message: str, hint: str = "") -> None:
        pass

    def track(self, items: Iterable[T], total: int, doing: str) -> Iterable[T]:
        return items


def findings_now(since: Since | None = None) -> list[Finding]:
    return lint(Workspace(Silent()), ("_news",), (), (), since).report().findings


def keyed(findings: Iterable[Finding]) -> Counter[tuple[str, str, str, int]]:
    """Return how often there is a finding, whatever its line is."""
    return Counter(
        (each.rule.code, each.path, re.sub("[0-9]+", "", each.field), each.value) for each in findings
    )


def parts(finding: Finding) -> tuple[str, str, int]:
    """Return what stays of a finding that moves to another card."""
    return finding.rule.code, re.sub("[0-9]+", "", finding.field), finding.value


def cards_of(finding: Finding) -> set[str]:
    return {finding.path, *(path for path, _ in finding.others)}


@pytest.mark.exhaustive(always=2)
@pytest.mark.parametrize("seed", range(20))
def test_it_reports_what_a_run_on_each_side_subtracted_reports(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    site = tmp_path / "site"
    (site / "_news").mkdir(parents=True)
    monkeypatch.chdir(site)
    world = World(site / "_news", rng)
    git(site, "init", "--quiet", "--initial-branch", "main")
    for _ in range(4):
        git(site, "add", "--all")
        git(site, "commit", "--quiet", "--allow-empty", "--message", "Cards")
        before = findings_now()
        for _ in range(rng.choice([1, 2, 5])):
            world.change()
        now, since = findings_now(), Since("HEAD")
        new = findings_now(since)
        (former,) = since._corpora.values()
        with_index = stored_report(Workspace(Silent()), ("_news",), (), (), None, Since("HEAD"))
        if with_index is not None:  # it is `None` if the two states have different conventions
            assert isinstance(with_index, Report)
            assert [*map(repr, with_index.findings)] == [*map(repr, new)]
        if not former.renamed:
            added, reported = keyed(now) - keyed(before), keyed(new)
            gone = [each for each in before if keyed([each]) <= keyed(before) - keyed(now)]
            for code, path, field, value in added - reported:
                same = [each for each in gone if parts(each) == (code, field, value)]
                assert any(path in cards_of(each) for each in same), "it stood at another of its cards"
            joined = [
                each
                for each in new
                if not each.has_copies and former.changed & {path for path, _ in each.others}
            ]
            assert reported - added <= keyed(joined)
