"""Pages to look around: home, aisles, categories, products, search."""

import math
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop.aisles import BY_CATEGORY, BY_SLUG
from shop.cards import art_url, card
from shop.page import Shop
from shop.telling import product, tell

PAGE = 24


def routes(shop: Shop) -> list[Route]:
    """The routes, bound to a shop."""

    async def home(request: Request) -> Response:
        visitor = shop.visitor(request)
        hello = _greeting(datetime.now().hour)
        return await shop.page(request, visitor, "home.html", ["again", "home", "popular"], hello=hello)

    async def aisle(request: Request) -> Response:
        visitor, found = shop.visitor(request), BY_SLUG.get(request.path_params["slug"])
        if not found:
            return await missing(request)
        pictures = {name: art_url({"id": name, "name": name, "category": name}) for name in found.categories}
        return await shop.page(request, visitor, "aisle.html", ["home"], aisle=found, pictures=pictures)

    async def category(request: Request) -> Response:
        visitor, name = shop.visitor(request), request.path_params["name"]
        number = _page_number(request)
        items, total = await shop.client.search(category=name, limit=PAGE, offset=(number - 1) * PAGE)
        if number == 1 and items:
            await tell(shop.client, visitor, "Product List Viewed", {"category": name})
        return await shop.page(
            request, visitor, "category.html", name=name, aisle=BY_CATEGORY.get(name), total=total, number=number,
            cards=[card(item) for item in items], pages=math.ceil(total / PAGE),
            status=200 if items or shop.client.away else 404,
        )  # fmt: skip

    async def one(request: Request) -> Response:
        visitor, item_id = shop.visitor(request), request.path_params["id"]
        item = await shop.client.item(item_id)
        if not item:
            return await missing(request)
        await tell(shop.client, visitor, "Product Viewed", {**product(item), "url": request.url.path})
        about = {"item": item_id, "category": item.get("category", "")}
        shown = card(item)
        return await shop.page(
            request,
            visitor,
            "product.html",
            ["product", "similar"],
            about,
            item=item,
            card=shown,
            aisle=BY_CATEGORY.get(shown.category),
        )

    async def search(request: Request) -> Response:
        visitor, query = shop.visitor(request), request.query_params.get("q", "").strip()[:200]
        number = _page_number(request)
        items, total = await shop.client.search(query, limit=PAGE, offset=(number - 1) * PAGE) if query else ([], 0)
        if query and number == 1:
            await tell(shop.client, visitor, "Products Searched", {"query": query})
        placements = [] if items else ["home"]
        return await shop.page(
            request, visitor, "search.html", placements, query=query, total=total, number=number,
            cards=[card(item) for item in items], pages=math.ceil(total / PAGE),
        )  # fmt: skip

    async def missing(request: Request) -> Response:
        return await shop.page(
            request, shop.visitor(request), "missing.html", ["popular"], status=503 if shop.client.away else 404
        )

    return [
        Route("/", home),
        Route("/aisle/{slug}", aisle),
        Route("/category/{name:path}", category),
        Route("/product/{id:path}", one),
        Route("/search", search),
        Route("/{anything:path}", missing),
    ]


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return max(1, min(10_000, int(text))) if text.isdecimal() else 1


def _greeting(hour: int) -> str:
    return next(
        word
        for until, word in ((5, "Good evening"), (12, "Good morning"), (18, "Good afternoon"), (24, "Good evening"))
        if hour < until
    )
