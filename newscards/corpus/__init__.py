"""A corpus: its cards are found, read and looked up, from its index where that knows them; its configuration.

    workspace     the corpora of one run, and what PATHs and CARDs mean
    discovery     PATHs as files
    corpus        Corpus: the cards of some PATHs
    lookup        the files that mention a URL, and the copies of a card
    vocabulary    ids, topics and providers, known at once, for completion
    settings      the configuration, newscards.toml
    registry      a site's known topics and organizations
    index         a package: what is known of cards is not read again

May import: frontmatter, cards, edits.
"""
