"""Jekyll: whether the site shows a card, and why.

    config        the settings in `_config.yml` that decide about cards
    dates         dates as Ruby reads them
    site          the site's decision about a card
    explain       that decision, its reasons, and suggestions to change it

May import: frontmatter, cards, edits.
"""
