"""Live statistics, one a file: what a definition counts of a person, kept as events come (`contract` tells the verbs)."""
