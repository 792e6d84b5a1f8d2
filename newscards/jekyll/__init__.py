"""Jekyll: what the site makes of a card, and why.

    config        `_config.yml`
    dates         dates as Ruby reads them
    site          what the site does with a card
    explain       what it does, why, and what would change it

May import: frontmatter, cards, edits.
"""
