"""Items as the pages show them: a name, a price tag, a picture on a coloured tile, and the reason they are there."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode
from zlib import crc32

from shop.aisles import BY_CATEGORY, category_url
from shop.art.kind import look_of, shape_of
from shop.client import Json

OWN_LABEL = "Homeward"
TILES = 6


@dataclass(frozen=True, slots=True)
class Price:
    """A price as a shelf-edge ticket prints it."""

    whole: str
    cents: str

    @classmethod
    def of(cls, amount: float) -> "Price":
        """
        >>> Price.of(1234.5)
        Price(whole='1,234', cents='50')
        """
        whole, cents = f"{amount:,.2f}".split(".")
        return cls(whole, cents)

    def __str__(self) -> str:
        return f"${self.whole}.{self.cents}"


@dataclass(frozen=True, slots=True)
class Card:
    id: str
    name: str
    size: str
    brand: str
    own: bool
    category: str
    category_url: str
    amount: float | None
    price: Price | None
    url: str
    art: str
    tile: int
    reason: str = ""
    score: float = 0.0


def card(item: Json, reason: str = "", score: float = 0.0) -> Card:
    """The card of a catalogue item; everything but the id may be missing."""
    item_id, category, brand = str(item["id"]), item.get("category") or "", item.get("brand") or ""
    name, size = _name_and_size(item.get("name") or f"Item {item_id}")
    amount = item.get("price")
    return Card(
        id=item_id, name=name, size=size, brand=brand, own=brand == OWN_LABEL, category=category,
        category_url=category_url(category), amount=amount, price=Price.of(amount) if amount is not None else None,
        url=f"/product/{quote(item_id, safe='')}", art=art_url(item), tile=tile_of(category),
        reason=reason, score=score,
    )  # fmt: skip


def cards_of(decision: Json | None) -> list[Card]:
    """The cards of a decision, each with its first reason."""
    choices = (decision or {}).get("items", [])
    return [
        card({**choice.get("item", {}), "id": choice["id"]}, _first_reason(choice), choice.get("score", 0.0))
        for choice in choices
    ]


def art_url(item: Json) -> str:
    """The picture's address; its query is all that the drawing depends on, so it may be cached for ever."""
    name, category = item.get("name") or "", item.get("category") or ""
    shape = shape_of(name, category)
    wishes = {"own": 1} if item.get("brand") == OWN_LABEL else {}
    look = look_of(shape, name)
    query = urlencode(wishes if look is None else {**wishes, "look": look})
    return f"/art/{shape}/{quote(str(item['id']), safe='')}.svg" + (f"?{query}" if query else "")


def tile_of(category: str) -> int:
    """The colour of the tile: an aisle keeps together, its categories differ a little."""
    aisle = BY_CATEGORY.get(category)
    return (aisle.tile if aisle else crc32(category.encode())) % TILES


def _name_and_size(name: str) -> tuple[str, str]:
    """("White Milk", "1 gal") of "White Milk, 1 gal"."""
    head, comma, tail = name.rpartition(", ")
    return (head, tail) if comma and tail[:1].isdigit() else (name, "")


def _first_reason(choice: Json) -> str:
    reasons = choice.get("reasons") or [{}]
    text: str = reasons[0].get("text", "")
    return text[:1].upper() + text[1:]
