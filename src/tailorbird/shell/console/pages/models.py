"""Models: which one serves, how good it is beside popularity, and the way back."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup
from nicegui import ui
from starlette.requests import Request

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console import charts, numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import Content, bar, div, join, pill, span, table, tag
from tailorbird.shell.console.model_cards import lineage_card, lists_card, parts_card
from tailorbird.shell.console.parts import box, button, card, chart, confirm, empty, every, heading, html, note, stat
from tailorbird.shell.console.registry import (
    FLOOR,
    MEASURES,
    SERVING,
    TITLES,
    Version,
    ask_for_training,
    promote,
    roll_back,
    versions,
)
from tailorbird.shell.console.retraining_card import retraining_card, watched
from tailorbird.shell.console.theme import Theme
from tailorbird.shell.training.progress import Progress, under_way

_LOOK_EVERY_S = 2.0
_LEAD = "What was learned from the lake, how good it is on sessions it has not seen, and which one serves."
_NAMES = {"recall@20": "Recall@20", "ndcg@20": "NDCG@20", "mrr": "MRR", "coverage": "Coverage"}


def add(desk: Desk) -> None:
    @ui.page("/models", title="Models · Tailorbird")
    async def page(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        with page_frame(visit, "/models", "Models", _LEAD) as right:
            view = _View(desk, visit.theme, right)
            await view.show()


class _View:
    """The page, drawn anew after each change."""

    def __init__(self, desk: Desk, theme: Theme, right: ui.element) -> None:
        self._desk, self._theme = desk, theme
        with right:
            self._back = button("Roll back", self._roll_back, icon="undo")
            button("Train now", self._train, icon="model_training", primary=True)
        self._progress = html()
        self._body = box()
        self._training = False
        every(_LOOK_EVERY_S, self._look)

    async def _look(self) -> None:
        """Say what a training is at; draw the page anew when it has ended."""
        found = await self._desk.read(under_way, self._desk.layout)
        self._progress.set_content(str(_told(found, self._desk.now)) if found else "")
        if self._training and not found:
            await self.show()
        self._training = found is not None

    async def show(self) -> None:
        found = await self._desk.read(versions, self._desk)
        seen = await self._desk.read(watched, self._desk)
        self._back.set_visibility(len(found) > 1)
        self._body.clear()
        with self._body:
            if not found:
                _none_yet()
                return
            shown = next((version for version in found if version.serves), found[0])
            html(_stats(shown, self._desk.now), cls="tb-grid c4")
            with box("tb-grid wide"):
                _evaluation(shown)
                _beside(shown, self._theme)
            with box("tb-grid wide"):
                with box("tb-grid"):
                    parts_card(shown)
                    lists_card(shown)
                with box("tb-grid"):
                    lineage_card(shown)
                    retraining_card(seen, self._desk.now)
            with card(flush=True):
                html(heading("Versions", "newest first; a worker takes a promoted one over at its next request"))
                self._list(found)

    def _list(self, found: list[Version]) -> None:
        html([span(name) for name in _HEADS], cls="tb-event tb-version head")
        for version in found:
            with box("tb-event tb-version still"):
                for cell in _cells(version, self._desk.now):
                    html(span(cell))
                if version.serves or version.trouble:
                    html()
                else:
                    button("Promote", self._promoting(version.name))

    def _promoting(self, name: str) -> Callable[[], Any]:
        async def ask() -> None:
            text = "Every worker answers with it from its next request on. You can roll back at any time."
            if await confirm(f"Let {name} serve?", text, "Promote"):
                await self._do(f"{name} serves now", promote, self._desk, name)

        return ask

    async def _roll_back(self) -> None:
        text = "The version that served before serves again, from the next request on."
        if await confirm("Roll back?", text, "Roll back"):
            await self._do("Rolled back", roll_back, self._desk)

    async def _train(self) -> None:
        await self._do(
            "Asked for: the batch process trains now, and promotes only what does better.", ask_for_training, self._desk
        )

    async def _do(self, told: str, work: Callable[..., Any], *given: Any) -> None:
        try:
            await self._desk.read(work, *given)
        except TailorbirdError as error:
            ui.notify(str(error), type="negative")
            return
        ui.notify(told, type="positive")
        await self.show()


_HEADS = ("Version", "Trained", "Learned from", "Recall@20", "NDCG@20", "Because", "", "")


def _told(found: Progress, now: int) -> Markup:
    spent = f"{numbers.span(now - found.began_at)} so far; this step for {numbers.span(now - found.step_at)}"
    icon = tag("i", "model_training", cls="material-icons")
    return div(icon, div(f"Training: {found.step}. {spent}."), cls="tb-note info")


def _none_yet() -> None:
    with card():
        text = "Import items and events first; then train from here, or with"
        empty("model_training", "No model has been trained yet", text, "tailorbird train --data DIR")


def _stats(version: Version, now: int) -> str:
    best = version.line(SERVING)
    gain = version.gain()
    held_out = numbers.count(best.get("moments"))
    serves = "serves now" if version.serves else "serves nobody yet"
    learned = f"from {numbers.compact(version.interactions)} contacts in {numbers.span(1000 * version.seconds)}"
    tiles = [
        stat(serves, numbers.ago(version.trained_at, now), learned, "good" if version.serves else "warn"),
        stat(
            "Recall@20",
            numbers.decimal(best.get("recall@20")),
            f"on {held_out} held-out sessions",
        ),
        stat("Beside popularity", f"{gain:.2f} ×" if gain else numbers.DASH, "its recall, times that of popular items"),
        stat("Coverage", numbers.percent(best.get("coverage"), 0), "of the catalogue is shown to somebody"),
    ]
    return join(div(tile, cls="tb-card") for tile in tiles)


def _evaluation(version: Version) -> None:
    with card(flush=True):
        if version.trouble:
            note(version.trouble, "bad", "error")
        most = max((line.get("recall@20", 0.0) for line in version.evaluation), default=0.0) or 1.0
        ordered = sorted(version.evaluation, key=lambda line: -line.get("recall@20", 0.0))
        heads = ["Scorer", "", *(_NAMES[name] for name in MEASURES)]
        title = heading("Offline evaluation", "a split in time; every scorer through the path that serves")
        html(title, table(heads, [_scorer(line, most) for line in ordered], (2, 3, 4, 5)))
        if not version.evaluation:
            empty("science", "Not evaluated", "There was too little history to hold out. It is next time.")


def _scorer(line: dict[str, Any], most: float) -> list[Content]:
    name = str(line.get("model"))
    sign = {SERVING: pill("this model", "accent"), FLOOR: pill("baseline")}.get(name)
    figures = [numbers.decimal(line.get(measure)) for measure in MEASURES[:3]]
    share = bar(line.get("recall@20", 0.0) / most, "" if name == SERVING else "olive")
    return [[TITLES.get(name, name), " ", sign], share, *figures, numbers.percent(line.get("coverage"), 0)]


def _beside(version: Version, theme: Theme) -> None:
    names = [name for name in (SERVING, "most_bought_by_person", FLOOR) if version.line(name)]
    series = [
        (TITLES[name], [round(version.line(name).get(measure, 0.0), 4) for measure in MEASURES]) for name in names
    ]
    with card("Beside simple rules", "higher is better"):
        options = charts.grouped(theme, [_NAMES[name] for name in MEASURES], series)
        options["yAxis"]["max"] = None
        chart(options, 300)


def _cells(version: Version, now: int) -> list[Content]:
    best = version.line(SERVING)
    state = pill("serves", "good") if version.serves else pill("cannot be read", "bad") if version.trouble else None
    return [
        span(version.name, cls="tb-mono"),
        numbers.ago(version.trained_at, now),
        f"{numbers.compact(version.interactions)} contacts",
        numbers.decimal(best.get("recall@20")),
        numbers.decimal(best.get("ndcg@20")),
        span(version.verdict or numbers.DASH, title=version.verdict),
        state,
    ]
