"""Questions about cards.

    filters       predicates over cards; dates as typed
    search        full text
    sql           a package: cards as tables
    stats         a package: cards counted

May import: frontmatter, cards, edits, jekyll, corpus, lint.
"""
