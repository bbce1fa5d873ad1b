"""Live statistics, one a file: what a definition counts of a person (`statistic` tells what each can do)."""
