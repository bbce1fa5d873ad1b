"""The shop as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from shop import account, browsing, buying
from shop.art import on_tile, picture
from shop.art.kind import look_of, shape_of
from shop.cards import OWN_LABEL, tile_of
from shop.page import HERE, Shop
from shop.settings import Settings

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


async def art(request: Request) -> Response:
    """/art/SHAPE/SEED.svg?own=1&look=2: a product's picture."""
    shape, seed, query = request.path_params["shape"], request.path_params["seed"], request.query_params
    look = int(query["look"]) if query.get("look", "").isdecimal() else None
    return _svg(picture(shape, seed[:80], "own" in query, look))


async def tiled(request: Request) -> Response:
    """/tiled/ID.svg?name=...&category=...&brand=...: with its tile, for a browser that knows nothing of shapes."""
    query = request.query_params
    name, category = query.get("name", ""), query.get("category", "")
    shape = shape_of(name, category)
    own = query.get("brand") == OWN_LABEL
    return _svg(on_tile(picture(shape, request.path_params["seed"][:80], own, look_of(shape, name)), tile_of(category)))


def _svg(drawing: str) -> Response:
    return Response(drawing, media_type="image/svg+xml", headers=FOR_EVER)


def make_app(settings: Settings) -> Starlette:
    """A shop that is open: its pages, its pictures, its static files."""
    shop = Shop(settings)

    @asynccontextmanager
    async def opening_hours(app: Starlette) -> AsyncIterator[None]:
        yield
        await shop.client.close()

    routes = [
        Route("/art/{shape}/{seed}.svg", art),
        Route("/tiled/{seed}.svg", tiled),
        Mount("/static", StaticFiles(directory=HERE / "static")),
        *buying.routes(shop),
        *account.routes(shop),
        *browsing.routes(shop),
    ]
    return Starlette(routes=routes, middleware=[Middleware(GZipMiddleware, minimum_size=800)], lifespan=opening_hours)
