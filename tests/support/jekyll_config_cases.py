"""More of jekyll_cases.py: dates, names of files, links, and what ``_config.yml`` changes."""

from __future__ import annotations

from tests.support import card
from tests.support.jekyll_cases import (
    BROKEN,
    CONFIG,
    HIDDEN,
    LIST,
    SOUND,
    UNCLOSED,
    Case,
    latin_1,
    named,
    page,
)

# fmt: off
DATES = {
    "listed": [
        "2199-01-01", "2199-1-1", "2199-01-01 # comment", "2199-01-01T10:00:00Z", "2199-01-01 10:00:00 +0200",
        '"2199-01-01"', "'2199-01-01T10:00:00Z'", "!!str 2199-01-01", "[2199-01-01]", "{a: 2199-01-01}",
        "21990101", "20991231", "99991231", "2199-001", "2199/01/01", "01/02/2199", "13/02/2199", "1.2.2199",
        "1 Jan 2199", "January 2199", "Jan 1st 2199 at 5pm", "2199-01-01x", "x2199-01-01", "68-01-01",
        "2023-01-01\ndate: 2199-01-01", "2199171", "2199-171", "10000-01-01", "12023-06-20", '"R99.01.01"',
        "1-Jan-2199", '"2199-01-01 12h30 EST"', "2199-1-1\t 10:00:00", '"Thu Jun 20 15:44:00 UTC 2199"',
    ],
    "published": [
        "2023-01-01", "2023-1-1", "2023-01-01,", "2023-02-30", "2023-02-31", "2023-04-31",
        "2023-02-31T10:00:00Z", '"2023-02-30 10:00"', "2023-01-01T10:00", "2023-01-01T24:00:00Z",
        '"2023-01-01 10:00:00 FOO"', "[2023-01-01]", "20230101", "20230101120000", "2023/01/01", "1/2/2023",
        "99-01-01", "69-01-01",
        "0000-01-01", "-2199-01-01", "2199-01-01\ndate: 2023-01-01", "99001", "2016-12-31T23:59:60Z",
        '"H31.4.30"', "2023-13-01 01:00:00 +0200",
        "!!binary MjAyMy0wNi0yMA==", "!!omap [2023-06-20: a]",
    ],
    "without-data": ["2023-06-20\t10:00:00Z"],
    "build-fails": [
        "2023-13-45", '"2023-13-45"', "2023-01-32", "2023-00-01", "2023-01", "2023", "02/13/2199",
        "yesterday", "foo", "", '""', "5", "1687275840", "[]", "{}", "true", "2023-01-01T25:00:00Z", "10:30",
        "1.5", '"2023-01-01 10:00:00 +99:00"', '"12:30 2199"', "1e9", "Thursday",
        "2016-12-31T23:59:61Z", "1__0",
        '"2199‑01‑01"', "2199-01-01 24:00:01", "2023-366", '"2199-01-01' + " " * 130 + '"',
    ],
}
"""Values of ``date``; the cards for which the build fails are hidden."""

DATED = {
    "published": {
        "publishedDateTime in the future": page(card(publishedDateTime="2199-01-01T00:00:00Z")),
        "publishedDateTime is no date": page(card(publishedDateTime="2023-13-45")),
        "Date": page(card(Date="2199-01-01")),
    },
    "without-data": {
        "future, in a broken block": page(card(date="2199-01-01", title='"never closed')),
        "no date, in a broken block": page(card(date="2023-13-45", title='"never closed')),
        "no date, and categories that are a number": page(card(date="2023-13-45", categories="5")),
        "future, no closing fence": page(card(date="2199-01-01").removesuffix("---\n")),
    },
    "verbatim": {"no date, below a BOM": page("\ufeff" + card(date="2023-13-45"))},
    "build-fails": {"no date, not hidden": page(card(date="2023-13-45"))},
}

