"""A model's report and lineage as tables for the terminal."""

from typing import TYPE_CHECKING, Any

from tailorbird.shell.cli import say
from tailorbird.shell.model_words import interval, lineage_lines

if TYPE_CHECKING:
    from tailorbird.offer.recommend.measured import Part
    from tailorbird.offer.recommend.model import Manifest

_RIGHT = {
    "ndcg@20": "NDCG@20",
    "recall@20": "Recall@20",
    "precision@20": "Precision@20",
    "hr@20": "HitRate@20",
    "mrr": "MRR",
    "map@20": "MAP@20",
}
_BROAD = {
    "coverage": "coverage",
    "novelty": "novelty",
    "diversity": "diversity",
    "popularity_bias": "pop. bias",
    "miscalibration": "miscalibration",
}


def print_report(manifest: "Manifest", most: int = 1000) -> None:
    """Every scorer on the test moments, then the blend beside popularity and champion in `most` parts."""
    if not manifest.evaluation:
        return
    moments = max(int(line.get("moments", 0)) for line in manifest.evaluation)
    title = f"What people did next, at {moments:,} moments of weeks that the model has not seen"
    for names, heading in ((_RIGHT, title), (_BROAD, "What the lists are like")):
        table = say.table("model", *(f">{name}" for name in names.values()), title=heading)
        for line in manifest.evaluation:
            table.add_row(line["model"], *(_score(line.get(name)) for name in names))
        say.out().print(table)
        print()
    _print_parts(manifest, most)


def _print_parts(manifest: "Manifest", most: int) -> None:
    report = manifest.report
    columns = ["part", ">moments", ">people", ">NDCG@20", ">above popularity"]
    if report.champion:
        columns.append(f">beside {report.champion}")
    table = say.table(*columns, title="By part, with 95 % intervals over people")
    for part in report.parts[:most]:
        table.add_row(*_part(part, bool(report.champion)))
    say.out().print(table)
    if left := len(report.parts[most:]):
        say.note(f"... and {left} more segments: tailorbird models show {manifest.version}")
    if report.champion and not report.as_it_serves:
        say.note("The champion's tables have seen the test weeks, so its recipe was learned anew without them.")
    print()


def _part(part: "Part", champion: bool) -> list[str]:
    counts = [part.name, f"{part.moments:,}", f"{part.people:,}"]
    if not part.moments:
        return [*counts, *[""] * (3 if champion else 2)]
    beside = [interval(part.against.get(name, {}).get("ndcg@20")) for name in ("popular", "champion")[: 1 + champion]]
    return [*counts, _score(part.scores["blend"].get("ndcg@20")), *beside]


def _score(value: Any) -> str:
    return "" if value is None else f"{value:.4f}"


def print_lineage(manifest: "Manifest", *, serves: bool) -> None:
    """What a model comes from, line by line."""
    table = say.table("lineage", "")
    for name, value in lineage_lines(manifest):
        table.add_row(name, value)
    say.out().print(table)
    print(f"\n{'Serves now' if serves else 'Does not serve'}; when it was trained: {manifest.verdict or 'no verdict'}.")
