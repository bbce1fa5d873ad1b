"""Health: is everything up, does it keep up, is there room, and what went wrong so far."""

from typing import Any

from nicegui import ui
from starlette.requests import Request

from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.frame import page_frame
from tailorbird.shell.console.markup import Content, bar, div, join, pill, span, table
from tailorbird.shell.console.parts import box, card, every, heading, html, stat
from tailorbird.shell.console.vitals import Vitals, vitals

_POLL_S = 3.0
_NAMES = {"free_bytes": "free", "bytes": "behind by", "standing_s": "standing still for"}
_CHECKS = {"log": "The log takes events", "state": "The state can be read", "lag": "The fold keeps up"}


def add(desk: Desk) -> None:
    @ui.page("/health", title="Health · Tailorbird")
    async def page(request: Request) -> None:
        visit = await desk.visit(request.cookies)
        lead = "Whether everything is up, keeps up and has room."
        with page_frame(visit, "/health", "Health", lead):
            view = _View(desk)
        every(_POLL_S, view.refresh)


class _View:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stats = html(cls="tb-grid c4")
        with box("tb-grid wide"):
            with box("tb-column"):
                with card(flush=True):
                    self._processes = html()
                with card(flush=True):
                    self._troubles = html()
            with box("tb-column"):
                with card():
                    self._checks = html()
                with card():
                    self._sizes = html()

    async def refresh(self) -> None:
        found = await self._desk.read(vitals, self._desk)
        ready = await self._desk.api.ready()
        self._stats.set_content(_stats(found))
        self._processes.set_content(_processes(found))
        self._troubles.set_content(_troubles(found))
        self._checks.set_content(_checks(ready, found.trouble, self._desk.address))
        self._sizes.set_content(_sizes(found))


def _stats(found: Vitals) -> str:
    behind, waiting = max(0, found.end - found.folded), max(0, found.folded - found.archived)
    full = 1 - found.free_bytes / found.disk_bytes
    memory = sum(one.memory_bytes for one in found.processes)
    tiles = [
        stat("Not folded yet", numbers.size(behind), "log that the people do not show yet", _tone(behind, 1e6, 1e8)),
        stat("Not in the lake yet", numbers.size(waiting), "sealed every few seconds", _tone(waiting, 1e8, 1e9)),
        stat(
            "Disk free", numbers.size(found.free_bytes), f"{numbers.percent(full, 0)} in use", _tone(full, 0.85, 0.95)
        ),
        stat("Memory", numbers.size(memory), f"in all {len(found.processes)} processes; shared pages count twice"),
    ]
    return join(div(tile, cls="tb-card") for tile in tiles)


def _tone(value: float, warn: float, bad: float) -> str:
    return "bad" if value >= bad else "warn" if value >= warn else "good"


def _checks(ready: dict[str, Any] | None, trouble: str, address: str) -> str:
    if ready is None:
        away = f"Nobody answers at {address}. Start it with: tailorbird serve"
        return join([heading("API"), _check(False, "The API answers", away), div(trouble, cls="tb-foot")])
    rows = [_check(True, "The API answers", address)]
    for name, title in _CHECKS.items():
        part = ready.get(name) or {}
        rows.append(_check(bool(part.get("ok")), title, str(part.get("why") or _figures(part))))
    return join([heading("API", "asked at /readyz"), rows, div(trouble, cls="tb-foot")])


def _figures(part: dict[str, Any]) -> str:
    return ", ".join(
        f"{_NAMES.get(name, name)} {_written(name, value)}" for name, value in part.items() if name != "ok"
    )


def _written(name: str, value: Any) -> str:
    if name.endswith("bytes"):
        return numbers.size(value)
    return f"{int(value):,}" if str(value).isdigit() else f"{value} s" if name.endswith("_s") else str(value)


def _check(ok: bool, title: str, detail: str) -> Content:
    sign = pill("ok", "good") if ok else pill("not now", "bad")
    return div(div(title, span(detail, cls="tb-sub")), sign, cls="tb-row apart tb-check")


def _processes(found: Vitals) -> str:
    rows = [
        [
            one.role,
            str(one.pid),
            numbers.size(one.memory_bytes),
            numbers.percent(one.cpu_s / one.up_s if one.up_s else 0.0),
            numbers.span(1000 * one.up_s),
        ]
        for one in found.processes
    ]
    heads = ["Process", "Pid", "Memory", "CPU since start", "Up for"]
    return join([heading("Processes", "of this data folder, on this machine"), table(heads, rows, (1, 2, 3, 4))])


def _troubles(found: Vitals) -> str:
    rows: list[list[Content]] = [
        [numbers.count(total), [metric.meaning, span(metric.do, cls="tb-sub")]] for metric, total in found.troubles
    ]
    if found.failed:
        told = ["Calls answered 500: a bug of Tailorbird.", span("Report the log line 'request_failed'.", cls="tb-sub")]
        rows.append([numbers.count(found.failed), told])
    if not rows:
        return join([heading("What went wrong"), div("Nothing so far.", cls="tb-quiet tb-inset")])
    return join([heading("What went wrong", "since the metrics began"), table(["Times", "What, and what to do"], rows)])


def _sizes(found: Vitals) -> str:
    most = max(found.sizes.values(), default=0) or 1
    rows = [
        [span(name), bar(size / most, "olive"), span(numbers.size(size), cls="num")]
        for name, size in found.sizes.items()
    ]
    return join([heading("On disk"), div(rows, cls="tb-bars")])
