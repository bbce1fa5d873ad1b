"""Product pictures drawn by code: the catalogue has no photographs, so every product gets a still life of its own.

    kind.py      which shape a product has, from the words of its name and category
    ink.py       its colours and its label, from a hash of the product
    drinks.py, larder.py, packets.py, produce.py, counter.py, care.py, home.py   the shapes themselves
"""

from functools import lru_cache

from shop.art import care, counter, drinks, home, larder, packets, produce
from shop.art.ink import Ink

SHAPES = {
    name: shape
    for module in (drinks, larder, packets, produce, counter, care, home)
    for name, shape in vars(module).items()
    if callable(shape) and shape.__module__ == module.__name__ and not name.startswith("_")
}


@lru_cache(maxsize=4096)
def picture(shape: str, seed: str, own: bool = False, look: int | None = None) -> str:
    """The SVG of one product: equal arguments always give the same picture.

    `own` prints the shop's own label on it, `look` chooses among the shape's natural colours.
    """
    drawing = SHAPES.get(shape, packets.box)(Ink(seed, own=own, look=look))
    ground = '<ellipse cx="60" cy="108" rx="38" ry="4" fill="#2a1730" opacity=".13"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">{ground}{drawing}</svg>'
