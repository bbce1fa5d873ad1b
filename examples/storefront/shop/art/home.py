"""Household, paper, kitchen, hardware, seasons and gifts."""

from shop.art.ink import CREAM, GLASS, STEEL, WHITE, WOOD, Ink, body, box, line, oval, path, rect


def detergent(ink: Ink) -> str:
    bottle = "M44 30h18c4 0 6 2 8 6 12 2 18 12 18 24v38c0 7-3 10-9 10H41c-6 0-9-3-9-10V58c0-12 4-20 12-28z"
    grip = path("M72 48c8 2 8 20 3 26-3 4-8 2-8-4V54c0-4 2-6 5-6z", ink.deep)
    return rect(42, 14, 24, 18, 4, ink.accent) + body(bottle, ink.main, grip + ink.label(34, 64, 32, 34))


def spray(ink: Ink) -> str:
    trigger = path("M40 14h34c6 0 8 4 8 10H62v14H48V28l-12 4V20c0-4 2-6 4-6z", ink.deep) + rect(
        82, 16, 6, 6, 1, ink.accent
    )
    bottle = "M46 38h16c2 12 20 16 20 32v30c0 6-2 8-7 8H43c-5 0-7-2-7-8V64c0-10 8-14 10-26z"
    return trigger + body(bottle, ink.main, ink.label(36, 66, 46, 32))


def roll(ink: Ink) -> str:
    """Toilet paper."""
    back = oval(82, 46, 20, 8, "#ece6da") + rect(62, 46, 40, 32, 0, "#f7f3ea") + oval(82, 46, 6, 2.600, WOOD)
    front = (
        rect(18, 58, 54, 42, 0, WHITE)
        + oval(45, 100, 27, 9, WHITE)
        + oval(45, 58, 27, 10, "#efe9dd")
        + oval(45, 58, 8, 3.200, WOOD)
    )
    return (
        back
        + front
        + path("M72 58h16v34c-6 6-10-2-16 4z", "#f7f3ea")
        + line("M76 66h8M76 74h8M76 82h8", ink.main, 2, 'stroke-dasharray="2 3"')
    )


def towel(ink: Ink) -> str:
    """A roll of kitchen paper."""
    prints = "".join(
        path(f"M{x} {y}l5 5-5 5-5-5z", ink.main) for x, y in ((48, 42), (70, 52), (48, 64), (70, 76), (48, 88))
    )
    return (
        body("M36 22h48v82H36z", WHITE, prints)
        + oval(60, 104, 24, 6, WHITE)
        + oval(60, 22, 24, 7, "#ece6da")
        + oval(60, 22, 7, 2.400, WOOD)
    )


def tissues(ink: Ink) -> str:
    tissue = path("M40 56c2-20 10-12 14-32 8 12 18 4 26 32z", WHITE) + line("M54 30c2 10 6 16 4 26", "#d9d2c4", 2)
    top = path("M16 62l10-10h68l10 10z", ink.pale)
    return top + oval(60, 57, 24, 4, ink.deep) + tissue + body("M16 62h88v44H16z", ink.main, ink.label(16, 68, 88, 32))


def foil(ink: Ink) -> str:
    """Wraps, bags and foil on a roll."""
    sheet = path("M24 40h72v24H24z", STEEL) + line("M30 46h50M30 54h60", WHITE, 2, 'opacity=".7"')
    return (
        sheet
        + body(box(14, 62, 92, 40, 3), ink.main, ink.label(32, 68, 56, 28))
        + line("M16 62h88", ink.deep, 2, 'stroke-dasharray="3 3"')
    )


def cups(ink: Ink) -> str:
    """Paper plates and cups."""
    cup = body("M66 44h34l-6 60c0 3-2 4-4 4H76c-2 0-4-1-4-4z", ink.main, rect(64, 62, 40, 16, 0, ink.pale)) + rect(
        63, 40, 40, 7, 3, WHITE
    )
    return (
        oval(42, 68, 32, 36, WHITE)
        + oval(42, 68, 24, 28, ink.pale)
        + oval(42, 68, 24, 28, "none", f'stroke="{ink.accent}" stroke-width="2"')
        + cup
    )


