"""A corpus: its cards, found, read and looked up, through its index where it has one; its configuration.

    workspace     the corpora of one run, and the meaning of PATHs and CARDs
    discovery     the card files that PATHs stand for
    card_folders  the folders of a site in which its cards lie
    corpus        Corpus: the cards of some PATHs
    lookup        the files that mention a URL, and the copies of a card
    vocabulary    ids, topics and providers for shell completion, without delay
    settings      the configuration, newscards.toml
    toml_locations  the lines and columns of keys and values in TOML
    toml_mistakes  what is wrong in a text that is not TOML
    declared_fields  the fields that the configuration declares
    declared_rules  the rules that the configuration declares
    registry      a site's known topics and organizations
    index         a package: unchanged cards are not read again

May import: frontmatter, cards, edits.
"""
