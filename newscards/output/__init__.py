"""Output: the streams and the formats. Only ``terminal`` imports rich (``ui`` only for types).

    ui            standard output and standard error: data, notices, progress, colour
    screen        the terminal while one command has all of it
    keys          what a terminal sends, as keys
    files         the files that output goes into
    pager         long output through the user's pager
    rows          cards and rows as tsv, csv, json, jsonl, paths and ids
    diff_rows     differences as tsv, csv, json and jsonl
    log_rows      the history of a card as tsv, csv, json and jsonl
    diff_markdown  differences as Markdown
    reports       a package: the formats of ``validate``
    terminal      a package: the formats for people

May import: frontmatter, cards, edits, jekyll, corpus, lint, rules, diff, query.
"""