def broom(ink: Ink) -> str:
    bristles = path("M34 74h44l10 32H24z", "#e3bd6a") + "".join(
        line(f"M{x} 82l{(x - 56) * 0.14} 24", "#b98a35", 1.800) for x in range(34, 84, 8)
    )
    return f'<g transform="rotate(12 60 60)">{rect(53, 6, 6, 62, 3, WOOD)}{rect(36, 64, 40, 12, 4, ink.main)}{bristles}</g>'


def pan(ink: Ink) -> str:
    handle = f'<g transform="rotate(-24 80 58)">{rect(78, 52, 40, 10, 5, ink.main)}</g>'
    egg = path("M36 70c-4-12 14-18 24-12 12-4 18 10 8 14-6 8-30 8-32-2z", WHITE) + oval(52, 66, 8, 5.500, "#f5b82e")
    return handle + oval(52, 74, 40, 26, "#33313d") + oval(52, 71, 34, 20, "#4a4757") + egg


def gadget(ink: Ink) -> str:
    """Spatula and whisk."""
    whisk = line(
        "M82 56c-16-12-14-40 0-44 14 4 16 32 0 44zM82 56c-6-14-6-34 0-44 6 10 6 30 0 44z", "#9aa1ab", 2.400
    ) + rect(78, 54, 8, 52, 4, ink.main)
    return (
        whisk
        + rect(30, 14, 28, 38, 6, ink.accent)
        + "".join(rect(x, 22, 3, 22, 1.500, "#000", 'opacity=".16"') for x in (37, 43, 49))
        + rect(41, 50, 6, 56, 3, WOOD)
    )


def glasses(ink: Ink) -> str:
    plate = oval(48, 78, 38, 28, WHITE) + oval(48, 78, 26, 19, ink.pale)
    glass = path("M76 34h28c2 20-4 30-12 31v33h8v6H80v-6h8V65c-8-1-14-11-12-31z", GLASS) + path(
        "M77 44h26c0 12-6 17-13 17s-13-5-13-17z", ink.main
    )
    return plate + glass


def candle(ink: Ink) -> str:
    flame = path("M60 14c10 12 8 22 0 24-8-2-10-12 0-24z", "#f7b32b") + path(
        "M60 24c4 6 3 11 0 12-3-1-4-6 0-12z", CREAM
    )
    return (
        flame
        + line("M60 38v8", "#3a2a2a", 2)
        + body(box(36, 46, 48, 62, 6), GLASS, rect(36, 54, 48, 56, 0, ink.main) + ink.label(42, 66, 36, 30, CREAM))
    )


def bulb(ink: Ink) -> str:
    rays = line("M60 6v8M26 20l6 6M94 20l-6 6M14 52h8M98 52h8", "#f5b82e", 3)
    return (
        rays
        + path("M60 22c20 0 32 14 32 30 0 14-12 20-14 32H42c-2-12-14-18-14-32 0-16 12-30 32-30z", "#ffe38a")
        + line("M52 82V58l8 8 8-8v24", "#d99a2b", 2.400)
        + rect(44, 84, 32, 18, 4, STEEL)
        + rect(52, 102, 16, 6, 3, "#7b818b")
    )


def battery(ink: Ink) -> str:
    def cell(x: int) -> str:
        return rect(x + 9, 22, 12, 8, 2, STEEL) + body(
            box(x, 28, 30, 80, 4),
            ink.deep,
            rect(x, 28, 30, 26, 0, ink.accent)
            + line(f"M{x + 10} 41h10M{x + 15} 36v10", ink.deep, 3)
            + path(f"M{x + 17} 62l-10 18h7l-3 16 11-20h-7z", WHITE),
        )

    return cell(28) + cell(64)


def tool(ink: Ink) -> str:
    """Hammer and screwdriver, crossed."""
    hammer = f'<g transform="rotate(-36 60 60)">{rect(55, 34, 10, 74, 4, WOOD)}<path d="M36 18h40c8 0 12 6 14 12H80c-2-2-4-2-6-2v8H46v-8h-10z" fill="#6f7680"/></g>'
    driver = f'<g transform="rotate(36 60 60)">{rect(57, 14, 6, 50, 1, STEEL)}{rect(52, 62, 16, 44, 7, ink.main)}{line("M57 68v32M63 68v32", ink.deep, 2)}</g>'
    return hammer + driver


