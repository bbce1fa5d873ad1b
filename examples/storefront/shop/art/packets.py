"""Boxes, bags, sacks, pouches and trays."""

from shop.art.ink import CREAM, CRUST, WHITE, Ink, body, line, oval, path, placed, rect
from shop.art.ink import box as outline


def box(ink: Ink) -> str:
    """A carton with its side in view: cereal, crackers, mixes."""
    side = path("M80 20l14 7v75l-14 6z", ink.deep)
    return side + body("M30 20h50v88H30z", ink.main, ink.label(36, 38, 38, 52), shade_from=90)


def flat_box(ink: Ink) -> str:
    """Frozen dinners, tissues, chocolates."""
    top = path("M16 56l12-18h76L92 56z", ink.pale) + path("M92 56l12-18v48L92 106z", ink.deep)
    return top + body("M16 56h76v50H16z", ink.main, ink.label(26, 62, 56, 38), shade_from=130)


def pizza(ink: Ink) -> str:
    slices = "".join(
        oval(x, y, 6, 6, "#c0392b") for x, y in ((48, 46), (70, 40), (80, 60), (60, 64), (42, 68), (66, 82))
    )
    green = "".join(oval(x, y, 3, 1.6, "#4f8f3a") for x, y in ((58, 50), (74, 74), (50, 82), (86, 48)))
    return oval(62, 60, 44, 44, CRUST) + oval(62, 60, 38, 38, "#f5c95b") + slices + green + path(
        "M62 60L24 92a50 50 0 0 0 22 13z", WHITE, 'opacity=".16"'
    )  # fmt: skip


def bag(ink: Ink) -> str:
    """A pillow bag: crisps, nuts, sweets."""
    pillow = "M34 18c8 3 44 3 52 0-2 20 6 30 4 46s2 26-2 44c-10-4-46-4-56 0-4-18 0-28-2-44s6-26 4-46z"
    seal = "".join(line(f"M{x} 19v6M{x} 100v6", ink.deep, 1.2) for x in range(36, 88, 4))
    return body(pillow, ink.main, ink.label(36, 40, 48, 46) + seal, light=0.3)


def sack(ink: Ink) -> str:
    """Flour, sugar, charcoal, litter."""
    paper = "M34 26c6 4 46 4 52 0l4 10c-4 20-4 44 0 66-2 5-58 5-60 0 4-22 4-46 0-66z"
    return body(paper, CREAM, rect(28, 40, 64, 12, 0, ink.main) + ink.label(40, 56, 40, 40)) + path(
        "M34 26c6-6 46-6 52 0-6 4-46 4-52 0z", "#e3d2b0"
    )  # fmt: skip


def pouch(ink: Ink) -> str:
    """A stand-up pouch: rice, dried fruit, treats, frozen vegetables."""
    shape = "M34 22h52l4 78c0 5-4 8-10 8H40c-6 0-10-3-10-8z"
    notch = line("M36 31h48", ink.pale, 1.6, 'stroke-dasharray="3 3"')
    return body(shape, ink.main, ink.label(38, 42, 44, 42) + notch) + rect(33, 18, 54, 8, 2, ink.deep)


def peas(ink: Ink) -> str:
    """Frozen vegetables."""
    spheres = "".join(
        oval(x, y, 6, 6, ink.one_of(f"{x}{y}", "#6bb04a", "#8cc152", "#f28c28", "#f5d04c"))
        for y, row in ((88, (38, 50, 62, 74, 84)), (98, (34, 46, 58, 70, 82)), (78, (44, 58, 72)))
        for x in row
    )
    shape = "M32 22h56l3 80c0 4-3 6-8 6H37c-5 0-8-2-8-6z"
    return body(shape, ink.main, ink.label(38, 34, 44, 34) + spheres) + rect(31, 17, 58, 8, 2, ink.deep)


def pasta(ink: Ink) -> str:
    strands = "".join(rect(x, 62, 3, 40, 1.5, "#f0c15a") for x in range(41, 80, 5))
    window = rect(38, 60, 44, 44, 4, "#fbe9b7") + strands
    return path("M82 20l10 6v76l-10 6z", ink.deep) + body(
        "M32 20h50v88H32z", ink.main, ink.label(38, 26, 38, 28) + window
    )


