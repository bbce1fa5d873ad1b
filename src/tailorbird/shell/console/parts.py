"""The pieces that pages are made of."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from tailorbird.shell.console.charts import Options
from tailorbird.shell.console.markup import Content, div, join, span, tag


def html(*content: Content, cls: str = "") -> ui.html:
    """Markup on the page. Plain text in it was escaped when it was made."""
    return ui.html(str(join(content)), sanitize=False).classes(cls)


def box(cls: str = "") -> ui.element:
    """A plain element of these classes; `with` it to fill it."""
    return ui.element("div").classes(cls)


def card(title: str = "", note: str = "", flush: bool = False) -> ui.element:
    """A card; `flush` lets a table reach its edges."""
    element = box("tb-card flush" if flush else "tb-card")
    if title:
        with element:
            html(heading(title, note))
    return element


def heading(title: str, note: str = "", right: Content = None) -> Content:
    return div(title, tag("small", note) if note else None, span(right, cls="right") if right else None, cls="tb-title")


def stat(name: str, value: Content, detail: Content = "", tone: str = "") -> Content:
    """One figure with its name above and what it means below."""
    dot = span(cls=f"tb-dot {tone}") if tone else None
    return div(div(dot, name, cls="k"), div(value, cls="v"), div(detail, cls="d"), cls="tb-stat")


def empty(icon: str, title: str, text: Content, command: str = "") -> None:
    """What a place says that has nothing to show yet, and the next step."""
    sign = tag("i", icon, cls="material-icons", aria_hidden="true")
    html(div(sign, tag("b", title), text, div(tag("code", command)) if command else None, cls="tb-empty"))


def note(text: Content, tone: str = "warn", icon: str = "info") -> None:
    html(div(tag("i", icon, cls="material-icons"), div(text), cls=f"tb-note {tone}"))


def chart(options: Options, height: int = 240) -> ui.echart:
    return ui.echart(options).style(f"height:{height}px; width:100%")


def button(text: str, on_click: Callable[..., Any], icon: str = "", primary: bool = False) -> ui.button:
    return (
        ui.button(text, on_click=on_click, icon=icon or None, color=None)
        .props("flat no-caps dense")
        .classes("tb-btn primary" if primary else "tb-btn")
    )


def toggle(options: dict[Any, str], value: Any, on_change: Callable[..., Any]) -> ui.toggle:
    return (
        ui.toggle(options, value=value, on_change=on_change).props("flat no-caps dense unelevated").classes("tb-toggle")
    )


def search(placeholder: str, width: int = 240) -> ui.input:
    return (
        ui.input(placeholder=placeholder)
        .props("outlined dense clearable")
        .classes("tb-input")
        .style(f"width:{width}px")
    )


def select(options: list[str] | dict[str, str], value: str, on_change: Callable[..., Any]) -> ui.select:
    return (
        ui.select(options, value=value, on_change=on_change)
        .props("outlined dense options-dense")
        .classes("tb-input")
        .style("min-width:150px")
    )


async def confirm(title: str, text: str, action: str) -> bool:
    """Ask before something that others will notice."""
    with ui.dialog() as dialog, box("tb-card"):
        html(heading(title), tag("p", text))
        with box("tb-row").style("justify-content:flex-end; margin-top:18px"):
            button("Cancel", lambda: dialog.submit(False))
            button(action, lambda: dialog.submit(True), primary=True)
    return bool(await dialog)


def every(seconds: float, work: Callable[[], Awaitable[None] | None]) -> ui.timer:
    """Do it again and again for as long as this page is open."""
    return ui.timer(seconds, work, immediate=True)
