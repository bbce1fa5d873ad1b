"""From a call to its node: one builder for each function, in three tables that fill `functions.FUNCTIONS`."""

from collections.abc import Callable

from sqlglot import exp

from tailorbird.know.language import people, predicted, scalars, statistics
from tailorbird.know.language.call import Call
from tailorbird.know.language.dialect import FOREIGN, foreign_word, place
from tailorbird.know.language.functions import FUNCTIONS, SCALARS
from tailorbird.know.language.mistake import Mistake, instead, shown
from tailorbird.know.language.reader import Reader
from tailorbird.know.language.tree import Expression

BUILDERS: dict[str, Callable[[Call], Expression]] = {
    **statistics.BUILDERS,
    **people.BUILDERS,
    **predicted.BUILDERS,
    **dict.fromkeys(SCALARS, scalars.scalar),
    **scalars.BUILDERS,
}


def build(reader: Reader, node: exp.Anonymous) -> Expression:
    """The node of a call; raises Mistake for unknown functions and for those that cannot stand there."""
    name = node.name.lower()
    if name not in FUNCTIONS:
        hint = foreign_word(reader.around.text) if name in FOREIGN else None
        raise hint or Mistake(f"{shown(node.name)} is no function.", instead(name, FUNCTIONS), place(node))
    if name not in SCALARS and not reader.scope.statistics:
        raise Mistake(
            f"{name}() looks at a person; a filter or value looks at one event.",
            "Compare it outside the call.",
            place(node),
        )
    return BUILDERS[name](Call(reader, FUNCTIONS[name], node))
