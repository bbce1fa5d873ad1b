"""What to show somebody now: recommend, check in one gate, decide, say why."""
