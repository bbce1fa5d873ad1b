"""What was said last: a declared trait, or a yes or no to a purpose."""

from typing import Any, ClassVar

from tailorbird.know.statistics.ends import Last


class Word(Last):
    """A trait: of two words at once the larger counts."""


class Consent(Last):
    """A yes or no: of two words at once the refusal counts.

    >>> said = Consent()
    >>> said.update(5, True), said.update(5, False), said.update(4, True), said.get(9)
    (True, True, True, False)
    """

    joins: ClassVar[bool] = True

    def update(self, at: int, value: Any) -> bool:
        if at > self.at or (at == self.at and value < self.value):
            self.at, self.value = at, value
        return True
