"""Edits: operations become new bytes, go through the journal to the disk, and can be taken back.

    operations    what an edit asks for, as data
    plan          the edit of one card, planned; a card edited from Python
    apply         operations made in the bytes of a card, each verified
    splices       what is replaced where, to set, insert, append, remove and reorder values
    outline       where the values stand that are edited
    scalars       how a value is written
    patches       what an edit replaces in bytes; unified diffs
    journal       edits as files on the disk, each in a state
    transaction   an edit written, taken back, or finished after an interruption
    atomic        a file's bytes replaced, whole or not at all
    lock          one newscards edits at a time

May import: frontmatter, cards.
"""
