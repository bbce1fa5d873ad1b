"""Prove: what was shown joined with what was done, and figures that say how sure they are."""
