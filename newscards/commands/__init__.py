"""The commands, a module each: what is typed, and what is done. Heavy imports stand inside functions.

    shared        a package: what commands share

May import: frontmatter, cards, edits, jekyll, corpus, lint, rules, diff, query, output.
"""
