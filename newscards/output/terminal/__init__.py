"""Output for people: tables, panels, diagnostics and progress. Only this package imports rich."""
