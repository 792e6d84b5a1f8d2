"""Output for people. Only this package imports rich (``ui`` only for types).

    console   rich's console, and links
    page      plain text without rich: width and colour
    table     rows as a table
    progress  the progress bar
    manual    a page of the manual
    findings  findings, with their line and carets
    overview  the first findings of each rule, and a table by rule
    list      cards
    show      one card
    why       what the site does with a card
    stories   stories, and one as a timeline
    counts    groups of cards, with bars; cross tables
    stats     the overview of a corpus
    query     rows of a query
    diff      differences
    log       the history of a card
    changes   the change of a value on one line
    review    a step of a review, and longer text in its place
    undo      edits of the journal
    rule      rules
    cache     indexes

It imports what ``output`` may.
"""
