"""Why somebody is in a segment: the conditions that are true, each with what it is now."""

from collections.abc import Callable, Iterator
from typing import Any

from tailorbird.know.language.prediction import model_of
from tailorbird.know.language.tree import And, Case, Compare, Expression, In, IsNull, Like, Member, Not, Or
from tailorbird.know.language.words import predicted
from tailorbird.know.segment.body import Body
from tailorbird.know.segment.logic import CONDITIONS
from tailorbird.know.segment.plan import Plan
from tailorbird.know.segment.standing import Standing
from tailorbird.know.segment.words import words

Look = Callable[[Standing, bytes, int], Any]


class Reasons:
    """Looks at one condition at a time; what it takes is generated when somebody asks first."""

    def __init__(self, plan: Plan, space: dict[str, Any]) -> None:
        self._plan = plan
        self._space = dict(space)
        self._looks: dict[tuple[Expression, str], Look] = {}

    def why(self, standing: Standing, person: bytes, segment: str) -> list[str]:
        """The true conditions of a segment."""
        return list(dict.fromkeys(self._true(self._plan.segments[segment], standing, person)))

    def _true(self, e: Expression, standing: Standing, person: bytes) -> Iterator[str]:
        """What makes it true; nothing where it is not."""
        # De Morgan: what makes `not (a or b)` true is that a is not and b is not.
        if isinstance(e, And) or (isinstance(e, Not) and isinstance(e.part, Or)):
            parts = e.parts if isinstance(e, And) else tuple(Not(part) for part in e.part.parts)  # type: ignore[union-attr]
            for part in parts:
                yield from self._true(part, standing, person)
        elif isinstance(e, Or) or (isinstance(e, Not) and isinstance(e.part, And)):
            parts = e.parts if isinstance(e, Or) else tuple(Not(part) for part in e.part.parts)  # type: ignore[union-attr]
            yield from (
                one
                for part in parts
                if self._holds(part, standing, person)
                for one in self._true(part, standing, person)
            )
        elif isinstance(e, Not) and isinstance(e.part, Not):
            yield from self._true(e.part.part, standing, person)
        elif self._holds(e, standing, person):
            yield self._told(e, standing, person)

    def _told(self, e: Expression, standing: Standing, person: bytes) -> str:
        atom = e.part if isinstance(e, Not) else e
        if not isinstance(atom, CONDITIONS) or isinstance(atom, IsNull | Member | Case):
            return words(e)
        left = atom.left if isinstance(atom, Compare) else atom.value if isinstance(atom, In | Like) else atom
        value = self._look(left, "value")(standing, person, standing.at)
        condition = words(atom).removeprefix(words(left)).strip()
        called = predicted(model_of(left)) or words(left)  # a prediction by what it says, not by how it is stored
        return f"{called} is {shown(value)}, {'not ' if isinstance(e, Not) else ''}{condition}"

    def _holds(self, e: Expression, standing: Standing, person: bytes) -> bool:
        return bool(self._look(e, "true")(standing, person, standing.at))

    def _look(self, e: Expression, form: str) -> Look:
        look = self._looks.get((e, form))
        if look is None:
            body = Body(self._plan, fresh=False)
            code = body.logic.true(e) if form == "true" else body.logic.value(e).alone()
            text = "\n".join(["def look(p, person, t):", *body.lines, f"    return {code}"])
            # As in `module`: no text of a user but in literals.
            exec(compile(text, "<reasons>", "exec"), self._space)  # noqa: S102
            look = self._looks[e, form] = self._space["look"]
        return look


def shown(value: Any) -> str:
    """A value as people read it.

    >>> shown(4.0), shown(0.3333333), shown("tea"), shown(True)
    ('4', '0.333', "'tea'", 'true')
    """
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return repr(value) if isinstance(value, str) else str(value)
