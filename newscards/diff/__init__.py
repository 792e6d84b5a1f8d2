"""Two states of a corpus, and how they differ.

    git           git, asked
    revisions     two states of a repository: which files differ, and what each holds
    compare       the cards of both states, renames joined
    card_diff     how one card differs, in kinds

May import: frontmatter, cards, edits, corpus.
"""
