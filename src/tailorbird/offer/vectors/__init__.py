"""Vectors: which of many vectors fit one best."""
