"""Basket and checkout."""

import asyncio
from urllib.parse import parse_qs
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shop.cards import Card, Price, card
from shop.client import Json
from shop.page import Shop, local
from shop.telling import product, tell
from shop.visitor import Visitor


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a posted form; at most 10 kB are read."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > 10_000:
            return {}
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def routes(shop: Shop) -> list[Route]:
    """The routes, bound to a shop."""

    async def add(request: Request) -> Response:
        visitor, form = shop.visitor(request), await form_of(request)
        item_id = form.get("id", "")
        quantity = visitor.cart.get(item_id, 0) + _count(form.get("quantity", "1"))
        return await change(request, visitor, item_id, quantity, form.get("back", ""))

    async def set_quantity(request: Request) -> Response:
        visitor, form = shop.visitor(request), await form_of(request)
        return await change(request, visitor, form.get("id", ""), _count(form.get("quantity", "0")), "/cart")

    async def change(request: Request, visitor: Visitor, item_id: str, quantity: int, back: str) -> Response:
        item = await shop.client.item(item_id)
        if item:
            difference = visitor.put(item_id, quantity)
            event = "Product Added" if difference > 0 else "Product Removed"
            if difference:
                await tell(shop.client, visitor, event, product(item, abs(difference)))
        if "application/json" not in request.headers.get("accept", ""):
            return shop.back_to(visitor, local(back, "/cart"))
        response = JSONResponse({"pieces": visitor.pieces, "added": bool(item)})
        visitor.save(response)
        return response

    async def cart(request: Request) -> Response:
        visitor = shop.visitor(request)
        lines = await _lines(shop, visitor)
        if lines:
            await tell(shop.client, visitor, "Cart Viewed", {"products": [product(item, n) for item, _, n in lines]})
        about = {"items": list(visitor.cart)}
        return await shop.page(
            request, visitor, "cart.html", ["cart"] if lines else ["home"], about, lines=lines, total=_total(lines)
        )

    async def checkout(request: Request) -> Response:
        visitor = shop.visitor(request)
        lines = await _lines(shop, visitor)
        if not lines:
            return shop.back_to(visitor, "/cart")
        await tell(shop.client, visitor, "Checkout Started", _order("", lines))
        return await shop.page(request, visitor, "checkout.html", lines=lines, total=_total(lines))

    async def place(request: Request) -> Response:
        visitor = shop.visitor(request)
        lines = await _lines(shop, visitor)
        if lines:
            order_id = f"W{uuid4().hex[:8].upper()}"
            await tell(shop.client, visitor, "Order Completed", _order(order_id, lines))
            visitor.order = {"id": order_id, "pieces": visitor.pieces, "total": str(_total(lines))}
            visitor.cart = {}
        return shop.back_to(visitor, "/thanks" if lines else "/cart")

    async def thanks(request: Request) -> Response:
        visitor = shop.visitor(request)
        if not visitor.order:
            return shop.back_to(visitor, "/")
        return await shop.page(request, visitor, "thanks.html", ["home"])

    return [
        Route("/cart", cart),
        Route("/cart/add", add, methods=["POST"]),
        Route("/cart/set", set_quantity, methods=["POST"]),
        Route("/checkout", checkout),
        Route("/checkout", place, methods=["POST"]),
        Route("/thanks", thanks),
    ]


Line = tuple[Json, Card, int]


async def _lines(shop: Shop, visitor: Visitor) -> list[Line]:
    items = await asyncio.gather(*(shop.client.item(item_id) for item_id in visitor.cart))
    return [(item, card(item), n) for item, n in zip(items, visitor.cart.values(), strict=True) if item]


def _total(lines: list[Line]) -> Price:
    return Price.of(_sum(lines))


def _sum(lines: list[Line]) -> float:
    return round(sum((shown.amount or 0) * n for _, shown, n in lines), 2)


def _order(order_id: str, lines: list[Line]) -> Json:
    total = _sum(lines)
    products = [product(item, n) for item, _, n in lines]
    named = {"order_id": order_id} if order_id else {}
    return {**named, "revenue": total, "total": total, "currency": "USD", "products": products}


def _count(text: str) -> int:
    return min(99, int(text)) if text.isdecimal() else 1
