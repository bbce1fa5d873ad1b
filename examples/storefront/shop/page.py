"""Every page goes through here: who is there, what they should see, what the panel says, which cookies change."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from shop.aisles import AISLES, category_url
from shop.cards import Price, art_url, cards_of
from shop.client import Client, Json
from shop.lens import look
from shop.settings import Settings
from shop.visitor import Visitor

HERE = Path(__file__).parent


class Shop:
    """What the pages share: the client, the templates, the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = Client(settings)
        loader = FileSystemLoader(HERE / "templates")
        self._templates = Environment(
            loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals.update(
            aisles=AISLES, settings=settings, money=Price.of, category_url=category_url, art_url=art_url
        )

    def visitor(self, request: Request) -> Visitor:
        return Visitor(request, self.settings.secret)

    async def page(
        self,
        request: Request,
        visitor: Visitor,
        template: str,
        placements: Sequence[str] = (),
        context: Mapping[str, Any] | None = None,
        *,
        limit: int = 6,
        status: int = 200,
        **values: Any,
    ) -> Response:
        """A page with its placements decided after all that this visitor just did, and the panel that explains them."""
        about = {"page": request.url.path, **(context or {})}
        decisions: Json = {}
        if placements:
            decisions = await self.client.decide(visitor.person, placements, about, limit, visitor.offset)
        shown = {name: cards_of(decision) for name, decision in decisions.items()}
        lens = await look(self.client, visitor, decisions, shown)
        html = self._templates.get_template(template).render(
            request=request,
            visitor=visitor,
            decisions=decisions,
            shown=shown,
            lens=lens,
            away=self.client.away,
            **values,
        )
        response = HTMLResponse(html, status, headers={"Cache-Control": "private, no-store"})
        visitor.save(response)
        return response

    def back_to(self, visitor: Visitor, url: str) -> Response:
        """After a form: the browser goes on to a page, so that reloading does not send the form again."""
        response = RedirectResponse(url, 303)
        visitor.save(response)
        return response


def local(url: str, otherwise: str = "/") -> str:
    """`url` if it is a path of this shop, so that nobody can be sent elsewhere through us.

    >>> local("/cart"), local("//evil.example"), local("https://evil.example"), local("/\\\\evil.example")
    ('/cart', '/', '/', '/')
    """
    return url if url.startswith("/") and url[1:2] not in ("/", "\\") else otherwise
