"""Linting: rules are run over cards, and what they find is placed, suppressed, fixed and remembered.

    rule             Rule and Problem: what a rule is, and what it yields
    ruleset          the rules of a run, their severities, and files in which some are not checked
    documentation    the docstring of a rule, taken apart
    linter           each card checked by itself, then all together
    checks           rules sorted by what they look at; equal values checked once
    facts            a row for each card, for rules that compare cards
    findings         Finding, Report, Severity and Fix
    suppressions     `# newscards: ignore[…]`
    fixer            the fixes of findings, made in memory
    baseline         findings that were there before
    publishing       what speaks against publishing a card
    incremental      a corpus by way of its index: what changed is checked, and its dependents
    dependents       which cards must be checked again when one changes
    runs             runs, as the index keeps them
    stored_findings  findings and their printed text, as the index keeps them

May import: frontmatter, cards, edits, jekyll, corpus.
"""
