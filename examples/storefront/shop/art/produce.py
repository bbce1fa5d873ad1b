"""Fruit and vegetables, flowers and herbs."""

from shop.art.ink import LEAF, STEM, Ink, body, line, oval, path, placed, rect


def _leaf(x: float, y: float, turn: int = 0, size: float = 1, colour: str = LEAF) -> str:
    return path(
        "M0 0c4-12 18-14 26-8-6 10-18 14-26 8z", colour, f'transform="translate({x} {y}) rotate({turn}) scale({size})"'
    )


def _gleam(x: float, y: float, size: float = 1) -> str:
    return oval(x, y, 5 * size, 9 * size, "#fff", f'opacity=".3" transform="rotate(24 {x} {y})"')


def apple(ink: Ink) -> str:
    skin = ink.one_of("skin", "#d63a3a", "#c62b45", "#8ab833", "#e8703a", "#e0524a", "#d9b93a")
    fruit = "M60 46c10-10 38-8 38 20 0 24-18 42-28 42-5 0-6-2-10-2s-5 2-10 2c-10 0-28-18-28-42 0-28 28-30 38-20z"
    return (
        line("M60 46c0-10 2-16 8-20", STEM, 4)
        + _leaf(64, 36, -10)
        + body(fruit, skin, light=0, shade_from=76)
        + _gleam(38, 62)
    )


def pear(ink: Ink) -> str:
    skin = ink.one_of("skin", "#b9c94a", "#d9b64a", "#a8672f", "#c2403a")
    fruit = "M60 28c10 0 13 10 15 20 3 12 17 18 17 36 0 16-14 24-32 24s-32-8-32-24c0-18 14-24 17-36 2-10 5-20 15-20z"
    return (
        line("M60 30c0-8 2-12 6-16", STEM, 4)
        + _leaf(62, 24, 6, 0.8)
        + body(fruit, skin, light=0, shade_from=74)
        + _gleam(44, 72)
    )


def citrus(ink: Ink) -> str:
    skin, flesh = (("#f58f1e", "#ffc163"), ("#f6cf2f", "#fff0a3"), ("#93c13d", "#dcefa6"), ("#ee6a4a", "#ffb59c"))[
        ink.kind(4)
    ]
    wedges = "".join(
        path("M0-3L-9-25a27 27 0 0 1 18 0z", flesh, f'transform="translate(74 76) rotate({a})"')
        for a in range(0, 360, 45)
    )
    whole = body("M46 30a32 32 0 1 1-.1 0z", skin, light=0, shade_from=64) + _gleam(30, 52) + _leaf(44, 30, -8, 0.9)
    return whole + oval(74, 76, 32, 32, skin) + oval(74, 76, 28.5, 28.5, "#fffaf0") + wedges


def banana(ink: Ink) -> str:
    one = path("M30 28c-6 40 16 70 62 66 6-1 6-7 1-9-32-6-48-26-51-58-2-6-11-5-12 1z", "#f6cf3b")
    two = path("M40 24c2 34 20 52 56 52 6-1 5-7 0-8-26-5-41-18-45-46-2-5-10-4-11 2z", "#ffe067")
    return (
        one
        + two
        + path("M30 28c0-8 4-14 10-14l11 8-9 5z", "#8a6a2a")
        + rect(90, 66, 9, 9, 3, "#6b4c1d")
        + rect(88, 84, 9, 9, 3, "#6b4c1d")
    )


def pineapple(ink: Ink) -> str:
    scales = "".join(line(f"M{x} 44l44 60M{x + 44} 44l-44 60", "#b5761a", 1.8) for x in range(-4, 100, 14))
    crown = "".join(
        _leaf(60, 46, turn, 1.2, colour)
        for turn, colour in ((-150, "#3f8440"), (-120, LEAF), (-90, "#62ab58"), (-60, LEAF), (-30, "#3f8440"))
    )
    return crown + body("M60 42c18 0 26 14 26 34s-10 32-26 32-26-12-26-32 8-34 26-34z", "#eeb02f", scales, light=0)


