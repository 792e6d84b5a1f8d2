"""Linting: rules are run over cards, and their findings are located, suppressed, fixed and stored.

    rule             Rule, and Problem, which a rule yields
    ruleset          the rules of a run, their severities, and files in which some are ignored
    documentation    the docstring of a rule, split into its parts
    own_rules        the rules of the configuration, as the linter calls them
    linter           Linter: each card checked by itself, then all together
    checks           rules sorted by what they check; equal values checked once
    causes           what comparing cards found, without the consequences of other findings
    conditions       fields that a card must have where an SQL expression over it is true
    conventions      properties that nearly all cards of a corpus have
    facts            a row for each card, for rules that compare cards
    copies           problems in entries of `related`: of the cards that they copy, or of the entries alone
    strays           files that are no cards by their endings, and that Jekyll takes for cards
    findings         Finding, Report, Severity and Fix
    suppressions     comments that suppress findings: `# newscards: ignore[…]`
    edit_checks      what an edit creates: errors, which are refused, and warnings
    fixer            the fixes of findings, made in memory
    baseline         findings that are known and not reported
    checksums        checksums of values, by which findings are recognized
    new_findings     the findings that a change adds
    publishing       reasons against publishing a card
    incremental      a corpus from its index: only changed cards and their dependents are checked
    dependents       the cards that must be checked again when one changes
    runs             runs, as they are stored in the index
    stored_findings  findings and their printed text, as they are stored in the index

May import: frontmatter, cards, edits, jekyll, corpus.
"""
