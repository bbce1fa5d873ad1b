"""What a benchmark gives: a figure beside its baseline, measured in the same run."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One promised number. `ratio` is figure / baseline; `holds` says whether the budget is kept."""

    promise: str
    figure: float
    unit: str
    baseline: float | None
    ratio: float | None
    budget: str
    holds: bool


def row(promise: str, figure: float, unit: str, budget: str, holds: bool, baseline: float | None = None) -> Row:
    """A row with its ratio worked out.

    >>> row("ingest", 90.0, "events/s", ">= 0.75 of no write", True, baseline=100.0).ratio
    0.9
    """
    ratio = float(figure / baseline) if baseline else None
    # Plain numbers, whatever numpy made of them: they go into JSON.
    return Row(promise, float(figure), unit, None if baseline is None else float(baseline), ratio, budget, bool(holds))


def side_by_side(ours: list[float], theirs: list[float]) -> tuple[float, float]:
    """The medians of runs that took turns, so that a drifting machine hurts both alike.

    >>> side_by_side([3.0, 1.0, 2.0], [4.0, 4.0, 5.0])
    (2.0, 4.0)
    """
    return median(ours), median(theirs)


def show(rows: list[Row]) -> str:
    """The table as Markdown."""
    lines = ["| promise | figure | baseline | ratio | budget | holds |", "|---|---|---|---|---|---|"]
    for r in rows:
        baseline = "" if r.baseline is None else f"{r.baseline:,.4g} {r.unit}"
        ratio = "" if r.ratio is None else f"{r.ratio:.2f}"
        verdict = "yes" if r.holds else "**no**"
        lines.append(f"| {r.promise} | {r.figure:,.4g} {r.unit} | {baseline} | {ratio} | {r.budget} | {verdict} |")
    return "\n".join(lines)


def save(rows: list[Row], path: Path) -> None:
    path.write_text(json.dumps([asdict(r) for r in rows], indent=1) + "\n")