def berries(ink: Ink) -> str:
    skin, seed = (("#d92f3c", "#ffd9a0"), ("#4757a8", "#8f9be0"), ("#b0264f", "#e46a92"), ("#3b2350", "#6d4b92"))[
        ink.kind(4)
    ]
    places = ((44, 66), (74, 64), (58, 88), (32, 88), (86, 88))

    def berry(x: int, y: int) -> str:
        pips = "".join(
            oval(x + a, y + b, 1.3, 1.7, seed) for a, b in ((-6, -3), (2, -6), (7, 1), (-2, 4), (4, 9), (-7, 7))
        )
        return (
            oval(x, y, 16, 17, skin)
            + pips
            + _gleam(x - 6, y - 7, 0.5)
            + path(f"M{x - 9} {y - 14}l5-5 4 4 4-4 5 5-9 4z", LEAF)
        )

    return "".join(berry(x, y) for x, y in places)


def grapes(ink: Ink) -> str:
    skin = ink.one_of("skin", "#7b3f8c", "#9bbf45", "#a02c4f", "#3f2b66")
    rows = ((48, (36, 52, 68, 84)), (62, (44, 60, 76)), (76, (44, 60, 76)), (89, (52, 68)), (100, (60,)))
    balls = "".join(oval(x, y, 10, 10, skin) + _gleam(x - 3, y - 3, 0.4) for y, row in rows for x in row)
    return line("M60 44V22", STEM, 4) + _leaf(60, 32, -14, 1.2) + _leaf(58, 30, -160, 1) + balls


def melon(ink: Ink) -> str:
    rind, flesh = (("#3f8a46", "#ef5261"), ("#b9c46a", "#f5a65b"), ("#cfd98a", "#d4ec9f"))[ink.kind(3)]
    pips = "".join(
        oval(x, y, 2, 3.2, "#3a1f1f") for x, y in ((40, 66), (52, 76), (66, 70), (78, 64), (60, 88), (72, 82), (48, 88))
    )
    return (
        path("M12 52h96a48 54 0 0 1-96 0z", rind)
        + path("M18 52h84a42 47 0 0 1-84 0z", "#f4f7dd")
        + path("M23 52h74a37 41 0 0 1-74 0z", flesh)
        + pips
    )


def peach(ink: Ink) -> str:
    skin = ink.one_of("skin", "#f29a5b", "#e8657a", "#7a2f56", "#f3b04d")
    seam = line("M60 44c10 16 10 40 0 62", "#000", 2.4, 'opacity=".14"')
    return (
        _leaf(60, 40, -8, 1.2)
        + line("M60 42V32", STEM, 4)
        + body(
            "M60 42c24-8 40 10 40 30 0 22-18 36-40 36S20 94 20 72c0-20 16-38 40-30z", skin, seam, light=0, shade_from=78
        )
        + _gleam(38, 64)
    )


def tomato(ink: Ink) -> str:
    crown = path("M60 48l-18-8 14-2-4-10 9 7 8-8-2 11 15 1z", LEAF)
    return (
        body("M60 42c26-8 42 8 42 30s-18 36-42 36-42-14-42-36 16-38 42-30z", "#e1432f", light=0, shade_from=80)
        + _gleam(36, 66)
        + crown
    )


def carrot(ink: Ink) -> str:
    def root(x: int, turn: int) -> str:
        rings = line("M-8 14h8M2 30h7M-4 46h6", "#c9640f", 2)
        top = "".join(_leaf(0, -2, a, 0.9) for a in (-130, -90, -60))
        return placed(top + path("M-12 2q12-8 24 0L2 66q-2 4-4 0z", "#f08223") + rings, x, 40, turn)

    return root(40, 14) + root(80, -14) + root(60, 0)


def potato(ink: Ink) -> str:
    skin = ink.one_of("skin", "#c99a5b", "#b5793f", "#d9b877", "#a8543f")
    eyes = "".join(
        oval(x, y, 2.6, 1.6, "#000", 'opacity=".22"') for x, y in ((44, 74), (60, 88), (74, 72), (84, 90), (52, 60))
    )
    back = oval(76, 62, 28, 22, skin, 'transform="rotate(-20 76 62)" opacity=".8"')
    return (
        back
        + body("M24 82c0-18 16-30 36-30s40 12 40 32-18 24-38 24-38-8-38-26z", skin, eyes, light=0, shade_from=82)
        + _gleam(38, 72, 0.7)
    )


