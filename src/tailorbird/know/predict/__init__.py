"""Predictions, the pure part: what is asked, how time is split, how good an answer is, and what is worth saying."""