def pencil(ink: Ink) -> str:
    def one(x: int, turn: int, colour: str) -> str:
        return f'<g transform="translate({x} 62) rotate({turn})">{rect(-7, -36, 14, 62, 0, colour)}{rect(-2.5, -36, 5, 62, 0, WHITE, "fill-opacity=.25".replace(".25", chr(34) + ".25" + chr(34)))}{rect(-7, -46, 14, 12, 3, "#f3a6b8")}{path("M-7 26h14L0 44z", "#f0d2a6")}{path("M-2.500 37h5L0 44z", "#2c2434")}</g>'

    return (
        rect(20, 28, 58, 78, 4, WHITE)
        + "".join(line(f"M28 {y}h42", "#cfd6e4", 2) for y in range(42, 100, 10))
        + line("M34 28v78", "#f3a6b8", 1.400)
        + one(88, 12, ink.main)
    )


def book(ink: Ink) -> str:
    pages = path("M28 96c0-6 4-8 10-8h56v16H38c-6 0-10-2-10-8z", CREAM) + line("M38 93h54M38 98h54", "#d9c9a8", 1.400)
    return (
        pages
        + body("M28 26c0-6 4-10 10-10h56v74H38c-6 0-10 2-10 8z", ink.main, ink.label(44, 32, 40, 42), light=0.15)
        + line("M28 98c0 6 4 10 10 10h56", ink.deep, 4)
    )


def magazine(ink: Ink) -> str:
    head = rect(32, 20, 56, 14, 0, ink.main) + rect(38, 24, 36, 6, 2, WHITE)
    figure = (
        oval(60, 58, 12, 13, "#f0c8ac")
        + path("M36 106c0-30 48-30 48 0z", ink.deep)
        + path("M46 56c0-22 28-22 28 0-8-6-20-6-28 0z", ink.accent)
    )
    lines = "".join(rect(36, y, 14, 2.400, 1, ink.deep) for y in (46, 52, 58))
    return f'<g transform="rotate(-4 60 62)">{rect(36, 22, 56, 86, 1, "#000", "opacity=" + chr(34) + ".12" + chr(34))}{rect(32, 18, 56, 88, 1, ink.pale)}{head}{figure}{lines}</g>'


def newspaper(ink: Ink) -> str:
    columns = "".join(rect(x, y, 20, 2.200, 1, "#8b8096") for x in (34, 60) for y in range(66, 100, 6))
    return (
        path("M28 22h64l8 8v76H36l-8-8z", "#cfc8bb")
        + rect(28, 22, 64, 82, 1, "#f7f3ea")
        + rect(34, 28, 52, 9, 1, "#2c2434")
        + rect(34, 42, 52, 18, 0, ink.main)
        + columns
    )


def card(ink: Ink) -> str:
    """Greeting cards and wrapping."""
    flap = path("M20 58h80L60 88z", "#e9dcc3")
    heart = path("M60 46c-6-12-22-6-16 6 3 6 10 10 16 16 6-6 13-10 16-16 6-12-10-18-16-6z", ink.main)
    return (
        rect(30, 22, 60, 60, 2, WHITE)
        + heart
        + line("M44 30h32", ink.accent, 3, 'stroke-dasharray="1 6"')
        + path("M20 58l40 30 40-30v44c0 3-2 5-5 5H25c-3 0-5-2-5-5z", "#f4e9d2")
        + path("M20 104l32-24M100 104L68 80", "none", 'stroke="#d9c9a8" stroke-width="2"')
        + (flap and "")
    )


def gift(ink: Ink) -> str:
    bow = path("M60 44C40 44 34 18 48 18c8 0 10 14 12 26 2-12 4-26 12-26 14 0 8 26-12 26z", ink.accent)
    return (
        body("M26 58h68v50H26z", ink.main, rect(53, 58, 14, 50, 0, ink.accent), light=0)
        + rect(20, 44, 80, 16, 3, ink.deep)
        + rect(53, 44, 14, 16, 0, ink.accent)
        + bow
    )