NAMES = {
    "listed": [
        "2199-01-01-x.md", "2199-1-1-y.md", "2199-01-01-.md", "2199-01-01-z.a.b", "68-01-01-x.md",
        "d/2199-01-01-x.md",
    ],
    "published": [
        "2199-01-01.md", "2199-01-01-y", "2199-01-01_x.md", "x-2199-01-01-y.md", "12199-01-01-x.md",
        "099-01-01-x.md", "13-12-2199-x.md", "20-10-10-x.md", "99-01-01-x.md", "0000-01-01-x.md",
        "2020-02-30-x.md", "2020-02-31-x.md", "2020-04-31-x.md", "2199-01-01-x/y.md", "2020-13-45-x/y.md",
        "x.markdown", "x1.mkd", "x2.MD", "x3.html", "x4.txt", "x5", "x6.json", "x7.md.bak", "-x.md",
        "y1.md.orig", "y2.mkdn", "y3.mdown", "y4.MARKDOWN", "y5.htm", "y6.md-old", "y7.md.orig.1", "y8.xml",
        "vendor/x.md", "vendor/bundle/x.md", "node_modules/x.md", ".htaccess", ".htaccess-x.md", "old~/x.md",
        # Of the folders only the outermost counts.
        "p/_q/x.md", "p/.q/x.md", "p/#q/x.md", "p/~q/x.md", "p/.git/x.md", "p/_q/r/x.md",
        "a b.md", "a%b.md", "a%20b.md", "a#b.md", "a?b.md", "a:b.md", "a[b].md", "a*b.md", "a\\b.md",
        "Krähe-漢.md", "Kra\u0308he.md",
    ],
    "absent": [
        "_x.md", ".x.md", "#x.md", "~x.md", "z.md~", "z.", ".md", "p/_x.md", "p/.x.md", "p/#x.md", "p/~x.md",
        "p/y.md~", "_q/x.md", ".q/x.md", "#q/x.md", "~q/x.md", "_site/x.md", "_q/p/x.md",
    ],
}
"""Names of sound cards, below ``_news``."""

NAMED = {
    "published": {"2020-13-45-d.md": card(date="2023-01-01"), "2199-01-01-d.md": card(date="2023-01-01")},
    "listed": {
        "2020-13-45-f.md": card(date="2199-01-01"), "2023-01-01-f.md": card(date="2199-01-01"),
        "2199-01-01-u.md": UNCLOSED, "2199-01-01-e.md": "---\n---\n",
    },
    "hidden": {
        "2199-01-01-h.md": HIDDEN, "2023-01-01-h.md": card(date="2199-01-01", published="false"),
        "x9.yml": HIDDEN,
    },
    "without-data": {
        "2020-13-45-b.md": BROKEN, "2020-13-45-l.md": LIST, "2199-01-01-b.md": BROKEN,
        "2199-01-01-l.md": LIST,
    },
    "verbatim": {"2020-13-45-v.md": "\ufeff" + SOUND, "2199-01-01-v.md": "\ufeff" + SOUND},
    "build-fails": {
        "2020-13-45-x.md": SOUND, "2020-13-45-h.md": HIDDEN, "2020-13-45-u.md": UNCLOSED,
        "2020-02-32-x.md": SOUND, "20-13-45-x.md": SOUND,
        "2199-01-01-n.md": card(date=""), "Kr\udce4he.md": SOUND, "x9.yml": BROKEN,
    },
}

UNFLAGGED = card(published=None)
EMPTY = card(published="")
CARDS = {
    "s.md": SOUND, "h.md": HIDDEN, "n.md": UNFLAGGED, "e.md": EMPTY, "q.md": card(published='"false"'),
    "b.md": BROKEN, "v.md": "\ufeff" + SOUND, "d.md": card(date="2023-01-01"),
    "f.md": card(date="2199-01-01"), "2199-01-01-x.md": SOUND,
}
"""What most of the sites below have in ``_news``."""

PLAIN = {
    "s.md": "published", "h.md": "hidden", "n.md": "published", "e.md": "listed", "q.md": "published",
    "b.md": "without-data", "v.md": "verbatim", "d.md": "published", "f.md": "listed",
    "2199-01-01-x.md": "listed",
}
"""What becomes of them without any setting."""

SHOWN = PLAIN | {"h.md": "published", "e.md": "published"}
FUTURE = PLAIN | {"f.md": "published", "2199-01-01-x.md": "published"}
NOWHERE = dict.fromkeys(CARDS, "absent")
LISTED = dict.fromkeys(CARDS, "listed") | {"h.md": "hidden", "v.md": "absent"}
"""What becomes of them in a collection that is not written."""
SET = PLAIN | {"n.md": "hidden", "b.md": "hidden", "e.md": "hidden"}
"""A default hides also a card that is broken, or whose flag has no value."""
SET_ALL = SET | {"v.md": "absent"}
"""Even a file that is copied, if the scope takes the address of its copy (``/news/v``) in."""
UNSET = PLAIN | {"n.md": "listed", "b.md": "listed", "v.md": "absent"}
NEVER = dict.fromkeys(PLAIN, "listed") | {"h.md": "hidden", "d.md": "published", "v.md": "verbatim"}
FAILS = dict.fromkeys(CARDS, "build-fails")


