"""HTML that cannot be injected into: every text is escaped unless it is markup already.

Most of a page is static once rendered, and one element of many rows is much cheaper than a component a cell; what
reacts is made of NiceGUI elements instead.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

Content = str | Markup | Iterable["Content"] | None


def tag(name: str, *children: Content, cls: str = "", **attributes: str | float | None) -> Markup:
    """One element.

    >>> tag("a", "<b>", href="/x?a=1&b=2", cls="link")
    Markup('<a class="link" href="/x?a=1&amp;b=2">&lt;b&gt;</a>')
    """
    pairs = {"class": cls or None, **attributes}
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in pairs.items() if value is not None
    )
    return Markup(f"<{name}{written}>{join(children)}</{name}>")  # noqa: S704 - all parts are escaped above


def join(parts: Content) -> Markup:
    """All parts after each other, escaped.

    >>> join(["a", None, ["<", tag("i")]])
    Markup('a&lt;<i></i>')
    """
    if parts is None:
        return Markup()
    # Before what can be iterated over, for a text can be, too.
    if isinstance(parts, str):
        return escape(parts)
    return Markup().join(join(part) for part in parts)


def div(*children: Content, cls: str = "", **attributes: str | float | None) -> Markup:
    return tag("div", *children, cls=cls, **attributes)


def span(*children: Content, cls: str = "", **attributes: str | float | None) -> Markup:
    return tag("span", *children, cls=cls, **attributes)


def link(text: Content, href: str, cls: str = "tb-link") -> Markup:
    """A link within the console."""
    return tag("a", text, href=href, cls=cls)


def table(heads: Sequence[str], rows: Iterable[Sequence[Content]], numeric: Sequence[int] = ()) -> Markup:
    """A table; the columns in `numeric` are set right-aligned in figures of equal width.

    >>> table(["n"], [["1"]], numeric=[0])[:51]
    Markup('<div class="tb-scroll"><table class="tb-table"><the')
    """

    def cells(name: str, values: Sequence[Content]) -> list[Markup]:
        return [tag(name, value, cls="num" if at in numeric else "") for at, value in enumerate(values)]

    body = [tag("tr", cells("td", row)) for row in rows]
    return div(
        tag("table", tag("thead", tag("tr", cells("th", heads))), tag("tbody", body), cls="tb-table"), cls="tb-scroll"
    )


def pill(text: str, tone: str = "quiet") -> Markup:
    """A small label; tones: good, warn, bad, info, accent, quiet."""
    return span(text, cls=f"tb-pill {tone}")


def bar(share: float, tone: str = "") -> Markup:
    """A horizontal bar of 0 to 1."""
    return div(div(cls=f"fill {tone}", style=f"width:{100 * min(1.0, max(0.0, share)):.1f}%"), cls="tb-bar")


def pairs(entries: Iterable[tuple[Content, Content]]) -> Markup:
    """Names beside their values."""
    return tag("dl", ([tag("dt", name), tag("dd", value)] for name, value in entries), cls="tb-pairs")


def pre(text: str) -> Markup:
    """Text as it was written, in letters of one width."""
    return tag("pre", text, cls="tb-pre")
