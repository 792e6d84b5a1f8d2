"""The front matter of a card: its bytes as fences, blocks, values, lines and columns.

    fences        the start and end of the front matter in a file, as Jekyll finds them
    blocks        the front matter cut into blocks, each distinct one read once
    fast_path     a reader without a parser for the simple YAML that most cards are written in
    slips         the mistakes that make a front matter no YAML, found by undoing them
    loader        YAML text as values, through PyYAML, with its size checked first
    limits        the limits within which a card is read
    nodes         the tree of a front matter, with the position of each node
    locations     a path in a card, or a part of its value, as lines and columns
    characters    the source of each character of a scalar
    positions     byte offsets as lines and columns
    messages      libyaml's error messages in plain words

May import: nothing else.
"""
