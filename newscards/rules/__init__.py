"""The rules, one a module: its docstring is its documentation. RULES is the table of all."""

from newscards.rules import (
    below_minimum,
    beyond_limits,
    duplicate_key,
    empty_value,
    impossible_value,
    invalid_domain,
    invalid_secured,
    invalid_url,
    missing_fence,
    missing_field,
    misspelt_key,
    not_a_mapping,
    not_utf8,
    published_not_boolean,
    text_before_fence,
    unknown_choice,
    unknown_key,
    unreadable_file,
    wrong_type,
    yaml_syntax,
)
from newscards.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    unreadable_file.RULE,
    not_utf8.RULE,
    missing_fence.RULE,
    yaml_syntax.RULE,
    not_a_mapping.RULE,
    beyond_limits.RULE,
    duplicate_key.RULE,
    text_before_fence.RULE,
    published_not_boolean.RULE,
    missing_field.RULE,
    wrong_type.RULE,
    misspelt_key.RULE,
    unknown_key.RULE,
    impossible_value.RULE,
    below_minimum.RULE,
    unknown_choice.RULE,
    empty_value.RULE,
    invalid_url.RULE,
    invalid_domain.RULE,
    invalid_secured.RULE,
)
"""Every rule, by code."""
