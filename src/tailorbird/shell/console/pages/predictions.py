"""Predictions: the models that definitions ask for, how right they were on unseen people, and what they go by."""

from itertools import islice
from typing import NamedTuple

from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console import charts, numbers
from tailorbird.shell.console.charts import Options
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import table
from tailorbird.shell.console.parts import box, card, chart, empty, html, note
from tailorbird.shell.console.theme import Theme
from tailorbird.shell.predicting.model import Manifest
from tailorbird.shell.predicting.registry import Look, registry

_LEAD = "What to expect of people: trained because a trait or segment asks for it, and scored every night."
_GOES_BY = 8  # features that are told


class Found(NamedTuple):
    """One model; `manifest` None while it is not trained."""

    model: str
    by: list[str]
    manifest: Manifest | None
    looks: list[Look]


def add(desk: Desk) -> None:
    @ui.page("/predictions", title="Predictions · Tailorbird")
    async def page(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        with page_frame(visit, "/predictions", "Predictions", _LEAD):
            try:
                found = await desk.read(all_of, desk)
            except TailorbirdError as error:
                note(str(error))
                return
            if not found:
                empty(
                    "online_prediction",
                    "No definition asks for a prediction",
                    "Write likely('Order Completed', '14 days') in a trait, apply it, and train:",
                    "tailorbird predict",
                )
            for one in found:
                _draw(one, visit.theme)


def all_of(desk: Desk) -> list[Found]:
    """All that definitions ask for. A thread's work."""
    from tailorbird.shell.predicting.asking import asked_in  # the language, when it is needed

    found = []
    for one in asked_in(desk.engines.definitions, desk.engines.state):
        versions = registry(desk.layout, one.question)
        manifest = versions.manifest(versions.current()) if versions.current() else None
        found.append(Found(one.question.model, one.by, manifest, versions.looks()))
    return found


def _draw(found: Found, theme: Theme) -> None:
    with card(found.model, f"asked for by {', '.join(found.by)}").classes("tb-gap"):
        manifest = found.manifest
        if manifest is None:
            note("It is not trained yet: the batch process does it at night, or `tailorbird predict` now.", "info")
            return
        with box("tb-grid c2"):
            chart(curve(theme, manifest), 250)
            html(_measures(manifest))
        first = islice(manifest.importance.items(), _GOES_BY)
        note(f"It goes by {', '.join(f'{name} {share:.0%}' for name, share in first)}.", "info")
        note(f"Serves: {manifest.serves}, because {manifest.because}.", "info")
        if found.looks and found.looks[-1].drifted:
            note(f"People have changed since the training: {', '.join(found.looks[-1].drifted)}.")


def curve(theme: Theme, manifest: Manifest) -> Options:
    """The reliability curve: what people were told, beside what came, in ten groups of about as many."""
    names = [f"{one.said:.2g}" if one.said < 10 else numbers.count(round(one.said)) for one in manifest.curve]
    said = [round(one.said, 4) for one in manifest.curve]
    came = [round(one.came, 4) for one in manifest.curve]
    options = charts.grouped(theme, names, [("said", said), ("came", came)])
    options["yAxis"]["max"] = None
    return options


def _measures(manifest: Manifest) -> object:
    rows = [
        (name, f"{one.loss:.4g}", f"{one.auc:.3f}", f"{one.lift:.2f}", f"{one.off:.3g}")
        for name, one in manifest.measures.items()
    ]
    return table(["", "loss", "AUC", "lift at 10 %", "off"], rows, numeric=[1, 2, 3, 4])
