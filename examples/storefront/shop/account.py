"""Signing in as a household, signing out, and what may be done with the visitor's data."""

import asyncio
import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop.buying import form_of
from shop.cards import art_url, tile_of
from shop.client import Json
from shop.lens import UNTOLD
from shop.page import Shop, local
from shop.telling import introduce, tell_consent

SUGGESTED = ("1", "7", "16", "22", "42", "97", "202", "371", "718", "900", "1023", "1653", "1929", "2337")
SHOWN = 8
PURPOSES = ("analytics", "personalization", "messaging")


@dataclass(frozen=True, slots=True)
class Household:
    """A suggestion on the sign-in page."""

    id: str
    orders: int
    tastes: list[str]
    pictures: list[str]
    tile: int


def routes(shop: Shop) -> list[Route]:
    """The routes, bound to a shop."""

    async def sign_in_page(request: Request) -> Response:
        visitor = shop.visitor(request)
        back = local(request.query_params.get("back", ""))
        return await shop.page(
            request, visitor, "signin.html", households=await _households(shop), back=back, wrong=False
        )

    async def sign_in(request: Request) -> Response:
        visitor, form = shop.visitor(request), await form_of(request)
        user, back = form.get("household", "").strip(), local(form.get("back", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", user):
            households = await _households(shop)
            return await shop.page(
                request, visitor, "signin.html", households=households, back=back, wrong=True, status=422
            )
        visitor.sign_in(user)
        await introduce(shop.client, visitor)
        return shop.back_to(visitor, back)

    async def sign_out(request: Request) -> Response:
        visitor = shop.visitor(request)
        visitor.sign_out()
        response = shop.back_to(visitor, "/")
        response.delete_cookie("tb_offset")
        return response

    async def privacy(request: Request) -> Response:
        return await shop.page(request, shop.visitor(request), "privacy.html", purposes=PURPOSES)

    async def choose(request: Request) -> Response:
        visitor, form = shop.visitor(request), await form_of(request)
        choices = {purpose: form.get(purpose) == "on" for purpose in PURPOSES}
        await tell_consent(shop.client, visitor, choices)
        response = shop.back_to(visitor, "/privacy")
        visitor.choose(choices, response)
        return response

    return [
        Route("/signin", sign_in_page),
        Route("/signin", sign_in, methods=["POST"]),
        Route("/signout", sign_out, methods=["POST"]),
        Route("/privacy", privacy),
        Route("/privacy", choose, methods=["POST"]),
    ]


async def _households(shop: Shop) -> list[Household]:
    profiles = await asyncio.gather(*(shop.client.person("userId", user) for user in SUGGESTED))
    known = [_household(user, profile) for user, profile in zip(SUGGESTED, profiles, strict=True) if profile]
    return [household for household in known if household.tastes][:SHOWN]


def _household(user: str, profile: Json) -> Household:
    tastes = [
        row["name"] for row in profile.get("affinities", {}).get("category", []) if row.get("name") not in UNTOLD
    ][:3]
    pictures = [art_url({"id": f"{user}-{name}", "name": name, "category": name}) for name in tastes]
    orders = (profile.get("rfm") or {}).get("frequency") or 0
    return Household(user, orders, tastes, pictures, tile_of(tastes[0]) if tastes else 0)
