"""Product pictures drawn by code: the catalogue has no photographs, so every product gets a still life of its own.

kind.py      which shape a product has, from the words of its name and category
ink.py       its colours and its label, from a hash of the product
drinks.py, larder.py, packets.py, produce.py, counter.py, care.py, home.py, leisure.py   the shapes themselves
"""

from functools import lru_cache

from shop.art import care, counter, drinks, home, larder, leisure, packets, produce
from shop.art.ink import Ink

SHAPES = {
    name: shape
    for module in (drinks, larder, packets, produce, counter, care, home, leisure)
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


# The tile colours of shop.css, by day and by night, for pictures that bring their tile along.
TILES = (("#fdeec2", "#57492a"), ("#fbdeda", "#573638"), ("#d9eaf8", "#2d4355"),
         ("#daf0df", "#2f4b3a"), ("#e8e0f6", "#433659"), ("#fde2cb", "#583f2d"))  # fmt: skip


def on_tile(drawing: str, tile: int) -> str:
    """The picture with air around it, on the colour of its tile."""
    day, night = TILES[tile % len(TILES)]
    style = f"<style>.t{{fill:{day}}}@media(prefers-color-scheme:dark){{.t{{fill:{night}}}}}</style>"
    back = f'{style}<rect class="t" x="-14" y="-14" width="148" height="148"/>'
    return drawing.replace('viewBox="0 0 120 120">', f'viewBox="-14 -14 148 148">{back}', 1)
