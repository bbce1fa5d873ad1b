"""A segment being written: its rows and its SQL, which say the same at every moment."""

from collections.abc import Callable
from typing import Any

from tailorbird.errors import BadDefinition
from tailorbird.shell.console.builder.condition import Group, Written
from tailorbird.shell.console.builder.reading import rows
from tailorbird.shell.console.builder.writing import sql

Read = Callable[[str], Any]  # text -> typed tree; raises BadDefinition


class Draft:
    """Rows and text. Whichever side is changed, the other follows."""

    def __init__(self, read: Read, text: str = "") -> None:
        self._read = read
        self.group = Group()
        self.text = ""
        self.trouble: BadDefinition | None = None
        self.take(text)

    def take(self, text: str) -> None:
        """Somebody wrote SQL: the rows follow, as far as they mean exactly the same."""
        self.text = text
        meant = self._meant(text)
        group = rows(text)
        # The rows are made from the text's form. Where the reader finds another meaning in them, the text stays whole.
        if meant is not None and self._same(group) != meant:
            group = Group("all", (Written(text.strip()),))
        self.group = group

    def change(self, group: Group) -> None:
        """Somebody changed rows: the text follows."""
        self.group = group
        self.text = sql(group)
        self._meant(self.text)

    @property
    def valid(self) -> bool:
        return self.trouble is None and bool(self.text.strip())

    def _meant(self, text: str) -> Any:
        self.trouble = None
        if not text.strip():
            return None
        try:
            return self._read(text)
        except BadDefinition as error:
            self.trouble = error
            return None

    def _same(self, group: Group) -> Any:
        try:
            return self._read(sql(group))
        except BadDefinition:
            return None
