"""A decision without a server: the catalogue, the model that serves and one person, read from a data folder.

The same function as behind `POST /v1/decide`, on the same model; nothing is logged, for nobody sees it.
"""

from uuid import uuid4

from tailorbird.errors import BadRequest
from tailorbird.events import Decision
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import FROM_AN_ITEM
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.declared import placements_of, policy_of
from tailorbird.shell.engines import Engines
from tailorbird.shell.http.lookup import Lookup
from tailorbird.shell.models import Models


def recommend(engines: Engines, person: Person | None, request: Request, now: int) -> Decision:
    """What the request's one placement would show this person; None is a stranger.

    Raises BadRequest where no placement has that name, or where it needs an item to start from and got none.
    """
    placements = placements_of(engines.definitions)
    [name] = request.placements
    if name not in placements:
        raise BadRequest(f"No placement is called {name!r}. Known: {', '.join(sorted(placements))}.")
    if placements[name].recipe in FROM_AN_ITEM and not (request.context.item or request.context.items):
        raise BadRequest(f"Placement {name!r} starts from an item of the page. Name one: --item ID.")
    models = Models(engines.layout.models)
    model = models.load(models.current()) if models.current() else None
    [decision] = decide(
        request, person, shelf_of(engines), model, placements, policy_of(engines.definitions), now, _new_id
    )
    return decision


def person_of(engines: Engines, kind: str, value: str) -> Person | None:
    """One person as `POST /v1/decide` looks them up; None where nobody is known as that."""
    lookup = Lookup(engines.state, engines.site_key)
    return lookup.find(lookup.identifiers({kind: value})).known


def shelf_of(engines: Engines) -> Shelf:
    """The catalogue as it stands."""
    shelf, version = Shelf(), engines.catalogue.version()
    shelf.apply(engines.catalogue.changes(0), version)
    return shelf


def _new_id() -> str:
    return uuid4().hex
