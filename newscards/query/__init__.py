"""Questions about cards.

    criteria      the options by which cards are selected
    selection     the cards of a corpus that criteria select
    filters       predicates over cards; dates as typed
    findings      the findings of a corpus, from its index where that knows them
    search        full text
    sql           a package: cards as tables
    stats         a package: cards counted

May import: frontmatter, cards, edits, jekyll, corpus, lint, rules, diff.
"""
