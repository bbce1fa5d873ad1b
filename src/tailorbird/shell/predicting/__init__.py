"""Predictions at work: features out of the lake, training, versions on disk, scoring, and saying what changed."""
