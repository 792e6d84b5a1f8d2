"""Output: what is written, and how. Only ``terminal`` knows rich.

    ui            the streams: data, notices, progress, colour
    rows          cards and rows as tsv, csv, json, jsonl, paths and ids
    diff_rows     differences as tsv, csv, json and jsonl
    diff_markdown differences as Markdown
    reports       a package: the formats of ``validate``
    terminal      a package: what people see

May import: frontmatter, cards, edits, jekyll, corpus, lint, rules, diff, query.
"""
