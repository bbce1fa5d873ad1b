"""How good is a list? Splits, ranks and measures, the same for every retriever, blend and ranker."""
