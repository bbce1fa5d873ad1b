"""What a training said of its model: by segment, for new people and new items, with intervals; and its lineage."""

from typing import Any

from nicegui import ui

from tailorbird.shell.console import numbers
from tailorbird.shell.console.markup import Content, pairs, pill, span, table
from tailorbird.shell.console.parts import card, empty, heading, html
from tailorbird.shell.console.registry import TITLES, Version
from tailorbird.shell.model_words import interval

_MEASURE = "ndcg@20"
_FIRST = 9  # parts that are shown at once
_HEADS = ("Part", "Moments", "People", "NDCG@20", "Above popularity", "")


def parts_card(version: Version) -> None:
    """A line a part: the blend's NDCG@20, and how far above popularity and the champion, with 95 % intervals."""
    heads = [*_HEADS, *([f"Beside {version.champion}", ""] if version.champion else [])]
    with card(flush=True):
        html(heading("By segment, new people, new items", "NDCG@20 with 95 % intervals, people drawn whole"))
        if version.parts:
            rows = [_part(part, bool(version.champion)) for part in version.parts]
            html(table(heads, rows[:_FIRST], (1, 2, 3, 4, 6)))
            if len(rows) > _FIRST:
                with ui.expansion(f"{len(rows) - _FIRST} more segments").classes("tb-more"):
                    html(table(heads, rows[_FIRST:], (1, 2, 3, 4, 6)))
        else:
            empty("groups", "No report", "It was trained by an earlier release. The next training has one.")


def lists_card(version: Version) -> None:
    """What the lists of each scorer are like, beside being right."""
    lines = [line for line in version.evaluation if "novelty" in line]
    with card(flush=True):
        note = "novelty in bits; popularity 1 is that of what is taken; miscalibration in nats"
        html(heading("What the lists are like", note))
        rows = [[TITLES.get(name := str(line["model"]), name), *_broad(line)] for line in lines]
        html(
            table(["Scorer", "Coverage", "Novelty", "Diversity", "Popularity", "Miscalibration"], rows, (1, 2, 3, 4, 5))
        )


def _broad(line: dict[str, Any]) -> list[Content]:
    figures = (line.get(name) for name in ("novelty", "diversity", "popularity_bias", "miscalibration"))
    return [numbers.percent(line.get("coverage"), 1), *(numbers.decimal(figure, 2) for figure in figures)]


def lineage_card(version: Version) -> None:
    """What it was made of, and why it serves or does not."""
    with card("Lineage", "the same data, code, seed and trials make the same model"):
        html(pairs([("verdict", version.verdict or numbers.DASH), *version.lineage]))


def _part(part: Any, champion: bool) -> list[Content]:
    counts: list[Content] = [part.name, numbers.count(part.moments), numbers.count(part.people)]
    names = ("popular", "champion") if champion else ("popular",)
    if not part.moments:
        return [*counts, numbers.DASH, *(cell for _ in names for cell in ("", ""))]
    cells: list[Content] = [numbers.decimal(part.scores["blend"].get(_MEASURE))]
    for name in names:
        cells += _beside(part.against.get(name, {}).get(_MEASURE))
    return [*counts, *cells]


def _beside(apart: Any) -> list[Content]:
    if apart is None:
        return ["", ""]
    sign = pill("better", "good") if apart.better else pill("worse", "bad") if apart.worse else pill("within noise")
    return [span(interval(apart), cls="tb-mono"), sign]
