"""What the shop's server tells Tailorbird: events of the e-commerce spec, named after what the visitor did.

The server tells views, basket and orders, because then the page it renders next can wait for them; the SDK in the page
tells page views, time, scrolling, exposures and clicks on recommendations. Nothing is told twice.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shop.client import Client, Json
from shop.visitor import Visitor


async def tell(client: Client, visitor: Visitor, event: str, properties: Json) -> None:
    """A track call in the visitor's name; the visitor's next decision waits for it."""
    await _send(client, visitor, {"type": "track", "event": event, "properties": properties})


async def introduce(client: Client, visitor: Visitor) -> None:
    """An identify call: who was anonymous is now known, and keeps their history."""
    await _send(client, visitor, {"type": "identify", "traits": {}})


async def tell_consent(client: Client, visitor: Visitor, choices: dict[str, bool]) -> None:
    """The one event that a withdrawal does not silence."""
    said = {"consent": {"categoryPreferences": choices}}
    await _send(client, visitor, {"type": "track", "event": "Consent Changed", "properties": choices}, said)


async def _send(client: Client, visitor: Visitor, event: Json, context: Json | None = None) -> None:
    if not (context or visitor.may("analytics")) or not visitor.looking:
        return
    surroundings = {"library": {"name": "homeward", "version": "1"}, "page": {"path": visitor.path}}
    visitor.reached(await client.send([{
        **event,
        **visitor.identifiers,
        "messageId": str(uuid4()),
        "timestamp": datetime.now(UTC).isoformat(),
        "context": {**surroundings, "userAgent": visitor.user_agent, **(context or {})},
    }]))  # fmt: skip


def product(item: Json, quantity: int | None = None) -> Json:
    """An item as the spec's product."""
    fields: dict[str, Any] = {name: item[name] for name in ("name", "category", "brand", "price") if item.get(name)}
    counted = {} if quantity is None else {"quantity": quantity}
    return {"product_id": item["id"], **fields, **counted}