def with_defaults(*sets: str) -> str:
    return f"{CONFIG}defaults:\n" + "".join(f"  - {{{text}}}\n" for text in sets)


WITHOUT_EFFECT = f"---\n{CONFIG.replace('UTC', 'Pacific/Kiritimati')}" + """\
show_drafts: true
limit_posts: 1
safe: true
markdown_ext: mkd
Unpublished: true
defaults:
exclude: [s.md, news, ./_news/s.md, _news/S.md, "_news/{s,n}.md", "**/s", 5]
---
"""
SETTINGS: dict[str, tuple[str, dict[str, str]]] = {
    "none but for a title": (f"{CONFIG}title: x\n", PLAIN),
    "unpublished: true": (f"{CONFIG}unpublished: true\n", SHOWN),
    "unpublished: yes": (f"{CONFIG}unpublished: yes\n", SHOWN),
    'unpublished: "false"': (f'{CONFIG}unpublished: "false"\n', SHOWN),
    "future: true": (f"{CONFIG}future: true\n", FUTURE),
    'future: "no"': (f'{CONFIG}future: "no"\n', FUTURE),
    "what changes nothing": (WITHOUT_EFFECT, PLAIN),
    "a second document": (f"{CONFIG}unpublished: true\n---\nunpublished: false\n", SHOWN),
    "a second document on the line that begins it": (f"{CONFIG}unpublished: true\n--- {{a: b}}\n", SHOWN),
    "a comment where a second one begins": (f"{CONFIG}unpublished: true\n--- # x\nfuture: true\n", SHOWN),
    "a second document that is broken": (f"{CONFIG}unpublished: true\n---\n[never: {{closed\n", SHOWN),
    "text after the end of the document": (f"{CONFIG}unpublished: true\n...\n@@\n", SHOWN),
    "a directive before the document": (f"%YAML 1.1\n---\n{CONFIG}unpublished: true\n", SHOWN),
    "a comment before the document": (f"# x\n---\n{CONFIG}unpublished: true\n---\n", SHOWN),
    **{text: (f"{CONFIG}{text}\n", FAILS) for text in (
        "encoding: 5", "collections_dir: 5", "permalink: 5", "permalink: [a]", "include: [5]",
        "defaults: [{scope: x, values: {a: b}}]", "defaults: [{scope: {type: [news]}, values: {a: b}}]",
    )},
    "a collection whose name is a number": ("collections: {news: {output: true}, 5: {}}\n", FAILS),
    "a merge of a list and a symbol": (f"{CONFIG}<<: [{{a: b}}]\ntitle: :x\n", FAILS),
    "timezone: 5": ("collections: [news]\ntimezone: 5\n", FAILS),
    "a broken config": ("collections: {news\n", FAILS),
    "a symbol in the config": (f"{CONFIG}title: :x\n", FAILS),
    "a config that is a list": ("- collections\n", NOWHERE),
    "no collection": ("timezone: UTC\n", NOWHERE),
    "no settings but the collection's": (
        "collections:\n  news:\n    output: true\n    permalink: /:collection/:path\n", PLAIN),
    "collections: of others": ("collections: {people: {output: true}}\n", NOWHERE),
    "collections: nothing": ("collections:\n", NOWHERE),
    "collections: []": ("collections: []\n", NOWHERE),
    "collections: {}": ("collections: {}\n", NOWHERE),
    "collections: [news]": ("collections: [news]\n", LISTED),
    "collections: [posts, news]": ("collections:\n  - posts\n  - news\n", LISTED),
    "collections: [people]": ("collections: [people]\n", NOWHERE),
    "collections: News": ("collections: {News: {output: true}}\n", NOWHERE),
    "collections: _news": ("collections: {_news: {output: true}}\n", NOWHERE),
    "collections: news": ("collections: news\n", FAILS),
    "collections: 5": ("collections: 5\n", FAILS),
    "collections: true": ("collections: true\n", FAILS),
    "news: nothing": ("collections: {news: }\n", LISTED),
    "news: {}": ("collections: {news: {}}\n", LISTED),
    "news: false": ("collections: {news: false}\n", LISTED),
    "news: true": ("collections: {news: true}\n", FAILS),
    "news: a text": ("collections: {news: output}\n", FAILS),
    "news: a list": ("collections: {news: [output]}\n", FAILS),
    "news: a list of a mapping": ("collections: [{news: {output: true}}]\n", FAILS),
    "output: false": (CONFIG.replace("output: true", "output: false"), LISTED),
    "output: no": (CONFIG.replace("output: true", "output: no"), LISTED),
    "output: nothing": (CONFIG.replace("output: true", "output: "), LISTED),
    "no output": (CONFIG.replace("output: true, ", ""), LISTED),
    "Output: true": (CONFIG.replace("output: true", "Output: true"), LISTED),
    'output: "false"': (CONFIG.replace("output: true", 'output: "false"'), PLAIN),
    "output: yes": (CONFIG.replace("output: true", "output: yes"), PLAIN),
    "output: 0": (CONFIG.replace("output: true", "output: 0"), PLAIN),
    "output: twice": (CONFIG.replace("output: true", "output: true, output: false"), LISTED),
    "output: merged": (f"x: &x {{output: true}}\n{CONFIG.replace('output: true', '<<: *x')}", PLAIN),
    "output: false, and unpublished": (
        f"{CONFIG.replace('output: true', 'output: false')}unpublished: true\n",
        LISTED | {"h.md": "listed"}),
    "output: false, and a default": (
        f"{with_defaults('values: {published: false}').replace('output: true', 'output: false')}",
        LISTED | {"n.md": "hidden", "e.md": "hidden", "b.md": "hidden"}),
    "output: false, and exclude": (
        f"{CONFIG.replace('output: true', 'output: false')}exclude: [_news/s.md]\n",
        LISTED | {"s.md": "absent"}),
    "exclude: nothing": (f"{CONFIG}exclude:\n", FAILS),
    "exclude: the beginning of a name": (f"{CONFIG}exclude: [_n]\n", NOWHERE),
    "exclude: by ending": (f'{CONFIG}exclude: ["*.md"]\n', NOWHERE),
    "default: for all": (with_defaults('scope: {path: ""}, values: {published: false}'), SET_ALL),
    "default: for the type": (with_defaults("scope: {type: news}, values: {published: false}"), SET_ALL),
    "default: no value": (with_defaults("values: {published: }"), UNSET),
    "default: for _news": (with_defaults("scope: {path: _news}, values: {published: false}"), SET),
    "default: for another type, and names that are not below _news": (with_defaults(
        'scope: {path: "", type: posts}, values: {published: false}',
        "scope: {path: /_news}, values: {published: false}",
        "scope: {path: ./_news}, values: {published: false}",
        "scope: {path: '_news/?.md'}, values: {published: false}",
        "scope: {path: _NEWS}, values: {published: false}", "values: {Published: false}", "values: "), PLAIN),
    "default: for the address": (
        with_defaults("scope: {path: news}, values: {published: false}"), PLAIN | {"v.md": "absent"}),
    "default: true": (with_defaults("values: {published: true}"), PLAIN | {"e.md": "published"}),
    'default: "false"': (with_defaults('values: {published: "false"}'), PLAIN | {"e.md": "published"}),
    'default: date: "2199-01-01"': (with_defaults('values: {date: "2199-01-01"}'), NEVER),
    "default: a date with a time": (with_defaults("values: {date: 2199-01-01T00:00:00Z}"), NEVER),
    "default: a date without a time": (with_defaults("values: {date: 2199-01-01}"), FAILS),
    "default: date: foo": (with_defaults("values: {date: foo}"), FAILS),
    "default: date: 2023": (
        with_defaults('values: {date: "2023-01-01"}'), PLAIN | {"2199-01-01-x.md": "published"}),
    "default: a scope that is nothing": (with_defaults("scope: , values: {published: false}"), FAILS),
}
"""By name: a config, and what it makes of CARDS."""

