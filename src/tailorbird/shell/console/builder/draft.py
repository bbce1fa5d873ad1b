"""A segment being written: its rows and its SQL, which say the same at every moment."""

from collections.abc import Callable

from tailorbird.errors import BadDefinition
from tailorbird.know.language.tree import Expression
from tailorbird.shell.console.builder.condition import Group, Written
from tailorbird.shell.console.builder.reading import rows
from tailorbird.shell.console.builder.writing import sql

Read = Callable[[str], Expression]  # raises BadDefinition


class Draft:
    """Rows and text. Whichever side is changed, the other follows."""

    def __init__(self, read: Read, text: str = "") -> None:
        self._read = read
        self.group = Group()
        self.text = ""
        self.meant: Expression | None = None  # the text, read
        self.trouble: BadDefinition | None = None
        self.take(text)

    def take(self, text: str) -> None:
        """Somebody wrote SQL: the rows follow, as far as they mean exactly the same."""
        self.text = text
        self._judge()
        group = rows(text)
        # The rows are made from the text's form. Where the reader finds another meaning in them, the text stays whole.
        if self.meant is not None and self._said_by(group) != self.meant:
            group = Group("all", (Written(text.strip()),))
        self.group = group

    def change(self, group: Group) -> None:
        """Somebody changed rows: the text follows."""
        self.group = group
        self.text = sql(group)
        self._judge()

    @property
    def valid(self) -> bool:
        return self.meant is not None

    def _judge(self) -> None:
        self.meant = self.trouble = None
        if not self.text.strip():
            return
        try:
            self.meant = self._read(self.text)
        except BadDefinition as error:
            self.trouble = error

    def _said_by(self, group: Group) -> Expression | None:
        try:
            return self._read(sql(group))
        except BadDefinition:
            return None
