"""Bathroom and medicine cabinet, babies and pets."""

from shop.art.ink import CREAM, GLASS, STEEL, WHITE, Ink, body, box, line, oval, path, placed, rect, turned


def pump(ink: Ink) -> str:
    """Lotion, liquid soap."""
    head = path("M56 16h22c6 0 8 4 8 8h-8v-2H64v12h-8z", ink.deep) + rect(50, 34, 20, 8, 2, ink.accent)
    return head + body(box(36, 42, 48, 66, 10), ink.main, ink.label(36, 56, 48, 36))


def shampoo(ink: Ink) -> str:
    bottle = "M40 34h40c5 8 6 24 6 40 0 14-1 24-4 30-1 3-3 4-6 4H44c-3 0-5-1-6-4-3-6-4-16-4-30 0-16 1-32 6-40z"
    return rect(46, 18, 28, 18, 4, ink.accent) + body(bottle, ink.main, ink.label(34, 52, 52, 36))


def tube(ink: Ink) -> str:
    """Toothpaste, creams: lying, with its cap to the right."""
    wrap = body("M12 44h6l66 14v26L18 98h-6z", ink.pale, ink.label(18, 48, 54, 46), light=0, shade_from=200)
    flip = rect(84, 58, 20, 26, 4, ink.main) + "".join(line(f"M{x} 61v20", ink.deep, 1.4) for x in (90, 95, 100))
    return f'<g transform="rotate(-14 60 70)">{wrap}{rect(12, 42, 5, 58, 2, ink.deep)}{flip}</g>'


def brush(ink: Ink) -> str:
    def one(x: int, turn: int, colour: str) -> str:
        bristles = rect(-9, -40, 9, 24, 2, WHITE) + rect(-9, -34, 9, 5, 0, colour) + rect(-9, -24, 9, 4, 0, colour)
        return f'<g transform="translate({x} 64) rotate({turn})">{bristles}{rect(-1, -42, 8, 86, 4, colour)}</g>'

    return one(48, -14, ink.main) + one(76, 12, ink.accent)


def stick(ink: Ink) -> str:
    """Deodorant."""
    return path("M42 40c0-26 36-26 36 0z", WHITE) + rect(40, 40, 40, 6, 1, ink.deep) + body(
        box(38, 46, 44, 62, 7), ink.main, ink.label(38, 56, 44, 38)
    )  # fmt: skip


def soap(ink: Ink) -> str:
    bubbles = "".join(
        oval(x, y, r, r, GLASS, 'stroke="#fff" stroke-width="1.5"')
        for x, y, r in ((34, 40, 9), (52, 28, 6), (82, 34, 11), (66, 44, 5))
    )
    bar = body(
        box(18, 56, 84, 44, 18),
        ink.one_of("bar", "#f6c9d4", "#cfe8d8", "#fdf0cf", "#cfe0f4"),
        rect(38, 68, 44, 20, 10, "#000", 'opacity=".07"'),
        light=0.3,
    )
    return bubbles + bar


def makeup(ink: Ink) -> str:
    lip = ink.one_of("lip", "#c8314b", "#a3324a", "#e5698a", "#8d3b52", "#d9583b")
    lipstick = (
        path("M36 52V34c0-8 14-14 18-16v34z", lip)
        + rect(33, 52, 24, 14, 1, "#e0b65c")
        + rect(30, 66, 30, 42, 3, "#2c2434")
    )
    compact = (
        oval(84, 84, 24, 24, "#2c2434")
        + oval(84, 84, 19, 19, ink.one_of("powder", "#f0c8ac", "#e7a98f", "#d98fa0", "#c9a7e6"))
        + path("M72 74a19 19 0 0 1 24-4z", WHITE, 'opacity=".35"')
    )
    return compact + lipstick


def perfume(ink: Ink) -> str:
    return rect(52, 18, 16, 14, 2, ink.deep) + rect(48, 32, 24, 8, 2, "#e0b65c") + body(
        box(30, 40, 60, 68, 10),
        ink.pale,
        rect(30, 66, 60, 42, 0, ink.main, 'opacity=".55"') + rect(44, 58, 32, 24, 2, WHITE),
    )  # fmt: skip


def razor(ink: Ink) -> str:
    head = rect(34, 24, 52, 18, 5, ink.main) + "".join(line(f"M40 {y}h40", STEEL, 2.4) for y in (29, 34))
    return (
        head
        + path("M54 42h12l4 60c0 4-3 6-10 6s-10-2-10-6z", ink.deep)
        + "".join(line(f"M56 {y}h8", ink.accent, 2.4) for y in (62, 70, 78))
    )


