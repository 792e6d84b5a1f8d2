"""What Jekyll 4.3.1 makes of files in ``_news``: test_real_jekyll.py builds them. Nothing is guessed.

Each case has the outcome with Debian's Jekyll, which reads YAML with Psych; ``UPSTREAM`` has the outcomes
that differ with upstream's, which reads it with safe_yaml.

The outcomes: "published" (the page is written, with its data), "without-data" (the page is written, but its
front matter was not read, or there is nothing in it), "verbatim" (the file is copied as it is), "listed" (no
page is written, but ``site.news`` has the card), "hidden" (neither, because of its flag), "absent" (Jekyll
does not take it for a card, or copies nothing of it) and "build-fails" (Jekyll gives up).
"""

from __future__ import annotations

from typing import NamedTuple

from tests.support import card

CONFIG = """\
collections: {news: {output: true, permalink: "/:collection/:path"}}
timezone: UTC
"""

BODY = "quality={{ page.quality }};\n"
"""Below the block: it says in the page that is written whether the front matter was read."""


class Case(NamedTuple):
    """Files of a site, and what Jekyll makes of those that have an outcome."""

    name: str
    files: dict[str, bytes]
    """What is in the files, by their paths below the folder of the site; ``../x`` is beside it."""
    outcomes: dict[str, str]
    config: str = CONFIG
    """The text of ``_config.yml``; empty: there is none."""
    links: tuple[tuple[str, str], ...] = ()
    """Symbolic links: where below the folder of the site, and to what."""

    def outcomes_with(self, kind: str) -> dict[str, str]:
        """Return the outcomes with Jekyll as ``debian`` packages it, or as it is ``upstream``."""
        if kind == "upstream" and self.name in UPSTREAM:
            return dict.fromkeys(self.outcomes, UPSTREAM[self.name])
        return self.outcomes


def page(text: str) -> bytes:
    """Return a card with a body that tells whether its data was read."""
    return (text + BODY).encode()


def flagged(lines: str) -> str:
    """Return a sound card with ``lines`` for its line ``published: true``."""
    return card().replace("published: true\n", lines)


def fenced(old: str, new: str) -> bytes:
    """Return a hidden card, the first ``old`` in it replaced."""
    assert old in HIDDEN
    return page(HIDDEN.replace(old, new, 1))


def latin_1(text: str) -> bytes:
    """Return a page that is UTF-8 but for each ä."""
    return page(text).replace("ä".encode(), b"\xe4")


SOUND, HIDDEN = card(), card(published="false")
BROKEN = card(published="false", title='"never closed')
UNCLOSED = SOUND.removesuffix("---\n")
LIST = "---\n- a\n---\n"

