"""Clusters in the console: what was trained, how well it holds, and the labels that people give."""
