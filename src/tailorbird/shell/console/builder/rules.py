"""The rows on the page: groups in groups, drawn anew where their shape changes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from nicegui import ui

from tailorbird.shell.console.builder import controls, editing, focus
from tailorbird.shell.console.builder.choices import Choices
from tailorbird.shell.console.builder.condition import Condition, Group, Part, Written
from tailorbird.shell.console.builder.editing import Path
from tailorbird.shell.console.builder.forms import blank
from tailorbird.shell.console.builder.row import Row
from tailorbird.shell.console.markup import span
from tailorbird.shell.console.parts import box, button, html

_OF = {"all": "all", "any": "any", "none": "none", "some": "not all"}
_MEANS: dict[str, tuple[Literal["all", "any"], bool]] = {
    "all": ("all", False),
    "any": ("any", False),
    "none": ("any", True),
    "some": ("all", True),
}


class Rules:
    """All rows of a draft. `changed` hears the group after each change."""

    def __init__(self, choices: Choices, changed: Callable[[Group], None]) -> None:
        self._choices, self._changed = choices, changed
        self._group = Group()
        focus.watch()
        self._place = box("tb-rules")

    def show(self, group: Group) -> None:
        """Draw these rows."""
        self._group = group
        self._place.clear()
        with self._place:
            self._draw_group((), group)

    def _draw_group(self, path: Path, group: Group) -> None:
        with box("tb-rule-group" if path else ""):
            with box("tb-rule-head") as head:
                focus.mark(head, path, head=True)
                controls.words("People for whom" if not path else "")
                key = next(key for key, means in _MEANS.items() if means == (group.of, group.negated))
                controls.choose("how many must hold", _OF, key, lambda word: self._regroup(path, word))
                controls.words("of these hold")
                if path:
                    controls.remove("Remove this group", lambda: self._remove(path))
            for at, part in enumerate(group.parts):
                word = "" if not at else "and" if group.of == "all" else "or"
                self._draw_part((*path, at), part, word)
            self._draw_adders(path)

    def _draw_part(self, path: Path, part: Part, word: str) -> None:
        with box("tb-rule"):
            html(span(word), cls="tb-rule-word")
            if isinstance(part, Group):
                self._draw_group(path, part)
                return
            with box("tb-rule-card") as card:
                focus.mark(card, path)
                self._draw_row(card, path, part)
            controls.remove("Remove this condition", lambda: self._remove(path))

    def _draw_row(self, card: ui.element, path: Path, part: Condition | Written) -> None:
        if isinstance(part, Written):
            self._draw_written(path, part)
            return

        def changed(row: Condition, redraw: bool) -> None:
            self._keep(editing.put(self._group, path, row))
            if redraw:
                card.clear()
                with card:
                    self._draw_row(card, path, row)
                focus.bring(self._place, path)

        Row(part, self._choices, changed)

    def _draw_written(self, path: Path, part: Written) -> None:
        def tell(text: str) -> None:
            self._keep(editing.put(self._group, path, Written(text)))

        with box("tb-rule-line"):
            html(span("SQL"), cls="tb-words")
            area = ui.textarea(value=part.sql, on_change=lambda event: tell(event.value or ""))
            area.props('outlined dense autogrow debounce="250" aria-label="condition as SQL"').classes(
                "tb-input tb-sql"
            )

    def _draw_adders(self, path: Path) -> None:
        with box("tb-rule-add"):
            button("Condition", lambda: self._add(path, blank("count")), icon="add")
            button("Group", lambda: self._add(path, Group("any", (blank("count"),))), icon="account_tree")
            button("SQL", lambda: self._add(path, Written("")), icon="code")

    def _add(self, path: Path, part: Part) -> None:
        group = editing.part_at(self._group, path)
        assert isinstance(group, Group)
        self._do(editing.add(self._group, path, part))
        new = (*path, len(group.parts))
        focus.bring(self._place, new, head=isinstance(part, Group))

    def _remove(self, path: Path) -> None:
        self._do(editing.drop(self._group, path))
        focus.bring(self._place, (), head=True)

    def _regroup(self, path: Path, word: str) -> None:
        if word not in _MEANS:
            return
        of, negated = _MEANS[word]
        group = editing.part_at(self._group, path)
        assert isinstance(group, Group)
        self._do(editing.put(self._group, path, replace(group, of=of, negated=negated)))
        focus.bring(self._place, path, head=True)

    def _do(self, group: Group) -> None:
        """A change of shape: all rows are drawn anew, for their paths are others."""
        self._keep(group)
        self.show(group)

    def _keep(self, group: Group) -> None:
        self._group = group
        self._changed(group)