def tree(ink: Ink) -> str:
    """Christmas."""
    balls = "".join(
        oval(x, y, 4, 4, c)
        for x, y, c in (
            (52, 46, "#e4572e"),
            (68, 58, "#ffd166"),
            (48, 70, "#58b4e8"),
            (74, 82, "#e4572e"),
            (58, 88, "#ffd166"),
            (40, 92, "#f3a6b8"),
        )
    )
    layers = (
        path("M60 16l24 34H36z", "#3f8f55") + path("M60 34l32 40H28z", "#37804b") + path("M60 54l38 44H22z", "#2f7042")
    )
    return (
        rect(54, 96, 12, 12, 1, "#7a4b33")
        + layers
        + balls
        + path("M60 6l3 7 8 .6-6 5 2 7.400-7-4-7 4 2-7.400-6-5 8-.6z", "#ffd166")
    )


def heart(ink: Ink) -> str:
    """Valentine: a box of chocolates."""
    shape = "M60 40C46 10 8 22 16 56c6 24 30 36 44 52 14-16 38-28 44-52 8-34-30-46-44-16z"
    return body(shape, "#d8314f", line("M20 50c30 16 60 16 88-10", "#f7c6cf", 9), light=0, shade_from=82) + path(
        "M84 34c-12-10-22 4-8 8 6 8 16-2 8-8z", "#fff1d6"
    )


def easter_egg(ink: Ink) -> str:
    waves = line("M22 58q9-10 18 0t18 0 18 0 18 0 18 0", ink.accent, 5) + line(
        "M22 76q9 10 18 0t18 0 18 0 18 0 18 0", WHITE, 5
    )
    dots = "".join(oval(x, 92, 4, 4, ink.pale) for x in (44, 60, 76)) + "".join(
        oval(x, 40, 3.400, 3.400, ink.pale) for x in (50, 60, 70)
    )
    return body(
        "M60 14c20 0 34 32 34 56 0 22-14 38-34 38S26 92 26 70c0-24 14-56 34-56z",
        ink.main,
        waves + dots,
        light=0,
        shade_from=78,
    )


def sun(ink: Ink) -> str:
    """Spring and summer: bucket and spade."""
    spade = f'<g transform="rotate(28 84 50)">{rect(81, 18, 6, 52, 3, WOOD)}{path("M74 66h20v18c0 10-20 10-20 0z", ink.accent)}</g>'
    return (
        oval(34, 30, 15, 15, "#ffc93c")
        + spade
        + line("M36 58c0-30 44-30 44 0", STEEL, 4)
        + body("M28 56h60l-8 48c0 3-3 4-6 4H42c-3 0-6-1-6-4z", ink.main, rect(24, 70, 70, 12, 0, ink.pale))
    )


def leafy(ink: Ink) -> str:
    """Autumn and winter."""
    scarf = path(
        "M60 18c6 12 10 10 22 8-4 10 0 14 14 16-8 8-8 12 2 20-12 0-16 4-16 16-8-6-14-6-22 4-8-10-14-10-22-4 0-12-4-16-16-16 10-8 10-12 2-20 14-2 18-6 14-16 12 2 16 4 22-8z",
        "#d9692b",
    )
    return scarf + line("M60 40v68M60 62L44 50M60 70l18-14", "#8a3d14", 3)


def toy(ink: Ink) -> str:
    """A teddy bear."""
    fur, dark = ink.one_of("fur", "#b9793f", "#8a5a3a", "#d9ab6b"), "#4a2e1c"
    ears = (
        oval(38, 28, 11, 11, fur)
        + oval(82, 28, 11, 11, fur)
        + oval(38, 28, 5, 5, "#f0c8a0")
        + oval(82, 28, 5, 5, "#f0c8a0")
    )
    limbs = (
        oval(34, 82, 10, 15, fur) + oval(86, 82, 10, 15, fur) + oval(44, 101, 13, 9, fur) + oval(76, 101, 13, 9, fur)
    )
    face = (
        oval(60, 44, 28, 24, fur)
        + oval(60, 52, 12, 9, "#f0c8a0")
        + oval(50, 40, 2.800, 3.400, dark)
        + oval(70, 40, 2.800, 3.400, dark)
        + oval(60, 48, 4, 3, dark)
    )
    return (
        limbs
        + oval(60, 84, 25, 23, fur)
        + oval(60, 88, 14, 14, "#f0c8a0")
        + ears
        + face
        + path("M60 66l-14-6v12zM60 66l14-6v12z", ink.main)
    )


