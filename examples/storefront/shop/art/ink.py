"""What all shapes are drawn with: a product's colours, its label, and a few strokes. The canvas is 120 by 120."""

from collections.abc import Callable
from hashlib import blake2b
from zlib import crc32

WHITE, CREAM, STEEL, GLASS = "#fffdf7", "#fff3dc", "#c9ced6", "#d8ecf0"
LEAF, STEM, CRUST, WOOD = "#4f9a4b", "#7a5a3a", "#d9984a", "#b98450"

# (main, deep, pale, accent): print inks that sit well on each other and on every tile colour.
INKS = (
    ("#e4572e", "#b23c18", "#ffe8d2", "#ffc145"),
    ("#2f6fde", "#1f4fa8", "#dfeaff", "#ffcf4a"),
    ("#3c9d5d", "#26713f", "#e4f5df", "#f7d154"),
    ("#f2b22b", "#cc8a12", "#fff4d2", "#d8432b"),
    ("#1c9a9a", "#12706f", "#daf3ef", "#ff8a5c"),
    ("#e5698a", "#b9456a", "#ffe6ea", "#6b3fa0"),
    ("#6d3b86", "#4d2562", "#f1e3f7", "#f5c542"),
    ("#33395e", "#20243f", "#e4e6f2", "#ff9f43"),
    ("#58b4e8", "#2c86bd", "#e3f4fd", "#f25f5c"),
    ("#7a4b33", "#55311f", "#f6e7d6", "#e9a23b"),
    ("#9cc53b", "#6f9320", "#f3f9dc", "#e4572e"),
    ("#f28c28", "#c0660d", "#fff0dc", "#2f6fde"),
    ("#c8314b", "#951f36", "#ffe3e3", "#ffd166"),
)
OWN_LABEL = ("#5a2a63", "#3f1a47", "#fff6df", "#f3b61f")  # the shop's own colours


def path(d: str, fill: str, more: str = "") -> str:
    return f'<path d="{d}" fill="{fill}" {more}/>'


def rect(x: float, y: float, w: float, h: float, r: float, fill: str, more: str = "") -> str:
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{fill}" {more}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}" {more}/>'


def line(d: str, stroke: str, width: float = 2, more: str = "") -> str:
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linecap="round" {more}/>'


def turned(inner: str, turn: float, x: float = 60, y: float = 60) -> str:
    """A part drawn where it belongs, turned around a point."""
    return f'<g transform="rotate({turn} {x} {y})">{inner}</g>'


def placed(inner: str, x: float, y: float, turn: float = 0) -> str:
    """A part drawn around 0, 0, put somewhere and turned."""
    return f'<g transform="translate({x} {y}) rotate({turn})">{inner}</g>'


def body(d: str, fill: str, inside: str = "", *, light: float = 0.22, shade_from: float = 68) -> str:
    """A solid: outline `d` in one colour, whatever is printed on it, shaded on the right and lit on the left."""
    clip = f"c{crc32(d.encode()):x}"
    shade = rect(shade_from, 0, 80, 120, 0, "#1d0f26", 'opacity=".13"')
    shine = rect(0, 0, 0, 0, 0, "none") if not light else path("M38 0h7v120h-7z", "#fff", f'opacity="{light}"')
    return (
        f'<clipPath id="{clip}"><path d="{d}"/></clipPath><g clip-path="url(#{clip})">'
        f"{path(d, fill)}{inside}{shine}{shade}</g>"
    )


def box(x: float, y: float, w: float, h: float, r: float) -> str:
    """The outline of a rounded rectangle, for `body`."""
    return (
        f"M{x + r} {y}h{w - 2 * r}a{r} {r} 0 0 1 {r} {r}v{h - 2 * r}a{r} {r} 0 0 1 {-r} {r}h{2 * r - w}"
        f"a{r} {r} 0 0 1 {-r} {-r}v{2 * r - h}a{r} {r} 0 0 1 {r} {-r}z"
    )


class Ink:
    """The colours of one product, and its chances: `ink.pick(n, "cap")` is always the same for the same product."""

    def __init__(self, seed: str, *, own: bool = False, look: int | None = None) -> None:
        self.seed, self.own, self.look = seed, own, look
        self.main, self.deep, self.pale, self.accent = OWN_LABEL if own else INKS[self.pick(len(INKS), "ink")]

    def pick(self, choices: int, what: str) -> int:
        digest = blake2b(f"{what}/{self.seed}".encode(), digest_size=4).digest()
        return int.from_bytes(digest, "big") % choices

    def one_of(self, what: str, *colours: str) -> str:
        return colours[self.pick(len(colours), what) if self.look is None else self.look % len(colours)]

    def kind(self, choices: int) -> int:
        """Which of a shape's kinds this is."""
        return self.pick(choices, "kind") if self.look is None else self.look % choices

    def label(self, x: float, y: float, w: float, h: float, paper: str = "") -> str:
        """What is printed on the front: the shop's own emblem, or one of the motifs."""
        printed = _own if self.own else MOTIFS[self.pick(len(MOTIFS), "motif")]
        return f"<svg x='{x}' y='{y}' width='{w}' height='{h}'>" + rect(
            0, 0, w, h, 0, paper or self.pale
        ) + printed(self, w, h) + "</svg>"  # fmt: skip


