"""Edits: operations become new bytes, go through the journal to the disk, and can be taken back.

    operations    the changes that an edit requests, as data
    plan          the plan of the edit of one card; edits from Python
    published     the flag `published`: publish, hide, and swap in a story
    apply         operations applied to the bytes of a card, each verified
    splices       text replacements that set, insert, append, remove and reorder values
    creation      a new card: its bytes, and the edit that creates its file
    outline       where the edited values stand in the text
    scalars       values as YAML
    patches       replacements of bytes in a file; unified diffs
    journal       edits as files on the disk, each in a state
    transaction   edits of the journal: written, undone, or finished
    atomic        atomic writes: a file's old bytes or the new ones
    in_place      writes into the file itself, which the next edit finishes where they are cut off
    lock          one newscards edits at a time

May import: frontmatter, cards.
"""
