"""The hybrid: one pool from many retrievers, weights learned on validation, trees behind a gate."""
