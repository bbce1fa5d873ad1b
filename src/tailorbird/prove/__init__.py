"""What was shown, joined with what was done: measures and their honest size."""
