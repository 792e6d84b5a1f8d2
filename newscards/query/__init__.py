"""Queries about cards.

    corpus        the Corpus of the public Python API
    criteria      the options by which cards are selected
    selection     the cards of a corpus that criteria select
    columns       the values of a list's columns, also what is computed
    filters       predicates over cards; dates as typed
    linters       linters, from options and settings
    conditions    the SQL conditions under which cards must have fields
    own_rules     the rules of the configuration, compiled and run
    findings      the findings of a corpus, from its index where possible
    since         the corpus at a git revision
    topics        the topics that are known, and their spelling
    review_queue  the stories that wait for a decision
    search        full-text search
    replacement   a text, or what a regular expression matches, replaced in texts of a card
    survey        the keys of many cards, the types of their values, and what they lack
    proposal      the text of a configuration that fits a survey
    sqlite        Python's module sqlite3, or an error that says what is missing
    sql           a package: SQL over cards
    stats         a package: statistics

May import: frontmatter, cards, edits, jekyll, corpus, lint, rules, diff.
"""
