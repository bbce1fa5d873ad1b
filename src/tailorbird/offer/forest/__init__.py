"""Forest: what boosting learned, as flat arrays, and a fast way to ask it."""
