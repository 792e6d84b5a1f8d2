"""Output for people: tables, panels, diagnostics and progress.

Only this package imports rich (``ui`` only for types).
"""
