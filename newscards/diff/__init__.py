"""The differences between two states of a corpus.

    git           git as a subprocess
    revisions     two states of a repository: the files that differ, and their content
    working_tree  files of the working tree as git would store them
    compare       the cards of both states; a deletion and an addition become a rename
    former        the cards of a revision that differ from those of now
    pairs         items of both states with the same key
    history       the changes of one card, commit by commit
    card_diff     the changes of one card, each of a kind

May import: frontmatter, cards, edits, corpus.
"""