def socks(ink: Ink) -> str:
    def sock(x: int, colour: str) -> str:
        return (
            path(f"M{x} 24h24v44l20 18c8 8 0 20-12 18L{x} 84z", colour)
            + rect(x, 24, 24, 9, 0, ink.accent)
            + path(f"M{x} 78l6 10 8 4v-6z", "#000", 'opacity=".12"')
        )

    return sock(50, ink.deep) + sock(28, ink.main)


def shirt(ink: Ink) -> str:
    return body(
        "M42 22c6 10 30 10 36 0l26 12-10 24-12-5v55H38V53l-12 5-10-24z",
        ink.main,
        ink.label(46, 52, 28, 28),
        light=0,
        shade_from=76,
    )


def camera(ink: Ink) -> str:
    return (
        rect(44, 34, 32, 14, 4, "#3b3346")
        + body(box(14, 44, 92, 58, 9), "#3b3346", rect(14, 58, 92, 22, 0, ink.main), light=0)
        + oval(60, 74, 24, 24, "#221b2c")
        + oval(60, 74, 17, 17, "#5b7fa3")
        + oval(54, 67, 5, 5, WHITE, 'opacity=".6"')
        + oval(92, 52, 4, 3, ink.accent)
    )


def plug(ink: Ink) -> str:
    """Small electricals."""
    return (
        line("M60 100c0-16 0-10 0-24", "#3b3346", 5)
        + line("M60 98c0 14 34 14 40-6", "#3b3346", 5)
        + rect(42, 16, 8, 26, 3, STEEL)
        + rect(70, 16, 8, 26, 3, STEEL)
        + body("M32 40h56v18c0 14-12 22-28 22S32 72 32 58z", ink.main)
    )


def wheel(ink: Ink) -> str:
    """For the car."""
    spokes = "".join(path("M56 62l-3-24h14l-3 24z", STEEL, f'transform="rotate({a} 60 62)"') for a in range(0, 360, 72))
    return (
        oval(60, 62, 46, 46, "#2c2a33")
        + oval(60, 62, 30, 30, "#e9ecf0")
        + oval(60, 62, 27, 27, "#4a4757")
        + spokes
        + oval(60, 62, 8, 8, ink.main)
    )


def disc(ink: Ink) -> str:
    """Films and music."""
    return (
        oval(70, 62, 38, 38, "#c9c3e0")
        + path("M70 62L98 36a38 38 0 0 1 10 26z", "#fff", 'opacity=".5"')
        + oval(70, 62, 11, 11, WHITE)
        + oval(70, 62, 4, 4, "#8b8096")
        + body(box(14, 22, 62, 82, 3), ink.main, ink.label(22, 34, 46, 54))
    )


def bin_bag(ink: Ink) -> str:
    return path("M52 30l-8-14 16 6 16-6-8 14z", "#3b3346") + body(
        "M52 30h16c24 10 32 36 28 62-2 12-12 16-36 16s-34-4-36-16c-4-26 4-52 28-62z",
        "#3b3346",
        rect(50, 26, 20, 6, 2, ink.accent),
    )


def ice(ink: Ink) -> str:
    def cube(x: int, y: int) -> str:
        return (
            path(f"M{x} {y}l20-10 20 10-20 10z", "#eaf7fc")
            + path(f"M{x} {y}l20 10v22L{x} {y + 22}z", "#bfe3f2")
            + path(f"M{x + 40} {y}l-20 10v22l20-10z", "#9fd2e8")
        )

    return cube(40, 36) + cube(18, 70) + cube(62, 70)


def garden(ink: Ink) -> str:
    """A watering can."""
    return (
        line("M34 52c-18 0-18 40 2 40", ink.deep, 6)
        + path("M82 62l20-24 8 6-22 40z", ink.deep)
        + oval(106, 40, 9, 5, ink.accent, 'transform="rotate(38 106 40)"')
        + body("M32 50h52l4 58H28z", ink.main, ink.label(42, 64, 34, 30))
        + line("M40 50c0-20 36-20 36 0", ink.deep, 5)
    )