def pills(ink: Ink) -> str:
    jar = body(
        box(30, 38, 46, 70, 8),
        ink.one_of("jar", "#e8872c", "#fffdf7", "#3c9d5d", "#2f6fde"),
        ink.label(30, 56, 46, 36, WHITE),
    )
    halves = rect(-18, -8, 36, 16, 8, WHITE) + path("M0-8h10a8 8 0 0 1 0 16H0z", ink.main)
    capsule = placed(halves, 88, 94, -24)
    return jar + rect(27, 22, 52, 18, 4, WHITE) + rect(27, 34, 52, 4, 0, ink.deep) + capsule


def plaster(ink: Ink) -> str:
    def strip(turn: int, colour: str) -> str:
        holes = "".join(oval(x, y, 1.5, 1.5, "#b5794d") for x in (52, 60, 68) for y in (63, 71))
        return turned(rect(12, 54, 96, 26, 13, colour) + rect(44, 56, 32, 22, 3, CREAM) + holes, turn, 60, 67)

    return strip(-38, "#e9b98f") + strip(38, "#f2cba6")


def spectacles(ink: Ink) -> str:
    rims = "".join(oval(x, 68, 21, 19, GLASS, f'stroke="{ink.main}" stroke-width="6"') for x in (34, 86))
    return rims + line("M55 64q5-5 10 0", ink.main, 6) + line("M13 62L8 52M107 62l5-10", ink.main, 6)


def nappies(ink: Ink) -> str:
    pack = body(box(22, 34, 76, 74, 10), ink.main, ink.label(32, 48, 56, 46))
    return pack + path("M40 34c0-18 40-18 40 0z", "none", f'stroke="{ink.deep}" stroke-width="5"')


def baby_bottle(ink: Ink) -> str:
    marks = "".join(line(f"M44 {y}h10", ink.main, 2) for y in (58, 68, 78, 88))
    milk = rect(36, 62, 48, 50, 0, WHITE)
    teat = path("M50 28c4-2 4-14 10-14s6 12 10 14z", "#e9b98f")
    return teat + rect(44, 28, 32, 13, 4, ink.main) + body(box(40, 40, 40, 68, 11), GLASS, milk + marks)


def puree(ink: Ink) -> str:
    """Baby food in its little jar."""
    food = ink.one_of("food", "#f28c28", "#b9c94a", "#f3d27a", "#b0536b")
    return body(box(34, 50, 52, 58, 9), food, ink.label(34, 62, 52, 34, WHITE)) + rect(32, 36, 56, 16, 4, ink.main)


def dog(ink: Ink) -> str:
    """Dog food: a bowl under a bone."""
    bone = "M34 44c-8-8 4-18 10-8h32c6-10 18 0 10 8 8 8-4 18-10 8H44c-6 10-18 0-10-8z"
    kibble = "".join(oval(x, y, 6, 4.5, "#8a5a33") for x, y in ((36, 76), (48, 72), (60, 75), (72, 72), (84, 76)))
    return path(bone, CREAM) + kibble + body("M24 78h72l10 30H14z", ink.main, rect(44, 86, 32, 12, 6, ink.pale))


def cat(ink: Ink) -> str:
    """Cat food: a cat over its bowl."""
    fur = ink.one_of("fur", "#3b3346", "#d98a3f", "#8b8096", "#e8d7bd")
    head = path("M36 66c-6-14-6-34-2-44l14 12h24l14-12c4 10 4 30-2 44z", fur)
    eyes = oval(50, 52, 3, 4.5, "#f5d04c") + oval(70, 52, 3, 4.5, "#f5d04c") + path("M56 60h8l-4 5z", "#e5698a")
    whiskers = line("M42 62l-14-3M42 66l-14 3M78 62l14-3M78 66l14 3", fur, 1.6)
    return (
        head
        + eyes
        + whiskers
        + body("M22 78h76l8 30H14z", ink.main, rect(44, 86, 32, 12, 6, ink.pale))
        + oval(60, 78, 38, 5, "#8a5a33")
    )


def bird(ink: Ink) -> str:
    """Bird seed; a tailorbird sits on the sack."""
    sack = body(
        "M34 52c6 4 46 4 52 0l6 50c-2 8-62 8-64 0z",
        CREAM,
        rect(26, 64, 70, 10, 0, ink.main) + ink.label(44, 78, 32, 24),
    )
    wings = path("M36 40c4-18 26-22 36-10l14-4-10 12c0 12-14 18-26 14-8-2-14-6-14-12z", "#7aa93c") + oval(
        44, 34, 9, 8, "#b5602f"
    )
    return sack + wings + path("M36 36l-12 3 11 3z", "#5a4a3a") + oval(42, 33, 1.6, 1.6, "#1d0f26")