EXCLUDES = CONFIG + """\
exclude: [_news/a/old, _news/b/old/, /_news/c, "_news/d/*.md", "_news/e/*/x.md", "**/f/*", _news/g/x.md]
include: [_x.md, _h, a/old/in, k.md~]
"""
EXCLUDED = {
    "absent": ["a/old/x.md", "a/old.md", "a/older/x.md", "b/old/x.md", "c/x.md", "d/x.md", "d/p/q/x.md",
        "e/p/x.md", "e/p/q/x.md", "f/x.md", "p/f/x.md", "g/x.md", "_i/x.md", "_y.md", ".htaccess"],
    "published": ["a/x.md", "a/p/old/x.md", "b/old.md", "b/older/x.md", "e/x.md", "e/p/y.md", "f.md",
        "g/y.md", "a/old/in/x.md", "a/old/_x.md", "_x.md", "_x.md.html", "p/_x.md", "_h/x.md", "_hx.md",
        "k.md~"],
}

DEFAULTS = with_defaults(
    "scope: {path: _news/a/}, values: {published: false}",
    "scope: {path: '_news/b/*/'}, values: {published: false}",
    "scope: {path: '_news/c/x*'}, values: {published: false}",
    "scope: {path: '_news/d/**/q'}, values: {published: false}",
    "scope: {path: '_news/e/{x,y}.md'}, values: {published: false}",
    "scope: {path: _news/f/p}, values: {published: true}",
    "scope: {path: _news/f}, values: {published: false}",
    "scope: {path: _news/g}, values: {published: true}", "scope: {path: _news/g}, values: {published: false}",
    "scope: {path: _news/h}, values: {published: false}", "scope: {path: _news/h}, values: {published: true}",
    "scope: {path: _news/i, type: news}, values: {published: false}",
    "scope: {path: _news/i}, values: {published: true}",
    "scope: {path: _news/j}, values: {published: false}", "scope: {path: _news/j/p}, values: {published: }",
    # In k/pp the second, which says nothing about the flag, keeps the third from overruling the first.
    "scope: {path: _news/k}, values: {published: false}", "scope: {path: _news/k/pp}, values: {quality: 67}",
    "scope: {path: _news/k/p}, values: {published: true}",
)
DEFAULTED = {
    "hidden": ["a/x.md", "a/p/x.md", "b/p/x.md", "b/p/q/x.md", "c/x.md", "c/xx/y.md", "d/p/q/x.md",
        "f/x.md", "g/x.md", "i/x.md", "j/x.md", "j/p/x.md", "k/x.md", "k/pp/x.md"],
    "published": ["aa/x.md", "b/x.md", "c/y.md", "d/p/x.md", "e/x.md", "f/p/x.md", "h/x.md", "k/p/x.md"],
}