# fmt: off
FLAGS = {
    "hidden": [
        "published: false\n", "published: FALSE\n", "published: fALSE\n", "published: no\n",
        "published: No\n", "published: NO\n", "published: nO\n", "published: off\n", "published: Off\n",
        "published: oFF\n",
        "published: false # comment\n",
        "published:\n  false\n", "published:\n\n\n  # a comment\n  false\n", "published:\tfalse\n",
        "published: false\t\n",
        # A tag that Psych does not know changes nothing but that quotes do not make a string any more.
        'published: !!bool "false"\n', "published: !!bool false\n", "published: !!bool |-\n  false\n",
        "published: ! false\n", "published: !x false\n", 'published: !x "false"\n',
        "published: !!int false\n", "published: !!null false\n",
        "draft: &no false\npublished: *no\n", "published: &no false\n",
        "published : false\n", '"published": false\n', "'published': false\n", '"publish\\x65d": false\n',
        "? published\n: false\n", "!!str published: false\n", "!x published: false\n",
        "&k published: false\n", "note: &k published\n*k : false\n",
        "published: true\npublished: false\n",
        # A merge counts where it stands: what comes later wins, be it a key or a merge.
        "x: &x {published: false}\n<<: *x\n", "x: &x {published: false}\npublished: true\n<<: *x\n",
        "x: &x {published: false}\ny: &y {published: true}\n<<: [*x, *y]\n", "<<: {published: false}\n",
        "~: x\npublished: false\n",
        'x: &x {published: false}\n"<<": *x\n', "<<: 5\npublished: false\n", "<<:\npublished: false\n",
        # The other line ends of YAML 1.1. Most editors do not take them for any.
        "published: false\x85", "note: a\x85published: false\n", "note: a\u2028published: false\n",
        "note: a\u2029published: false\n", "note: a\rpublished: false\n", "# a\rpublished: false\n",
        'note: "a\x85b\u2028c"\npublished: false\n',
        "!!binary cHVibGlzaGVk: false\n",
    ],
    "listed": [
        "published:\n", "published: ~\n", "published: null\n", "published: Null\n", "published: nULL\n",
        "published: NULL\n", "published: # false\n", 'published: !!null ""\n', "published: !!null\n",
        "? published\n", "published: false\npublished:\n",
    ],
    "published": [
        "", "published: true\n", "published: True\n", "published: yes\n", "published: on\n",
        "published: On\n", "published: n\n", "published: N\n", "published: y\n", "published: 0\n",
        "published: 1\n",
        "published: -1\n", "published: 0.0\n", "published: .nan\n", "published: 2023-01-01\n",
        'published: "false"\n', "published: 'false'\n", 'published: "no"\n', 'published: "true"\n',
        'published: ""\n', 'published: "False "\n', "published: []\n", "published: [false]\n",
        "published: {}\n", "published: {a: false}\n", "published: false#x\n", "published: false,\n",
        "published: fasle\n", "published: nil\n", "published: none\n", "published: |\n  false\n",
        "published: >-\n  false\n", "published: !!str false\n", "published: !!str\n",
        "published: !!binary false\n", "published: \xa0false\n", "published: false\xa0\n",
        "published: \ufefffalse\n", "published\xa0: false\n", "Published: false\n", "PUBLISHED: false\n",
        "publishd: false\n", "# published: false\n", "published: false\npublished: true\n",
        'published: false\n"published": true\n', "x: &x {published: false}\n<<: *x\npublished: true\n",
        "published: false\n<<: {published: true}\n", 'note: "a\x85published: false"\n',
        'note: "a\u2028published: false"\n', "draft: true\n", "!!binary published: false\n",
    ],
    "without-data": [
        "published: :false\n", ":published: false\n", "published: !!float false\n", "published:\nfalse\n",
        "published:false\n", '"published":false\n', " published: false\n", "\tpublished: false\n",
        "\t\npublished: false\n", "\ufeffpublished: false\n", "note: a\x0bpublished: false\n",
        "note: [a, b\npublished: false]\n",
    ],
}
"""Instead of the line ``published: true``."""