def bar(ink: Ink) -> str:
    """A chocolate or snack bar, half unwrapped."""
    chocolate = path("M26 86L74 22l20 15-48 64z", "#6b3f26") + line("M38 92l20 15M50 76l20 15", "#54301c", 2)
    wrapper = body("M22 92l26-35 22 16-26 35z", ink.main, ink.label(30, 62, 30, 36), light=0)
    return f'<g transform="rotate(8 60 60)">{chocolate}{wrapper}{line("M48 57l22 16", WHITE, 2.4)}</g>'


def sweets(ink: Ink) -> str:
    def sweet(x: float, y: float, turn: int, colour: str) -> str:
        wings = path("M-24-9l11 9-11 9zM24-9l-11 9 11 9z", colour)
        return placed(wings + oval(0, 0, 14, 12, colour) + line("M-6-5q6-5 11 0", WHITE, 2.4), x, y, turn)

    return sweet(44, 46, -24, ink.main) + sweet(80, 66, 18, ink.accent) + sweet(46, 92, 8, ink.deep)


def cookie(ink: Ink) -> str:
    chips = ((44, 56), (62, 50), (76, 62), (52, 74), (68, 80), (84, 78), (60, 94), (42, 88))
    drops = "".join(oval(x, y, 4.2, 3.6, "#5a3321") for x, y in chips)
    dough = ink.one_of("dough", "#d99f57", "#c98c46", "#e3b370", "#8a5a3a")
    back = oval(74, 52, 32, 32, "#b57a38")
    return (
        back
        + oval(60, 72, 36, 35, dough)
        + drops
        + path(
            "M30 58a36 35 0 0 1 22-20",
            "none",
            'stroke="#fff" stroke-opacity=".4" stroke-width="3" stroke-linecap="round"',
        )
    )


def crackers(ink: Ink) -> str:
    def cracker(x: int, y: int, turn: int) -> str:
        holes = "".join(oval(a, b, 1.7, 1.7, "#b87a33") for a in (-10, 0, 10) for b in (-10, 0, 10))
        return f'<g transform="translate({x} {y}) rotate({turn})">{rect(-19, -19, 38, 38, 5, "#efc27b")}{holes}</g>'

    return cracker(76, 44, 14) + cracker(46, 58, -12) + cracker(70, 84, 6)


def popcorn(ink: Ink) -> str:
    puffs = ((38, 38), (50, 28), (62, 34), (74, 28), (84, 40), (56, 42), (70, 44), (44, 46))
    corn = "".join(oval(x, y, 10, 9, "#fff4cf") + oval(x + 2, y + 2, 4, 3, "#f2cd6a") for x, y in puffs)
    stripes = "".join(path(f"M{x} 48h8l{(64 - x) * 0.12} 60h-7z", ink.main) for x in (30, 47, 64, 81))
    return corn + body("M28 48h64l-8 60H36z", CREAM, stripes, light=0)


def tray(ink: Ink) -> str:
    """Party trays, prepared food."""
    food = "".join(
        oval(x, y, 10, 6, c)
        for x, y, c in (
            (40, 74, "#f28c28"),
            (60, 70, "#6bb04a"),
            (80, 74, "#d8432b"),
            (50, 82, "#f5d04c"),
            (70, 82, "#8a5437"),
        )
    )
    dome = path("M18 80a42 40 0 0 1 84 0z", "#fff", 'opacity=".42"') + oval(60, 40, 5, 4, ink.main)
    return oval(60, 84, 48, 14, ink.deep) + oval(60, 81, 46, 12, ink.pale) + food + dome


def basket(ink: Ink) -> str:
    """For what has no shape of its own: a wicker basket under a cloth."""
    weave = "".join(line(f"M24 {y}h72", "#8f6234", 2) for y in (78, 86, 94)) + "".join(
        line(f"M{x} 70v36", "#8f6234", 2) for x in range(32, 96, 10)
    )
    cloth = path("M22 70c10-18 26-6 38-10s30-6 38 10z", ink.main) + path("M40 60l8 16 9-16zM72 60l8 14 9-10z", ink.pale)
    handle = line("M32 68c0-56 56-56 56 0", "#a87440", 6)
    return handle + cloth + body(outline(22, 70, 76, 37, 8), "#c08b4f", weave, light=0)
