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
from shop.art import picture
from shop.art.kind import look_of, shape_of
from shop.cards import OWN_LABEL
from shop.page import HERE, Shop
from shop.settings import Settings

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


async def art(request: Request) -> Response:
    """/art/SHAPE/SEED.svg, or /art/of/ID.svg?name=...&category=...&brand=... for pages that do not know the shape."""
    shape, seed, query = request.path_params["shape"], request.path_params["seed"], request.query_params
    own, look = "own" in query, int(query["look"]) if query.get("look", "").isdecimal() else None
    if shape == "of":
        name = query.get("name", "")
        shape, own = shape_of(name, query.get("category", "")), query.get("brand") == OWN_LABEL
        look = look_of(shape, name)
    return Response(picture(shape, seed[:80], own, look), media_type="image/svg+xml", headers=FOR_EVER)


def make_app(settings: Settings) -> Starlette:
    """A shop that is open: its pages, its pictures, its static files."""
    shop = Shop(settings)

    @asynccontextmanager
    async def opening_hours(app: Starlette) -> AsyncIterator[None]:
        yield
        await shop.client.close()

    routes = [
        Route("/art/{shape}/{seed}.svg", art),
        Mount("/static", StaticFiles(directory=HERE / "static")),
        *buying.routes(shop),
        *account.routes(shop),
        *browsing.routes(shop),
    ]
    return Starlette(routes=routes, middleware=[Middleware(GZipMiddleware, minimum_size=800)], lifespan=opening_hours)
