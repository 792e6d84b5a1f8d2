"""All that knows rich: tables, panels, diagnostics, progress."""
