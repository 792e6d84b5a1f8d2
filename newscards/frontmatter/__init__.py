"""The front matter of a card: its bytes as fences, blocks, values, lines and columns.

    fences        where the front matter stands in a file, as Jekyll finds it
    blocks        the front matter cut into blocks, each read once
    fast_path     the simple YAML that most cards are written in, read without a parser
    loader        YAML text as values, through PyYAML, measured before it is composed
    limits        how much of a card is read
    nodes         the tree of a front matter, with the place of each node
    locations     a path in a card as lines and columns
    positions     bytes as lines and columns
    messages      libyaml's complaints in plain words

May import: nothing else.
"""
