"""Pages for the people who run it (extra: console)."""
