"""Parts that commands share; none of them knows a command.

options       click options
completions   what a word may become, for a shell
manual        the pages of the manual
corpora       PATHs and CARDs as corpora and cards
selection     the cards that selection options choose
sorting       lists by commas, and --sort
linting       settings and options as a linter
findings      the findings of a corpus, from its index where that knows them
editing       the run of an editing command: choose, plan, ask, write, report
edit_output   the report of an edit
"""
