"""A clustering's segments and trait, put in force and withdrawn in one step."""

from tailorbird.errors import BadDefinition
from tailorbird.know.cluster.model import Model
from tailorbird.know.cluster.publish import published, segment_name
from tailorbird.shell.engines import Engines
from tailorbird.shell.in_force import seen_events
from tailorbird.shell.site import Change, apply_checked

Key = tuple[str, str]  # kind, name


def publish(engines: Engines, model: Model) -> None:
    """Put its segments and its trait in force, and withdraw those of clusters that are no more.

    Raises BadDefinition, with nothing changed, where a definition of somebody else's has such a name, or where the
    expressions are too large for the engine; the model is kept, but nobody is in its clusters live.
    """
    name = model.manifest.definition.name
    made, author = published(model), author_of(name)
    wanted = {("segment", key): body for key, body in made.segments.items()}
    wanted |= {("trait", key): body for key, body in made.traits.items()}
    present = {(one.kind, one.name): one for kind in ("segment", "trait") for one in engines.definitions.all(kind)}
    # A person's definition wins over a machine's: nothing of somebody else's is ever overwritten.
    for kind, key in wanted:
        if (kind, key) in present and present[kind, key].author != author:
            owner = present[kind, key].author
            raise BadDefinition(f"Cluster {name!r} would publish the {kind} {key!r}, but {owner} made one. Rename one.")
    ours = {key: one.body for key, one in present.items() if one.author == author}
    # None for all that was ours, then what is wanted over it: a cluster that is no more goes in the same step.
    after = {**dict.fromkeys(ours), **wanted}
    changes = [Change(*key, ours.get(key), body) for key, body in after.items() if ours.get(key) != body]
    apply_checked(engines.definitions, changes, _seen(engines), author)


def withdraw(engines: Engines, name: str) -> None:
    """Take everything that a clustering published out of force: it is declared no more."""
    author = author_of(name)
    ours = [
        (kind, one.name, None)
        for kind in ("segment", "trait")
        for one in engines.definitions.all(kind)
        if one.author == author
    ]
    engines.definitions.change(ours, author)


def author_of(name: str) -> str:
    """Who the published definitions are by: they stand in no file of the site, and stay when it is applied."""
    return f"cluster:{name}"


def segments_of(model: Model) -> dict[str, str]:
    """Of each cluster's key the segment that holds its people."""
    name = model.manifest.definition.name
    return {one.key: segment_name(name, one.key) for one in model.manifest.clusters}


def _seen(engines: Engines) -> set[str]:
    with engines.state.snapshot() as snapshot:
        return seen_events(snapshot)