FIELDS = {
    "hidden": [
        "categories: a b\n", "categories:\n", "tags: 5\n", 'title: ":symbol"\n', "title: {a: b}\n",
        "title:\n", "layout: nosuch\n", "5: x\n", "~: x\n", "[a]: x\n", "note: &a x\nmore: *a\n",
        "note: &a [*a]\n",
        "note: &a x\nmore: &a y\n", "note: !x {a: b}\n", "note: !!omap [a: b]\n", "note: !!map [a]\n",
        "note: !!seq {a: b}\n", "note: !!int abc\n", "note: !!timestamp abc\n", "note: !!float 5\n",
        "note: !!python/name:x y\n", "note: 09\n", "note: 2023-02-30\n", "note: 2023-01-01T10:00:00+99:00\n",
        "note: [a b: c]\n", 'note: {"a":b}\n', "note:\n- a\n", "note: a\ufeffb\n", "note: \U0001f600\n",
        'note: "\\/"\n', "note: {a: b,\nc: d}\n", "note: {a: b,\n\tc: d}\n", 'note: "a\nb"\n',
        "note: a\r\r\n", "note: 1._5\n", "note: 1__1:30.5\n", "note: 2023-01-01 \t10:00:00Z\n",
        "note: 2023-01-01\xa010:00:00Z\n", "note: !ruby/encoding UTF-8\n", "note: !!str {str: x}\n",
        "note: !!omap [[a]]\n", "note: !ruby/string: {str: x}\n",
        "note: " + "[" * 200 + "]" * 200 + "\n", "note: " + "{a: " * 200 + "}" * 200 + "\n",
    ],
    "without-data": [
        # A string that begins with a colon is a Ruby symbol; Jekyll does not permit any.
        "title: :symbol\n", "title: :)\n", "title: :30\n", ":symbol: x\n", "title: [:symbol]\n",
        "categories: 5\n", "categories: true\n", "categories: {a: b}\n", "categories: 2023-01-01\n",
        "note: !ruby/object:X {}\n", "note: !ruby/regexp /x/\n", "note: !ruby/sym x\n", "note: !map:X {}\n",
        "note: !!set {a, b}\n", "note: !!float abc\n", "note: !e!x y\n", "note: 0b_\n", "note: .e+3\n",
        "note: 2023-01-01\t10:00:00Z\n", "note: 2023-01-01\t10:00:00+0200\n",
        "note: *nosuch\n", "note: a: b\n", "note: @a\n", 'note: "\\d"\n', "note: [a, , b]\n",
        "note: !!omap [a]\n", "note: !!omap [[]]\n", "note: !!str {a: b}\n", "note: !ruby/encoding tide\n",
        'note: "\\ud83d\\ude00"\n', "note: 'a' b\n", "- a\n", "note: a\0b\n", "note: a\x07b\n", "# \x07\n",
        "note: a\x7fb\n", "note: a\x9fb\n", "note: a\x85b\n", "note: a\rb\n", "note:\n\ta: b\n",
        "note: a\n\tb\n", "x" * 1025 + ": y\n", "<<<<<<< HEAD\nnote: a\n=======\nnote: b\n>>>>>>> x\n",
    ],
    "build-fails": ["note: " + "[" * 12000 + "]" * 12000 + "\n"],
}
"""Lines that are added to a hidden card."""

