"""The history of a definition: who made which version when, and what changed from one to the next."""

from difflib import SequenceMatcher, unified_diff
from typing import Any

from markupsafe import Markup

from tailorbird.shell.console import numbers
from tailorbird.shell.console.markup import Content, div, join, pill, span, tag
from tailorbird.shell.ports import Definition

_FIELDS = ("sql", "description", "label")


def changed(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Markup:
    """The lines that went and came, by field."""
    parts: list[Content] = []
    for field in _FIELDS:
        old, new = (str((body or {}).get(field, "")) for body in (before, after))
        if old != new:
            parts.append([div(field, cls="tb-sub"), div(_lines(old, new), cls="tb-diff")])
    return join(parts) if parts else div("The same as before.", cls="tb-quiet")


def _lines(old: str, new: str) -> list[Content]:
    if old and new and "\n" not in old + new:
        return _words(old, new)
    # Without the two lines of file names, and without the places, which stand before each part that changed.
    told = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=9))[2:]
    lines = [line for line in told if not line.startswith("@@")]
    tones = {"-": "gone", "+": "come"}
    return [div(line[1:] or " ", cls=tones.get(line[:1], "")) for line in lines]


def _words(old: str, new: str) -> list[Content]:
    """Two single lines, with the words that differ marked."""
    before, after = old.split(" "), new.split(" ")
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    gone = [_marked(before[a:b], "del", step) for step, a, b, _, _ in steps if a < b]
    come = [_marked(after[a:b], "ins", step) for step, _, _, a, b in steps if a < b]
    return [div(gone, cls="gone"), div(come, cls="come")]


def _marked(words: list[str], name: str, step: str) -> Content:
    text = " ".join(words) + " "
    return text if step == "equal" else tag(name, text)


def version_head(one: Definition, newest: bool, now: int) -> Markup:
    """Number, author and time of a version."""
    state = pill("withdrawn", "bad") if one.deleted else pill("in force", "good") if newest else None
    return span(
        tag("b", f"Version {one.version}"), state, span(one.author or numbers.DASH, cls="tb-mono"),
        span(numbers.ago(one.at, now), cls="tb-quiet", title=numbers.moment(one.at)), cls="tb-version-head",
    )  # fmt: skip