def onion(ink: Ink) -> str:
    skin, stripe = (("#d99a45", "#b5742a"), ("#8d2f5c", "#6a1f43"), ("#f4efe1", "#d6ccb3"))[ink.kind(3)]
    veins = line("M60 38c-22 16-26 46-8 68M60 38c22 16 26 46 8 68M60 38v68", stripe, 2)
    bulb = "M60 22c2 12 6 18 16 24 14 8 22 18 22 32 0 20-18 30-38 30S22 98 22 78c0-14 8-24 22-32 10-6 14-12 16-24z"
    return body(bulb, skin, veins, light=0, shade_from=78) + _gleam(40, 70, 0.8)


def mushroom(ink: Ink) -> str:
    cap = ink.one_of("cap", "#e9dccb", "#a87650", "#c9a27c")
    small = path("M78 82h16l2 24H76z", "#f7efe3") + path("M66 84c0-16 38-16 38 0z", cap)
    return (
        small
        + path("M46 66h24l4 42H42z", "#f7efe3")
        + body("M18 68c0-30 80-30 80 0 0 6-80 6-80 0z", cap, light=0, shade_from=76)
        + _gleam(40, 54, 0.7)
    )


def pepper(ink: Ink) -> str:
    skin = ink.one_of("skin", "#d8322f", "#f2b61f", "#3f9a44", "#ee7d23")
    lobes = line("M46 48c-8 20-6 40 2 56M74 48c8 20 6 40-2 56", "#000", 2.4, 'opacity=".14"')
    stem = path("M54 44c0-10-2-16-8-22l8-4c6 6 10 14 12 26z", "#3e7d3b")
    return (
        stem
        + body(
            "M60 44c10-8 38-8 38 18 0 26-14 46-26 46-6 0-7-3-12-3s-6 3-12 3c-12 0-26-20-26-46 0-26 28-26 38-18z",
            skin,
            lobes,
            light=0,
            shade_from=78,
        )
        + _gleam(34, 62)
    )


def corn(ink: Ink) -> str:
    kernels = "".join(oval(x, y, 4.6, 4, "#f7cf46") for y in range(26, 92, 8) for x in (50, 60, 70))
    cob = path("M60 14c14 0 20 18 20 44s-8 44-20 44-20-18-20-44 6-44 20-44z", "#e0ac2b")
    husk = path("M60 108c-30-4-40-30-36-56 16 8 30 26 36 56z", LEAF) + path(
        "M60 108c30-4 40-30 36-56-16 8-30 26-36 56z", "#62ab58"
    )
    return cob + kernels + husk


def broccoli(ink: Ink) -> str:
    head = ink.one_of("head", "#3f8f45", "#f3ecd6", "#2f7a3d")
    stalk = path("M50 70h20l8 38H42z", "#a8cf7a" if head != "#f3ecd6" else "#cfe0a4")
    florets = "".join(
        oval(x, y, r, r, head) for x, y, r in ((34, 62, 17), (86, 62, 17), (46, 44, 18), (74, 44, 18), (60, 60, 20))
    )
    dots = "".join(
        oval(x, y, 3, 3, "#000", 'opacity=".1"')
        for x, y in ((40, 50), (60, 42), (80, 52), (52, 62), (70, 64), (32, 66), (88, 68))
    )
    return stalk + florets + dots


def salad(ink: Ink) -> str:
    """Lettuce and leaves."""
    outer = "".join(
        oval(x, y, 24, 28, c, f'transform="rotate({t} {x} {y})"')
        for x, y, t, c in (
            (36, 74, -24, "#4f9a4b"),
            (84, 74, 24, "#4f9a4b"),
            (48, 62, -10, "#6bb355"),
            (74, 62, 10, "#6bb355"),
        )
    )
    inner = oval(60, 74, 24, 30, "#93cc6a") + line("M60 104V60M60 88l-12-12M60 82l12-12", "#dff0bd", 2.4)
    return outer + inner


def herbs(ink: Ink) -> str:
    green = ink.one_of("green", LEAF, "#3c8a52", "#7aa93c")
    stems = line("M60 104C58 80 50 60 40 40M60 104c0-30 2-50 4-74M60 104c2-24 10-44 22-58", green, 3)
    places = ((40, 40), (46, 58), (52, 74), (64, 30), (62, 52), (82, 46), (74, 62), (66, 78))
    leaves = "".join(_leaf(x, y, t, 0.9, green) for x, y in places for t in (-170, -20))
    return stems + leaves + rect(50, 90, 20, 7, 3, "#c9a15a")