BLOCKS = {
    "hidden": {
        "blanks behind the first fence": fenced("---\n", "---  \t\n"),
        "two blank lines below the first fence": fenced("---\n", "---\n\n\n"),
        "a comment below the first fence": fenced("---\n", "---\n# x\n"),
        "a closing fence of dots": fenced("\n---\n", "\n...\n"),
        "blanks behind the closing fence": fenced("\n---\n", "\n--- \t\n"),
        "a form feed behind the closing fence": fenced("\n---\n", "\n---\f\n"),
        "a CR and a blank line behind the closing fence": fenced("\n---\n", "\n---\r\n\n"),
        "nothing below the closing fence": HIDDEN.removesuffix("\n").encode(),
        "--- below the flag": page(flagged("published: false\n---\nnote: a\n")),
        "--- x below the flag: a second document": page(flagged("published: false\n--- x\nnote: a\n")),
        "--- in a block scalar, indented": page(flagged("note: |\n  a\n  ---\npublished: false\n")),
        "--- in a quoted value, indented": page(flagged('note: "a\n  ---\n  b"\npublished: false\n')),
        "CRLF": page(HIDDEN).replace(b"\n", b"\r\n"),
        "CR CR LF": page(HIDDEN).replace(b"\n", b"\r\r\n"),
        "CR within the block": page("---\n" + HIDDEN[4:-5].replace("\n", "\r") + "\n---\n"),
        "all keys indented": page("---\n " + HIDDEN[4:-5].replace("\n", "\n ") + "\n---\n"),
        "a mapping in braces": page('---\n{"published": false}\n---\n'),
        "NUL in the body": page(HIDDEN) + b"\0\n",
    },
    "published": {
        "--- below a plain value": page(flagged("note: a\n---\npublished: false\n")),
        "... below a plain value": page(flagged("note: a\n...\npublished: false\n")),
        "--- x below a plain value": page(flagged("note: a\n--- x\npublished: false\n")),
        "--- in a block scalar": page(flagged("note: |\n  a\n---\npublished: false\n")),
        "--- after U+0085": page(flagged("note: a\x85---\npublished: false\n")),
        "--- after U+2028": page(flagged("note: a\u2028---\npublished: false\n")),
        "--- after a lone CR": page(flagged("note: a\r---\npublished: false\n")),
        "Liquid in a value": page(card(title='"{% x %}"')),
    },
    "without-data": {
        "broken": page(BROKEN),
        "no closing fence": page(HIDDEN.removesuffix("---\n")),
        "no closing fence, CRLF": page(HIDDEN.removesuffix("---\n")).replace(b"\n", b"\r\n"),
        "no closing fence, but a rule in the body": page(HIDDEN.removesuffix("---\n") + "\nx\n\n---\n\n"),
        "a form feed behind the first fence": fenced("---\n", "---\f\n"),
        "a vertical tab behind the first fence": fenced("---\n", "--- \v\n"),
        "a comment behind the closing fence": fenced("\n---\n", "\n--- # x\n"),
        "a no-break space behind the closing fence": fenced("\n---\n", "\n---\xa0\n"),
        "a CR behind the closing fence": fenced("\n---\n", "\n---\r"),
        "a CR above the closing fence": fenced("\n---\n", "\r---\n"),
        "four hyphens for the closing fence": fenced("\n---\n", "\n----\n"),
        "a blank before the closing fence": fenced("\n---\n", "\n ---\n"),
        "--- in a quoted value": page(flagged('note: "a\n---\nb"\npublished: false\n')),
        "--- in a quoted value, below the flag": page(flagged('published: false\nnote: "a\n---\nb"\n')),
        "CR for all line ends but the first": page(HIDDEN).replace(b"\n", b"\r").replace(b"\r", b"\n", 1),
        "%YAML below the first fence": fenced("---\n", "---\n%YAML 1.1\n"),
        "a BOM below the first fence": fenced("---\n", "---\n\ufeff"),
        "--- x below the first fence": fenced("---\n", "---\n--- {}\n"),
        "an empty block": page("---\n---\n"),
        "an empty block with a blank line": page("---\n\n---\n"),
        "an empty block, and another": page("---\n---\n" + HIDDEN),
        "only comments": page("---\n# published: false\n---\n"),
        "only --- and a line end": b"---\n",
        "only two fences": b"---\n---",
        "a list": page("---\n- published: false\n---\n"),
        "an empty list": page("---\n[]\n---\n"),
        "a string": page("---\npublished\n---\n"),
        "false": page("---\nfalse\n---\n"),
        "~": page("---\n~\n---\n"),
        "{}": page("---\n{}\n---\n"),
        "Liquid in a broken block": page(card(title='"{% x %}')),
    },
    "verbatim": {
        "a BOM": page("\ufeff" + HIDDEN),
        "a blank line before the first fence": page("\n" + HIDDEN),
        "a blank before the first fence": page(" " + HIDDEN),
        "a comment before the first fence": page("# x\n" + HIDDEN),
        "a comment behind the first fence": fenced("---\n", "--- # x\n"),
        "a word at the first fence": fenced("---\n", "---x\n"),
        "a word behind the first fence": fenced("---\n", "--- x\n"),
        "a no-break space behind the first fence": fenced("---\n", "---\xa0\n"),
        "U+0085 behind the first fence": fenced("---\n", "---\x85\n"),
        "a CR behind the first fence": fenced("---\n", "---\r"),
        "four hyphens for the first fence": fenced("---\n", "----\n"),
        "dots for the first fence": fenced("---\n", "...\n"),
        "CR for all line ends": page(HIDDEN).replace(b"\n", b"\r"),
        "no first fence": page(HIDDEN[4:]),
        "no fence at all": page(HIDDEN[4:-4]),
        "an empty file": b"",
        "a line end": b"\n",
        "only ---": b"---",
        "only --- and a CR": b"---\r",
        "UTF-16 with a BOM": page(HIDDEN).decode().encode("utf-16"),
        "UTF-16 without a BOM": page(HIDDEN).decode().encode("utf-16-le"),
        "Latin-1 in a file without fences": b"Kr\xe4hen\n",
        "Latin-1 in the first line": latin_1(HIDDEN.replace("---\n", "---ä\n", 1)),
    },
    "build-fails": {
        "Latin-1 in a value": latin_1(card(title='"Krähen"')),
        "Latin-1 without a closing fence": latin_1(UNCLOSED + "Krähen\n"),
        "Latin-1 in a value of a hidden card": latin_1(card(title='"Krähen"', published="false")),
        "Latin-1 in a comment of a hidden card": latin_1(flagged("published: false # ä\n")),
        "Latin-1 in the body of a hidden card": latin_1(HIDDEN + "Krähen\n"),
        "a surrogate": page(HIDDEN) + b"\xed\xa0\x80\n",
        "broken Liquid in the body": page(SOUND) + b"{% if %}\n",
        "broken Liquid in a card that is scheduled": page(card(date="2199-01-01")) + b"{% if %}\n",
        "broken Liquid in a card whose flag has no value": page(card(published="")) + b"{% if %}\n",
        "broken Liquid in a card without a closing fence": page(UNCLOSED + "{% if %}\n"),
    },
}
"""Whole cards: the fences, and what is between them."""
# fmt: on


