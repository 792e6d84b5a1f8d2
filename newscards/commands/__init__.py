"""The commands, one module each: options and help, and the run. Heavy imports stand inside functions.

    shared        a package: parts that commands share

May import: frontmatter, cards, edits, jekyll, corpus, lint, rules, diff, query, output.
"""
