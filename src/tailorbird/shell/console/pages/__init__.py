"""The pages, one a file; each adds itself under its path."""

from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.pages import (
    clusters,
    health,
    kpi,
    live,
    models,
    overview,
    people,
    person,
    placements,
    predictions,
    rejected,
    segment,
    segment_builder,
    segments,
)

PAGES = (
    overview,
    live,
    people,
    person,
    segments,
    segment_builder,
    segment,
    clusters,
    predictions,
    placements,
    models,
    kpi,
    rejected,
    health,
)


def add_all(desk: Desk) -> None:
    """Register every page with NiceGUI."""
    for page in PAGES:
        page.add(desk)
