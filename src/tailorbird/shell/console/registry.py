"""The models on disk as the console shows them."""

from typing import Any, NamedTuple

from tailorbird.errors import Corrupt
from tailorbird.shell.console.desk import Desk

SERVING, FLOOR = "blend", "popular"
MEASURES = ("recall@20", "ndcg@20", "mrr", "coverage")
TITLES = {
    "blend": "Blend",
    "popular": "Popular",
    "trending": "Trending",
    "item_to_item": "Item to item",
    "segment": "Popular in segment",
    "buy_again": "Buy it again",
    "most_bought_by_person": "Most bought",
    "champion": "The champion then",
    "blend_without_trees": "Blend without trees",
}
Line = dict[str, Any]


class Version(NamedTuple):
    """One trained model. `trouble` says why it cannot be read, where it cannot."""

    name: str
    serves: bool
    trained_at: int = 0
    seconds: float = 0.0
    interactions: int = 0
    people: int = 0
    evaluation: tuple[Line, ...] = ()
    trouble: str = ""
    verdict: str = ""  # why it was promoted, or why not
    champion: str = ""  # what it was judged beside
    parts: tuple[Any, ...] = ()  # recommend.measured.Part, everyone first
    lineage: tuple[tuple[str, str], ...] = ()

    def line(self, model: str) -> Line:
        """The evaluation of one scorer, {} where it was not evaluated."""
        return next((line for line in self.evaluation if line.get("model") == model), {})

    def gain(self, measure: str = "recall@20") -> float | None:
        """How many times the blend does what popularity does."""
        best, floor = self.line(SERVING).get(measure), self.line(FLOOR).get(measure)
        return best / floor if best is not None and floor else None


def versions(desk: Desk) -> list[Version]:
    """All versions, newest first."""
    from tailorbird.shell.models import Models

    models = Models(desk.layout.models)
    current = models.current()
    return [_version(models, name, name == current) for name in reversed(models.versions())]


def promote(desk: Desk, name: str) -> None:
    """Let it serve; raises Corrupt if it cannot be loaded."""
    from tailorbird.shell.models import Models

    Models(desk.layout.models).promote(name)


def roll_back(desk: Desk) -> str:
    """Let the one before serve; its name. Raises BadRequest where there is none."""
    from tailorbird.shell.models import Models

    return Models(desk.layout.models).roll_back()


def ask_for_training(desk: Desk) -> None:
    """The batch process trains when it finds this file."""
    desk.layout.run.mkdir(parents=True, exist_ok=True)
    (desk.layout.run / "train").touch()


def _version(models: Any, name: str, serves: bool) -> Version:
    from tailorbird.shell.model_words import lineage_lines

    try:
        told = models.manifest(name)
    except Corrupt as error:
        return Version(name, serves, trouble=str(error))
    return Version(
        name,
        serves,
        told.trained_at,
        told.seconds,
        told.interactions,
        told.people,
        tuple(told.evaluation),
        verdict=told.verdict,
        champion=told.report.champion,
        parts=tuple(told.report.parts),
        lineage=tuple(lineage_lines(told)),
    )