def nuts(ink: Ink) -> str:
    shell = ink.one_of("shell", "#c58a4a", "#a8693a", "#d9ab6b")

    def nut(x: int, y: int, turn: int) -> str:
        almond = path("M0-20C14-10 14 12 0 20-14 12-14-10 0-20z", shell)
        return placed(almond + line("M-4-8v14M3-9v16", "#7a4a24", 1.6), x, y, turn)

    return nut(40, 60, -30) + nut(76, 54, 24) + nut(58, 84, 70) + nut(90, 88, -14) + nut(30, 94, 48)


def squash(ink: Ink) -> str:
    skin = ink.one_of("skin", "#f0942c", "#5f8f3a", "#e9b64d", "#ea7a25")
    ribs = line("M44 50c-10 18-10 40 0 56M60 46v62M76 50c10 18 10 40 0 56", "#000", 2.6, 'opacity=".14"')
    return (
        path("M54 46c0-10-2-14-6-20l9-4c6 6 9 14 10 24z", "#5a7a35")
        + body("M60 44c28-6 44 10 44 32s-18 32-44 32-44-10-44-32 16-38 44-32z", skin, ribs, light=0, shade_from=82)
        + _gleam(32, 68)
    )


def flowers(ink: Ink) -> str:
    petals = (ink.main, ink.accent, "#f3a6b8")

    def bloom(x: int, y: int, colour: str) -> str:
        ring = "".join(oval(x, y - 9, 6, 9, colour, f'transform="rotate({a} {x} {y})"') for a in range(0, 360, 60))
        return ring + oval(x, y, 5.5, 5.5, "#ffd75e" if colour != "#ffd166" else "#8a4b23")

    stems = line("M38 42L56 84M62 32v52M86 44L66 84", LEAF, 3)
    paper = path("M34 66h54L70 108H52z", ink.pale) + path("M34 66l28 42H52z", "#000", 'opacity=".06"')
    return (
        stems
        + _leaf(44, 62, -150, 0.9)
        + _leaf(76, 62, -20, 0.9)
        + paper
        + bloom(38, 40, petals[0])
        + bloom(62, 28, petals[1])
        + bloom(86, 42, petals[2])
        + rect(50, 84, 22, 6, 3, ink.deep)
    )


def plant(ink: Ink) -> str:
    greens = (LEAF, "#62ab58", "#3f8440")
    fronds = "".join(_leaf(60, 70, turn, 1.7, greens[i % 3]) for i, turn in enumerate((-160, -130, -95, -60, -25, 0)))
    return (
        fronds
        + line("M60 84V50", "#3f8440", 3)
        + body("M38 76h44l-6 32H44z", ink.main, light=0.2)
        + rect(34, 70, 52, 10, 3, ink.deep)
    )


def balloon(ink: Ink) -> str:
    strings = line("M46 66c6 16 8 28 14 42M78 58c-4 18-12 34-18 50", "#8b8096", 1.4)
    return (
        strings
        + oval(46, 44, 21, 24, ink.main)
        + oval(78, 38, 19, 22, ink.accent)
        + _gleam(38, 36, 0.8)
        + _gleam(71, 31, 0.7)
        + path("M42 67h8l-4-5zM74 60h8l-4-5z", ink.deep)
    )


def pumpkin(ink: Ink) -> str:
    face = path("M38 72l8-12 8 12zM66 72l8-12 8 12zM40 84c10 12 30 12 40 0l-7 3-5-4-8 4-8-4-5 4z", "#4a2208")
    ribs = line("M42 50c-8 18-8 38 0 54M78 50c8 18 8 38 0 54", "#c5620d", 2.4)
    return path("M56 46c0-8-2-12-5-17l8-3c4 5 7 12 8 20z", "#5a7a35") + body(
        "M60 44c28-6 44 10 44 32s-18 32-44 32-44-10-44-32 16-38 44-32z", "#f0862a", ribs + face, light=0, shade_from=84
    )