IN_CONTENT = with_defaults(
    "scope: {path: _news/a}, values: {published: false}",
    "scope: {path: content/_news/b}, values: {published: false}",
    "scope: {path: content}, values: {published: false}",
    "scope: {path: 'content/_news/c/*'}, values: {published: false}",
    "scope: {path: '_news/d/*'}, values: {published: false}",
) + "collections_dir: content\nexclude: [_news/e, content]\n"
COLLECTED = {
    "hidden": ["content/_news/a/x.md", "content/_news/b/x.md", "content/_news/c/x.md"],
    "published": ["content/_news/d/x.md", "content/_news/x.md"],
    "absent": ["content/_news/e/x.md", "_news/y.md"],
}


def _below_news(files: dict[str, str]) -> dict[str, bytes]:
    return {f"_news/{name}": page(text) for name, text in files.items()}


def _site(name: str, files: dict[str, str], outcomes: dict[str, str], config: str) -> Case:
    return Case(name, _below_news(files), {f"_news/{file}": outcomes[file] for file in files}, config)


def _rows(name: str, text: str, rows: dict[str, list[str]], config: str = CONFIG) -> list[Case]:
    return [
        _site(f"{name}: {file}", {file: text}, {file: outcome}, config)
        for outcome, files in rows.items()
        for file in files
    ]


def _one(name: str, text: str, outcome: str, config: str, path: str = "_news/x.md") -> Case:
    return Case(name, {path: page(text)}, {path: outcome}, config)


STRICT = f"{CONFIG}strict_front_matter: true\n"
NO_DATE = card(date="foo", published="false")
TOML = """\
[collections.news]
output = true
permalink = "/:collection/:path"
"""
OUTSIDE = {"../outside.md": page(SOUND), "_news/linked-to/x.md": page(SOUND)}
TARGETS = {"link.md": "../../outside.md", "inside.md": "linked-to/x.md", "folder": "linked-to"}
LINKS = tuple((f"_news/{name}", target) for name, target in TARGETS.items())
LINKED = {f"_news/{name}": "published" for name in ("link.md", "inside.md", "linked-to/x.md")}
LINKED["_news/folder/x.md"] = "absent"

