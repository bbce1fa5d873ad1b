"""What stands around every page: the way between pages, the title, the look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from nicegui import ui

from tailorbird.shell.console.markup import Content, div, span, tag
from tailorbird.shell.console.parts import box, button, html
from tailorbird.shell.console.theme import COOKIE, Theme


class Place(NamedTuple):
    """A page that the side bar leads to."""

    path: str
    name: str
    icon: str


PLACES = (
    Place("/", "Overview", "space_dashboard"),
    Place("/live", "Live events", "bolt"),
    Place("/people", "People", "person_search"),
    Place("/segments", "Segments", "groups"),
    Place("/clusters", "Clusters", "bubble_chart"),
    Place("/predictions", "Predictions", "online_prediction"),
    Place("/placements", "Placements", "view_carousel"),
    Place("/models", "Models", "model_training"),
    Place("/kpi", "KPI", "insights"),
    Place("/rejected", "Rejected", "report"),
    Place("/health", "Health", "monitor_heart"),
)
_SHEETS = ("console.css", "segments.css")


class Visit(NamedTuple):
    """One opened page: whose data folder it shows, and how it looks."""

    folder: str
    api: str
    theme: Theme
    rejected: int = 0
    people: int = 0


@contextmanager
def page_frame(visit: Visit, path: str, title: str, lead: Content = "") -> Iterator[ui.element]:
    """The frame; what is made inside stands on the page. Yields the place at the right of the title."""
    ui.dark_mode(visit.theme.dark)
    ui.colors(primary=visit.theme.accent, secondary=visit.theme.good, positive=visit.theme.good)
    for sheet in _SHEETS:
        ui.add_head_html(f'<link rel="stylesheet" href="/tailorbird/{sheet}">')
    with box("tb-shell"):
        html(_side(visit, path), cls="tb-side").props('role="navigation"')
        with ui.element("main").classes("tb-main"):
            with box("tb-head"):
                html(tag("h1", title), tag("p", lead) if lead else None)
                with box("right") as right:
                    pass
            yield right
    with right:
        _look(visit.theme)


def _side(visit: Visit, path: str) -> list[Content]:
    brand = tag("a", tag("img", src="/tailorbird/mark.svg", alt=""), "Tailorbird", href="/", cls="tb-brand")
    foot = div(
        div("data ", tag("b", visit.folder)), div("API ", tag("b", visit.api)), "All times in UTC", cls="tb-side-foot"
    )
    return [brand, div(cls="tb-seam"), [_nav(visit, place, path) for place in PLACES], foot]


def _nav(visit: Visit, place: Place, path: str) -> Content:
    here = place.path == path
    badge = span(f"{visit.rejected:,}", cls="n") if place.path == "/rejected" and visit.rejected else None
    icon = tag("i", place.icon, cls="material-icons", aria_hidden="true")
    current = "page" if here else None
    return tag(
        "a", icon, place.name, badge, href=place.path, cls="tb-nav on" if here else "tb-nav", aria_current=current
    )


def _look(theme: Theme) -> None:
    other = "light" if theme.dark else "dark"
    # By the browser: a page that is open has no response left that could set a cookie.
    script = f"document.cookie='{COOKIE}={other};path=/;max-age=31536000;samesite=lax';location.reload()"
    look = button("", lambda: ui.run_javascript(script), icon="o_light_mode" if theme.dark else "o_dark_mode")
    look.props(f'aria-label="Switch to the {other} look"')
