"""What a page asks for: placements, what it is about, and what it does not want."""

import msgspec


class Context(msgspec.Struct, frozen=True):
    """What the page is about. Unknown ids and categories are ignored, not errors."""

    item: str = ""  # the product page's item
    items: tuple[str, ...] = ()  # what lies in the cart
    category: str = ""  # the category page's category
    page: str = ""
    query: str = ""


class Request(msgspec.Struct, frozen=True):
    """One call of `POST /v1/decide`, its person already looked up.

    `limit`: None takes the placement's own; below 1 answers no items; above 100 answers 100.
    """

    placements: tuple[str, ...] = ("home",)
    context: Context = Context()
    exclude: tuple[str, ...] = ()
    limit: int | None = None
    debug: bool = False
    visit: tuple[tuple[str, str], ...] = ()  # what it says of itself: recommend/circumstances.py
