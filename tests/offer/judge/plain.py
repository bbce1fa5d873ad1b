"""The slow and plain way to count: what the judge's compiled pass and its measures are held to."""

from math import inf, log2


def ranks(scores: list[float], hidden: set[int], targets: list[int]) -> list[float]:
    """1 + who is above + half of the others who are level."""
    shown = [j for j in range(len(scores)) if j not in hidden]

    def rank(target: int) -> float:
        if target < 0 or target in hidden:
            return inf
        above = sum(scores[j] > scores[target] for j in shown)
        level = sum(scores[j] == scores[target] for j in shown) - 1
        return 1 + above + level / 2

    return [rank(target) for target in targets]


def best(scores: list[float], hidden: set[int], width: int) -> list[int]:
    """Sorted by score, then by item."""
    candidates = [j for j, score in enumerate(scores) if score > 0 and j not in hidden]
    found = sorted(candidates, key=lambda j: (-scores[j], j))[:width]
    return found + [-1] * (width - len(found))


def measures(ranks: list[float], at: int) -> dict[str, float]:
    """Of one question, word by word as they are defined."""
    hits = sorted(rank for rank in ranks if rank <= at)
    ideal = sum(1 / log2(place + 1) for place in range(1, min(len(ranks), at) + 1))
    precisions = [min(count, rank) / rank for count, rank in enumerate(hits, 1)]
    return {
        "recall": len(hits) / len(ranks),
        "ndcg": sum(1 / log2(rank + 1) for rank in hits) / ideal,
        "precision": len(hits) / at,
        "hr": float(bool(hits)),
        "mrr": 1 / hits[0] if hits else 0.0,
        "map": sum(precisions) / min(len(ranks), at),
    }