CONFIG_CASES = [
    *(case for outcome in DATES for case in named("date", outcome, {
        date: page(card(date=date, published="false" if outcome == "build-fails" else "true"))
        for date in DATES[outcome]
    })),
    *(case for outcome, cards in DATED.items() for case in named("dated", outcome, cards)),
    *_rows("name", SOUND, NAMES),
    *(
        _site(f"name and data: {name} {outcome}", {name: text}, {name: outcome}, CONFIG)
        for outcome, files in NAMED.items()
        for name, text in files.items()
    ),
    *(
        _site(f"config: {name}", {"s.md": SOUND} if outcomes is FAILS else CARDS, outcomes, config)
        for name, (config, outcomes) in SETTINGS.items()
    ),
    *_rows("exclude and include", SOUND, EXCLUDED, EXCLUDES),
    *_rows("default for a path", UNFLAGGED, DEFAULTED, DEFAULTS),
    _one("two defaults, the last without a scope", UNFLAGGED, "without-data", with_defaults(
        "scope: {path: _news}, values: {published: false}", "values: {published: true}")),
    _one("strict: a symbol", card(title=":x", published="false"), "build-fails", STRICT, "_news/symbol.md"),
    _one("strict: no closing fence", UNCLOSED, "without-data", STRICT),
    _one("strict: empty", "---\n---\n", "without-data", STRICT, "_news/empty.md"),
    _one("strict: a BOM", "\ufeff" + SOUND, "verbatim", STRICT, "_news/bom.md"),
    _one("strict: broken, but not part of the site", BROKEN, "absent", STRICT, "_news/_x.md"),
    _one('strict: "false", and a list', LIST, "build-fails", STRICT.replace("true\n", '"false"\n')),
    _one("strict: no date", NO_DATE, "build-fails", STRICT),
    _one("nothing is written, all is shown: no date", NO_DATE, "build-fails",
        f"{CONFIG.replace('output: true', 'output: false')}unpublished: true\nfuture: true\n"),
    *(
        _one(f"collections_dir: {path}", UNFLAGGED, outcome, IN_CONTENT, path)
        for outcome in COLLECTED for path in COLLECTED[outcome]
    ),
    Case("encoding: ISO-8859-1", {"_news/x.md": latin_1(SOUND + "ä\n"), "_news/h.md": latin_1(HIDDEN + "ä")},
        {"_news/x.md": "published", "_news/h.md": "hidden"}, f"{CONFIG}encoding: ISO-8859-1\n"),
    Case("Latin-1 in a file that is not part of the site", {"_news/_y.md": latin_1(HIDDEN + "ä")},
        {"_news/_y.md": "absent"}, STRICT),
    *(
        Case(f"{name}: {path}", {**_below_news(CARDS), path: content.encode()},
            {f"_news/{file}": outcome for file, outcome in outcomes.items()}, config)
        for name, path, content, outcomes, config in (
            ("no _config.yml", "_config.yaml", CONFIG, PLAIN, ""),
            ("an empty _config.yml", "_config.yaml", CONFIG, NOWHERE, "# empty\n"),
            ("no _config.yml", "_config.toml", TOML, PLAIN, ""),
        )
    ),
    Case("links", OUTSIDE, LINKED, f"{CONFIG}safe: false\n", LINKS),
    Case("safe: links", OUTSIDE, LINKED | {"_news/link.md": "absent"}, f"{CONFIG}safe: true\n", LINKS),
    *(
        Case(f"a link to nothing: {name}", {}, {f"_news/{link}": outcome}, config,
            ((f"_news/{link}", target),))
        for name, link, target, outcome, config in (
            ("a card", "link.md", "none.md", "build-fails", CONFIG),
            ("itself", "loop.md", "loop.md", "build-fails", CONFIG),
            ("a folder", "link.md", "none/", "build-fails", CONFIG),
            ("not a card", "photo.jpg", "none.jpg", "build-fails", CONFIG),
            ("no ending", "link", "none", "build-fails", CONFIG),
            ("within a folder", "p/link.md", "none.md", "build-fails", CONFIG),
            ("left out by its name", ".#link.md", "user@host.1", "absent", CONFIG),
            ("a backup", "link.md~", "none.md", "absent", CONFIG),
            ("left out by exclude", "link.md", "none.md", "absent", f"{CONFIG}exclude: [_news/link.md]\n"),
            ("safe", "link.md", "none.md", "build-fails", f"{CONFIG}safe: true\n"),
            ("safe, itself", "loop.md", "loop.md", "build-fails", f"{CONFIG}safe: true\n"),
            ("not written", "link.md", "none.md", "build-fails", "collections: [news]\n"),
            ("no collection", "link.md", "none.md", "absent", "title: x\n"),
        )
    ),
    Case("a link for _news", {"../outside/x.md": page(SOUND)}, {"_news/x.md": "published"},
        f"{CONFIG}title: link\n", (("_news", "../outside"),)),
]
