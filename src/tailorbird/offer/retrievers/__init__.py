"""Retrievers: many cheap and different ways to score every item for a history, one small file each."""
