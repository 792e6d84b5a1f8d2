"""Jekyll: whether the site shows a card, and why.

    config        the settings in `_config.yml` that decide about cards
    readers       front matters as the two kinds of Jekyll read them
    date_parse    texts as dates, as Ruby reads them
    dates         the field `date` as Jekyll reads it
    site          the site's decision about a card
    explain       that decision, its reasons, and suggestions to change it

May import: frontmatter, cards, edits.
"""
