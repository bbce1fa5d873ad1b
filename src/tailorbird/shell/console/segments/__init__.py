"""Segments in the console: who is in them, what sets them apart, how they came to be, and how they are changed."""