def named(group: str, outcome: str, cards: dict[str, bytes]) -> list[Case]:
    """Return a case for each of ``cards``; their files have a folder of their own."""
    folder = f"_news/{group}-{outcome}"
    paths = {name: f"{folder}/{number:03}.md" for number, name in enumerate(cards)}
    return [Case(f"{group}: {name}", {paths[name]: cards[name]}, {paths[name]: outcome}) for name in cards]


def title(text: str) -> str:
    """Return what a case about ``text`` is called."""
    return repr(text) if len(text) < 80 else f"{text[:20]!r}... ({len(text)})"


TABLES = {
    "flag": {key: {title(lines): page(flagged(lines)) for lines in FLAGS[key]} for key in FLAGS},
    "field": {
        key: {title(lines): page(flagged(f"published: false\n{lines}")) for lines in FIELDS[key]}
        for key in FIELDS
    },
    "block": BLOCKS,
}
CASES = [
    case
    for group, rows in TABLES.items()
    for outcome, cards in rows.items()
    for case in named(group, outcome, cards)
]

# fmt: off
UPSTREAM = {
    f"{group}: {title(lines)}": outcome
    for group, outcome, names in (
        ("flag", "hidden", [
            "published: !!str false\n", "published: false\n<<: {published: true}\n",
            "published: !!float false\n",
        ]),
        ("flag", "listed", ["published: !!str\n"]),
        ("flag", "published", [
            "<<: {published: false}\n", "published: :false\n", ":published: false\n",
            "~: x\npublished: false\n",
        ]),
        ("flag", "without-data", [
            "x: &x {published: false}\ny: &y {published: true}\n<<: [*x, *y]\n", "<<: 5\npublished: false\n",
            "<<:\npublished: false\n",
        ]),
        ("field", "hidden", [
            "title: :symbol\n", "title: :)\n", "title: :30\n", ":symbol: x\n", "note: !ruby/object:X {}\n",
            "note: !ruby/regexp /x/\n", "note: !ruby/sym x\n", "note: !map:X {}\n", "note: !!set {a, b}\n",
            "note: !!float abc\n", "note: 0b_\n", "note: .e+3\n", "note: *nosuch\n",
            "note: 2023-01-01\t10:00:00Z\n", "note: 2023-01-01\t10:00:00+0200\n",
            "note: " + "[" * 12000 + "]" * 12000 + "\n", "note: !!omap [a]\n", "note: !!omap [[]]\n",
            "note: !!str {a: b}\n", "note: !ruby/encoding tide\n",
        ]),
        ("field", "without-data", ["note: 1._5\n", "note: 1__1:30.5\n"]),
    )
    for lines in names
} | {
    "date: 10:30": "hidden", "date: 1__0": "hidden", "date: 2023-06-20\t10:00:00Z": "published",
    "config: a symbol in the config": "published", "strict: a symbol": "hidden",
}
# fmt: on
"""By the name of a case: its outcome with upstream's Jekyll, where that differs from Debian's."""
