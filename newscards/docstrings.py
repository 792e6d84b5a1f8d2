"""Docstrings that users read, such as the help of a command, also where Python leaves them out."""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType


def docstring_of(documented: ModuleType | FunctionType) -> str:
    """Return the docstring of a module, or of a function at the top of one; empty if there is none.

    With ``python -OO`` or PYTHONOPTIMIZE=2 it comes from the source.
    """
    if documented.__doc__ is not None or sys.flags.optimize < 2:
        return documented.__doc__ or ""
    import ast  # only here: usually there is nothing to parse
    import inspect

    is_module = isinstance(documented, ModuleType)
    name = documented.__name__
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name if is_module else documented.__module__]))
    except (OSError, TypeError):  # only the compiled code is installed
        return ""
    if is_module:
        return ast.get_docstring(tree, clean=False) or ""
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    return next((ast.get_docstring(node, clean=False) or "" for node in functions), "")
