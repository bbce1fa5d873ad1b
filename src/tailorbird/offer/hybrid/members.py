"""Members: recipes of the catalog, tuned within their share of the time and fitted; those left out, with why."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import msgspec

from tailorbird.errors import TailorbirdError
from tailorbird.offer.hybrid.tools import Budget, Cost, Tools
from tailorbird.offer.judge.asking import quality
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.catalog import Entry
from tailorbird.offer.retrievers.retriever import Recipe, Retriever, TunesAsItFits
from tailorbird.offer.retrievers.trying import Spent


@dataclass(frozen=True)
class Member:
    """A recipe with the settings that were chosen for it, fitted without the validation targets."""

    entry: Entry
    recipe: Recipe
    retriever: Retriever
    costs: dict[str, Cost] = field(default_factory=dict)  # of tuning and fitting

    @property
    def name(self) -> str:
        return self.entry.name


def members(
    entries: Sequence[Entry], exam: Trial, budget: Budget, until: float, tools: Tools, seed: int
) -> tuple[list[Member], dict[str, str]]:
    """Each entry gets an equal share of the time that is left until `until`; what it does not need goes to the next.

    `exam` is what settings are chosen on. Also the names of those for which no time was left, with the reason.
    """
    ready: list[Member] = []
    dropped: dict[str, str] = {}
    for place, entry in enumerate(entries):
        if tools.now() >= until and ready:
            dropped[entry.name] = f"no time: {budget.seconds:.0f} s are too few to tune it"
            continue
        share = (until - tools.now()) / (len(entries) - place)
        try:
            ready.append(_member(entry, exam, tools, tools.now() + share, seed))
        except TailorbirdError as error:  # too large for this machine, say
            dropped[entry.name] = str(error)
            tools.say(f"{entry.name} is left out: {error}")
            continue
        spent = ready[-1].costs
        tools.say(f"{entry.name}: tuned in {spent['tune'].seconds:.1f} s, fitted in {spent['fit'].seconds:.1f} s")
    return ready, dropped


def _member(entry: Entry, exam: Trial, tools: Tools, deadline: float, seed: int) -> Member:
    recipe, retriever, judge = entry.recipe, None, Timed(exam, tools, deadline)
    with tools.cost() as tuning:
        if not entry.floor:
            recipe, retriever = _tuned(recipe, judge, seed)
    if retriever:
        # The search has made the fit, which cannot be timed apart from it. The plan of the refit needs a time: the
        # longest wait between two answers of the judge.
        took = min(judge.longest_s, tuning.seconds)
        return Member(entry, recipe, retriever, {
            "tune": replace(tuning, seconds=tuning.seconds - took), "fit": replace(tuning, seconds=took),
        })  # fmt: skip
    with tools.cost() as fitting:
        retriever = recipe.fit(exam.known, seed)
    return Member(entry, recipe, retriever, {"tune": tuning, "fit": fitting})


def _tuned(recipe: Recipe, judge: "Timed", seed: int) -> tuple[Recipe, Retriever | None]:
    """A recipe that lets Spent through falls back on its defaults. With the retriever, if the search has made it."""
    try:
        if isinstance(recipe, TunesAsItFits):
            return recipe.tuned_and_fitted(judge.exam.known, judge, seed)
        return recipe.tuned(judge.exam.known, judge, seed), None
    except Spent:
        return recipe, None


@dataclass
class Timed:
    """A judge that raises Spent when it is asked after its time."""

    exam: Trial
    tools: Tools
    deadline: float
    longest_s: float = 0.0  # between two questions: what a fit took, where the search has made it

    def __post_init__(self) -> None:
        self.heard = self.tools.now()

    def __call__(self, retriever: Retriever) -> float:
        self.longest_s = max(self.longest_s, self.tools.now() - self.heard)
        self.in_time()
        found = quality(retriever, self.exam)
        self.heard = self.tools.now()
        return found

    def in_time(self) -> None:
        """Raises Spent after the deadline."""
        if self.tools.now() > self.deadline:
            raise Spent("The time to choose settings is over.")


def settings(recipe: Recipe) -> dict[str, object]:
    """The settings as data, for the report."""
    told = msgspec.to_builtins(recipe)
    return {name: value for name, value in told.items() if name != "type"} if isinstance(told, dict) else {}
