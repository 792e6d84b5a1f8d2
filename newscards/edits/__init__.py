"""Edits: operations become new bytes, go through the journal to the disk, and can be taken back.

    operations    the changes that an edit requests, as data
    plan          plan the edit of one card; edit a card from Python
    apply         apply operations to the bytes of a card, and verify each
    splices       text replacements that set, insert, append, remove and reorder values
    outline       where the edited values stand in the text
    scalars       format a value as YAML
    patches       replacements of bytes in a file; unified diffs
    journal       edits as files on the disk, each in a state
    transaction   write an edit, undo it, or finish it after an interruption
    atomic        replace a file's bytes, whole or not at all
    lock          one newscards edits at a time

May import: frontmatter, cards.
"""
