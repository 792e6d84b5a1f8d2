"""Parts that commands share; none of them knows a command.

    options       click options
    finding_view  the findings that `validate` shows
    completions   completions of a word, for a shell
    manual        the pages of the manual
    corpora       PATHs and CARDs as corpora and cards
    stories       CARDs as stories, and the words of --problem
    sorting       comma-separated lists, and --sort
    editing       the run of an editing command: select, plan, ask, write, report
    copies        the copies of edited cards: counted, or updated in the same edit
    editor        a card in the user's editor: the copy, its check, the question
    edit_output   the report of an edit
    decision      the edit of one card, without a report
    review_session  the steps of a review, and what each key does

It imports what ``commands`` may.
"""
