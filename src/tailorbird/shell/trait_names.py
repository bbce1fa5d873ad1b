"""Reasons in a site's own words: definitions are read with traits put in place, people think of them by their names."""

from tailorbird.know.language.tree import Program
from tailorbird.know.segment.words import words


class TraitNames:
    """The texts of a program's traits, to be replaced by their names."""

    def __init__(self, program: Program) -> None:
        spelled = ((words(one.expression), one.name) for one in program.traits)
        self._spelled = sorted(spelled, key=lambda pair: -len(pair[0]))  # a trait may hold another

    def put(self, reason: str) -> str:
        """The reason, such as "spend_trend is 0.41, < 0.5"."""
        for text, name in self._spelled:
            reason = reason.replace(f"({text})", name).replace(text, name)
        what = reason.partition(" is ")[0]
        return reason.replace(f", {what} ", ", ")
