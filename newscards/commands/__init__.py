"""One module a command: options -> library call -> render -> exit code."""
