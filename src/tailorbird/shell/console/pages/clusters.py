"""Clusters: people who are alike, in words; how their number was chosen; whether they still hold; labels to accept."""

from collections.abc import Callable
from typing import Any

from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.know.cluster.model import Cluster, Manifest
from tailorbird.shell.console import numbers
from tailorbird.shell.console.clusters import charts as cluster_charts
from tailorbird.shell.console.clusters.facts import Found, accept_label, all_clusterings, back
from tailorbird.shell.console.clusters.tables import features, gaps, stats
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import bar, div, join, link, pill, span
from tailorbird.shell.console.parts import box, button, card, chart, confirm, empty, heading, html, note, toggle
from tailorbird.shell.console.theme import Theme

_LEAD = "People who are alike, found by training on the lake and kept per event by the same distance to their centres."


def add(desk: Desk) -> None:
    @ui.page("/clusters", title="Clusters · Tailorbird")
    async def page(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        with page_frame(visit, "/clusters", "Clusters", _LEAD) as right:
            view = _View(desk, visit.theme, right)
            await view.show()


class _View:
    """The page for one clustering of several."""

    def __init__(self, desk: Desk, theme: Theme, right: ui.element) -> None:
        self._desk, self._theme, self._right = desk, theme, right
        self._name = ""
        self._body = box()

    async def show(self) -> None:
        """Read all of them again, and draw the one that was chosen."""
        found = await self._desk.read(all_clusterings, self._desk)
        self._body.clear()
        self._right.clear()
        with self._body:
            if not found:
                _none_yet()
                return
            shown = next((one for one in found if one.name == self._name), found[0])
            self._draw(shown)
        with self._right:
            if len(found) > 1:
                toggle({one.name: one.name for one in found}, shown.name, self._choose)
            if len(shown.versions) > 1:
                button("Roll back", lambda: self._roll_back(shown.name), icon="undo")

    async def _choose(self, event: Any) -> None:
        self._name = event.value
        await self.show()

    def _draw(self, found: Found) -> None:
        if found.trouble or found.manifest is None:
            note(
                found.trouble or f"{found.name} was never trained. Run `tailorbird clusters train {found.name}`.",
                "info",
            )
            return
        manifest, looks = found.manifest, found.looks
        html(stats(manifest, looks, self._desk.now), cls="tb-grid c4")
        if looks and looks[-1].drifted:
            drifted = ", ".join(looks[-1].drifted)
            note(f"People have changed since the training ({drifted}); the batch process trains again.")
        for cluster in manifest.clusters:
            self._cluster(found, manifest, cluster)
        _how(manifest, found, self._theme)

    def _cluster(self, found: Found, manifest: Manifest, one: Cluster) -> None:
        with card().classes("tb-gap"), box("tb-cluster"):
            with box():
                html(_named(found, one))
                self._label(found.name, one)
            html(features(manifest, one))

    def _label(self, name: str, one: Cluster) -> None:
        if one.accepted and one.label == one.proposed:
            return
        with box("tb-row").style("margin-top:14px"):
            field = ui.input(value=one.label if one.accepted else one.proposed)
            field.props(f'outlined dense aria-label="Label of {one.key}"').classes("tb-input").style("flex:1")
            field.on("keydown.enter", self._accepting(name, one.key, field))
            button("Rename" if one.accepted else "Accept", self._accepting(name, one.key, field), icon="check")

    def _accepting(self, name: str, key: str, field: ui.input) -> Callable[[], Any]:
        async def accept() -> None:
            await self._do(f"{key} is {field.value!r} from now on", accept_label, self._desk, name, key, field.value)

        return accept

    async def _roll_back(self, name: str) -> None:
        if await confirm("Roll back?", "The version before holds again, with its labels and segments.", "Roll back"):
            await self._do("Rolled back", back, self._desk, name)

    async def _do(self, told: str, work: Callable[..., Any], *given: Any) -> None:
        try:
            await self._desk.read(work, *given)
        except TailorbirdError as error:
            ui.notify(str(error), type="negative", multi_line=True)
            return
        ui.notify(told, type="positive")
        await self.show()


def _none_yet() -> None:
    with card():
        text = "Name the features that people may be alike in, in site/clusters.yaml; apply it, and train:"
        empty("bubble_chart", "No clustering is declared", text, "tailorbird clusters train")


def _named(found: Found, one: Cluster) -> str:
    sign = None if one.accepted else pill("proposed", "info")
    segment = f"{found.name}_{one.key}"
    right = f"right of {numbers.percent(one.precision, 0)} of whom it holds, holds of {numbers.percent(one.recall, 0)}"
    return join(
        [
            heading(join([one.label, " ", sign]), "", link(segment, f"/segments/{segment}")),
            div(span(numbers.count(one.people), cls="tb-cluster-n"), f" people, {numbers.percent(one.share, 0)}"),
            bar(one.share, "olive"),
            div(one.rule, cls="tb-cluster-rule"),
            div(right, cls="tb-sub"),
        ]
    )


def _how(manifest: Manifest, found: Found, theme: Theme) -> None:
    with box("tb-grid c2"):
        with card("How many clusters", "by silhouette, higher is better; elbow and BIC beside it"):
            chart(cluster_charts.choice(theme, manifest), 250)
        with card("Since the training", "quality, and how far people have moved from what was trained on"):
            if len(found.looks) > 1:
                chart(cluster_charts.drift(theme, found.looks), 250)
            else:
                html(div("The batch process looks every day; there is one look so far.", cls="tb-quiet"))
    if manifest.gaps:
        with card(flush=True):
            html(gaps(manifest))