def _words(ink: Ink, w: float, y: float) -> str:
    """Two lines that stand for small print."""
    return rect(w * 0.24, y, w * 0.52, 2.4, 1.2, ink.deep) + rect(w * 0.34, y + 4.6, w * 0.32, 1.8, 0.9, ink.deep)


def _disc(ink: Ink, w: float, h: float) -> str:
    r = min(w, h) * 0.27
    return oval(w / 2, h * 0.4, r, r, ink.accent) + _words(ink, w, h * 0.76)


def _stripes(ink: Ink, w: float, h: float) -> str:
    bars = "".join(path(f"M{x} {h}L{x + h} 0h7L{x + 7} {h}z", ink.main) for x in range(-int(h), int(w), 14))
    return bars + rect(w * 0.14, h * 0.34, w * 0.72, h * 0.34, 2, WHITE) + _words(ink, w, h * 0.43)


def _waves(ink: Ink, w: float, h: float) -> str:
    def wave(y: float, colour: str) -> str:
        return path(f"M0 {y}q{w / 4} {-h * 0.16} {w / 2} 0t{w / 2} 0V{h}H0z", colour)

    return _words(ink, w, h * 0.2) + wave(h * 0.56, ink.accent) + wave(h * 0.74, ink.main)


def _sun(ink: Ink, w: float, h: float) -> str:
    r = min(w, h) * 0.3
    rays = "".join(
        f'<path d="M{w / 2} {h}L{w / 2 - 3} -{h}h6z" fill="{ink.accent}" opacity=".55" '
        f'transform="rotate({angle} {w / 2} {h * 0.66})"/>'
        for angle in range(-90, 91, 30)
    )
    return rays + path(f"M{w / 2 - r} {h * 0.66}a{r} {r} 0 0 1 {2 * r} 0z", ink.main) + _words(ink, w, h * 0.76)


def _leaf(ink: Ink, w: float, h: float) -> str:
    x, y, s = w / 2, h * 0.42, min(w, h) * 0.3
    left = f"C{x - s * 1.3} {y} {x - s * 0.4} {y - s} {x} {y - s}"
    right = f"C{x + s * 0.4} {y - s} {x + s * 1.3} {y} {x} {y + s}z"
    blade = f"M{x} {y + s}{left}{right}"
    vein = line(f"M{x} {y - s * 0.4}V{y + s * 1.2}", ink.pale, 1.4)
    return path(blade, ink.main) + vein + _words(ink, w, h * 0.8)


def _dots(ink: Ink, w: float, h: float) -> str:
    spots = "".join(
        oval(x, y, 2.3, 2.3, ink.main if (x + y) % 2 else ink.accent)
        for y in range(4, int(h), 8)
        for x in range(4 + (y // 8 % 2) * 4, int(w) + 4, 9)
    )
    return spots + rect(w * 0.16, h * 0.32, w * 0.68, h * 0.36, 3, WHITE) + _words(ink, w, h * 0.42)


def _band(ink: Ink, w: float, h: float) -> str:
    return (
        rect(0, h * 0.28, w, h * 0.36, 0, ink.accent)
        + rect(w * 0.2, h * 0.4, w * 0.6, h * 0.11, 2, ink.deep)
        + rect(w * 0.34, h * 0.76, w * 0.32, 2.2, 1, ink.main)
    )


def _hills(ink: Ink, w: float, h: float) -> str:
    sun = oval(w * 0.7, h * 0.28, w * 0.13, w * 0.13, ink.accent)
    back = path(f"M0 {h * 0.72}L{w * 0.34} {h * 0.36}L{w * 0.7} {h * 0.72}V{h}H0z", ink.main)
    return sun + back + path(f"M{w * 0.3} {h * 0.8}L{w * 0.68} {h * 0.5}L{w} {h * 0.8}V{h}H0V{h * 0.8}z", ink.deep)


def _split(ink: Ink, w: float, h: float) -> str:
    diamond = path(
        f"M{w / 2} {h * 0.2}l{w * 0.24} {h * 0.26}l{-w * 0.24} {h * 0.26}l{-w * 0.24} {-h * 0.26}z", ink.accent
    )
    return path(f"M0 0H{w}L0 {h}z", ink.main, 'opacity=".85"') + diamond + _words(ink, w, h * 0.82)


def _own(ink: Ink, w: float, h: float) -> str:
    """The shop's own label: its gable with the lit door."""
    x, y, r = w / 2, h * 0.14, min(w, h) * 0.3
    gable = f"M{x} {y}l{r} {r * 0.8}v{r * 1.1}h{-2 * r}v{-r * 1.1}z"
    door = f"M{x - r * 0.34} {y + r * 1.9}v{-r * 0.6}a{r * 0.34} {r * 0.34} 0 0 1 {r * 0.68} 0v{r * 0.6}z"
    return rect(0, h * 0.84, w, h * 0.16, 0, ink.accent) + path(gable, ink.main) + path(door, ink.accent)


Motif = Callable[[Ink, float, float], str]
MOTIFS: tuple[Motif, ...] = (_disc, _stripes, _waves, _sun, _leaf, _dots, _band, _hills, _split)
