"""Posts, and the collections of a site but `_news`: what newscards says is what Jekyll 4.3.1 built."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscards.cards.reader import parse, read_bytes
from newscards.frontmatter.limits import LIMITS
from newscards.jekyll.config import site_of
from newscards.jekyll.explain import explain
from newscards.jekyll.site import Cause, Fate, View, view_of
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card

TEXT = "---\ntitle: a\n---\nb\n"
HIDDEN = "---\ntitle: a\npublished: false\n---\nb\n"


def view(path: str) -> View:
    source = read_bytes(path, LIMITS)
    found = view_of(parse(path, source, LIMITS), source, site_of(path))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "content", "fate"),
    [
        ("2023-06-20-plain.md", TEXT, Fate.PUBLISHED),
        ("2023/23-6-1-short.md", TEXT, Fate.PUBLISHED),
        ("vendor/2023-06-20-x.md", TEXT, Fate.PUBLISHED),
        ("x/_y/2023-06-20-x.md", TEXT, Fate.PUBLISHED),
        ("2023-06-20-x.md.bak", TEXT, Fate.PUBLISHED),
        ("2199-06-20-past-date.md", "---\ndate: 2020-01-01\n---\n", Fate.PUBLISHED),
        ("2023-06-20-text.md", '---\npublished: "false"\n---\n', Fate.PUBLISHED),
        ("2023-06-20-mark.md", f"\ufeff{TEXT}", Fate.PUBLISHED),
        ("2023-06-20-mark-hidden.md", f"\ufeff{HIDDEN}", Fate.HIDDEN),
        ("2023-06-20-hidden.md", HIDDEN, Fate.HIDDEN),
        ("2023-06-20-empty.md", "---\npublished:\n---\n", Fate.HIDDEN),
        ("2023-06-20-date.md", "---\ndate: 2199-01-01\n---\n", Fate.HIDDEN),
        ("2199-06-20-name.md", TEXT, Fate.HIDDEN),
        ("no-date.md", "---\ndate: 2023-06-20\n---\n", Fate.HIDDEN),
        ("2023/06-20-half.md", TEXT, Fate.HIDDEN),
        ("_2023-06-20-x.md", TEXT, Fate.HIDDEN),
        ("_sub/2023-06-20-x.md", TEXT, Fate.HIDDEN),
        ("2023-06-20-bytes.md", b"---\ntitle: \xff\n---\n", Fate.HIDDEN),
        ("2023-06-20-bytes-in-body.md", b"---\ntitle: x\n---\n\xff", Fate.HIDDEN),
        ("2023-06-20-blank.md", f"\n{HIDDEN}", Fate.BARE),
        ("2023-06-20-comment.md", HIDDEN.replace("---", "--- # x", 1), Fate.BARE),
        ("2023-06-20-no-fence.md", "title: x\n", Fate.BARE),
        ("2023-06-20-no-end.md", "---\npublished: false\n", Fate.BARE),
        ("2023-06-20-return.md", HIDDEN.replace("\n", "\r"), Fate.BARE),
        ("2023-06-20-broken.md", "---\ntitle: [a\npublished: false\n---\n", Fate.BARE),
        ("2199-06-20-broken.md", "---\ntitle: [a\n---\n", Fate.BARE),
        ("2023-06-20-list.md", "---\n- a\n---\n", Fate.BARE),
        ("2023-06-20-categories.md", "---\ncategories: 5\n---\n", Fate.BARE),
        ("2020-13-45-x.md", TEXT, Fate.FAILS),
    ],
)
def test_a_post_is_read_as_jekyll_reads_posts(
    name: str, content: str | bytes, fate: Fate, make_corpus: MakeCorpus
) -> None:
    for folder in ("_posts", "en/news/_posts"):
        make_corpus({"_config.yml": "title: x\n", f"{folder}/{name}": content})
        found = view(f"{folder}/{name}")
        assert found.fate is fate
        assert found.is_listed is (fate in (Fate.PUBLISHED, Fate.BARE))


POST = "_posts/2199-06-20-x.md"


@pytest.mark.parametrize(
    ("config", "path", "content", "fate"),
    [
        ("future: true", POST, TEXT, Fate.PUBLISHED),
        ("unpublished: true", "_posts/2023-06-20-x.md", HIDDEN, Fate.PUBLISHED),
        ("future: true\ncollections: {posts: {output: false}}", POST, TEXT, Fate.LISTED),
        ("strict_front_matter: true", "_posts/2023-06-20-x.md", b"---\na: \xff\n---\n", Fate.FAILS),
        ("title: x", "_drafts/x.md", TEXT, Fate.UNREAD),
        ("show_drafts: true", "_drafts/x.md", TEXT, Fate.PUBLISHED),
        ("exclude: [vend]", "vend/_posts/2020-06-20-x.md", TEXT, Fate.HIDDEN),
        ("title: x", "_other/_posts/2020-06-20-x.md", TEXT, Fate.HIDDEN),
        ("collections_dir: cols", "_posts/2020-06-20-x.md", TEXT, Fate.UNREAD),
        ("collections_dir: cols", "cols/en/_posts/2020-06-20-x.md", TEXT, Fate.PUBLISHED),
        ("defaults: [{scope: {path: en, type: posts}, values: {published: false}}]",
         "en/_posts/2020-06-20-x.md", TEXT, Fate.HIDDEN),
        ("defaults: [{scope: {path: '', type: news}, values: {published: false}}]",
         "en/_posts/2020-06-20-x.md", TEXT, Fate.PUBLISHED),
        ("collections: {links: {output: true}}", "_links/a.md", TEXT, Fate.PUBLISHED),
        ("collections: {links: {output: true}}", "_links/2199-01-01-a.md", TEXT, Fate.LISTED),
        ("collections: {links: {output: true}}", "_links/a.md", HIDDEN, Fate.HIDDEN),
        ("collections: [news]", "_links/a.md", TEXT, Fate.UNREAD),
    ],
)  # fmt: skip
def test_the_configuration_decides_about_posts_and_other_collections(
    config: str, path: str, content: str | bytes, fate: Fate, make_corpus: MakeCorpus
) -> None:
    make_corpus({"_config.yml": f"{config}\n", path: content})
    assert view(path).fate is fate


def test_a_post_that_leads_to_nothing_breaks_only_a_strict_build(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"_config.yml": "title: x\n", "strict/_config.yml": "strict_front_matter: true\n"})
    for site, fate in ((folder, Fate.HIDDEN), (folder / "strict", Fate.FAILS)):
        (site / "_posts").mkdir(exist_ok=True)
        link = site / "_posts/2023-06-20-x.md"
        link.symlink_to("nowhere.md")
        found = explain(str(link), {}).view
        assert found
        assert (found.fate, found.cause) == (fate, Cause.LINK)


def test_a_post_without_a_date_in_its_name_is_reported(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"_posts/gauges.md": TEXT, "_posts/wells.md": HIDDEN, "_posts/2023-06-20-x.md": TEXT})
    result = run("validate", "_posts", "--select", "hidden-by-name", "--format", "concise")
    assert result.out.splitlines()[0] == (
        "_posts/gauges.md:1:1: error[NC204] hidden-by-name: no date in the file's name: the site will not"
        " publish this card, because the name of a post begins with a date and a title:"
        " `2023-06-20-title.md`"
    )
    assert "wells" not in result.out
    assert "To show it\n  rename the file: `2023-06-20-title.md`\n" in run("why", "_posts/gauges.md").out


def test_a_scheduled_post_is_no_mistake_unless_its_flag_shows_it(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({POST: TEXT, POST.replace("x", "y"): card()})
    out = run("validate", "_posts", "--select", "hidden-by-date", "--format", "concise").out
    assert out.count("NC203") == out.count("2199-06-20-y.md:1:1: ") == 1
    assert run("why", POST).out.startswith(
        "○ The site will not publish this card before 2199-06-20, by the date in its\n  name.\n"
    )


BROKEN_BUILD = card(date="soon")


def test_outside_of_a_collection_the_site_is_spoken_of_only_where_asked(
    make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(
        {"cards/2199-01-01-a.md": CARD, "cards/b.md": BROKEN_BUILD, "cards/c.md": card(published="5")}
    )
    silent = run("validate", "cards", "--format", "concise").out
    assert "NC203" not in silent
    assert "NC206" not in silent
    assert "cards/c.md:11:12: error[NC201]" in silent
    assert "the site" not in silent
    for words in ("NC2", "build-fails", "NC, NC203"):
        asked = run("validate", "cards", "--select", words, "--format", "concise").out
        assert "cards/b.md:12:7: error[NC206]" in asked
        assert ": the build will fail" in asked
    (Path("newscards.toml")).write_text('select = ["NC", "NC2"]\n', encoding="utf-8")
    assert "NC203" in run("validate", "cards", "--format", "concise").out


def test_why_says_what_the_flag_says_of_a_card_in_no_collection(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"2199-01-01-a.md": CARD, "b.md": card(published="false"), "c.md": "---\ntitle: [\n---\n"})
    shown = run("why", "2199-01-01-a").out
    assert shown.startswith(
        "? By its flag alone this card is shown, because its flag is true; it is in no\n  collection.\n"
    )
    assert "none: the card is in no collection, such as `_news` or `_posts`" in shown
    assert "To know\n  `newscards why --as-news` takes it for a card of a `_news`\n" in shown
    assert run("why", "b").out.startswith(
        "? By its flag alone this card is hidden, because its flag is false"
    )
    assert run("why", "c").out.startswith("? What the site does with this card is not known: ")
    asked = run("why", "2199-01-01-a", "--as-news").out
    assert asked.startswith("◐ The site's lists show this card")
    assert "error[NC203]" in asked
    assert "error[NC203]" not in shown
