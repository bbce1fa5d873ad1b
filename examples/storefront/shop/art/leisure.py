"""Books and papers, cards and gifts, the seasons, toys, clothes, films."""

from shop.art.ink import CREAM, STEEL, WHITE, WOOD, Ink, body, box, line, oval, path, placed, rect, turned


def pencil(ink: Ink) -> str:
    def one(x: int, turn: int, colour: str) -> str:
        wood = rect(-7, -36, 14, 62, 0, colour) + rect(-2.5, -36, 5, 62, 0, WHITE, 'fill-opacity=".25"')
        tip = path("M-7 26h14L0 44z", "#f0d2a6") + path("M-2.5 37h5L0 44z", "#2c2434")
        return placed(wood + rect(-7, -46, 14, 12, 3, "#f3a6b8") + tip, x, 62, turn)

    return (
        rect(20, 28, 58, 78, 4, WHITE)
        + "".join(line(f"M28 {y}h42", "#cfd6e4", 2) for y in range(42, 100, 10))
        + line("M34 28v78", "#f3a6b8", 1.4)
        + one(88, 12, ink.main)
    )


def book(ink: Ink) -> str:
    pages = path("M28 96c0-6 4-8 10-8h56v16H38c-6 0-10-2-10-8z", CREAM) + line("M38 93h54M38 98h54", "#d9c9a8", 1.4)
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
    lines = "".join(rect(36, y, 14, 2.4, 1, ink.deep) for y in (46, 52, 58))
    paper = rect(36, 22, 56, 86, 1, "#000", 'opacity=".12"') + rect(32, 18, 56, 88, 1, ink.pale)
    return turned(paper + head + figure + lines, -4)


def newspaper(ink: Ink) -> str:
    columns = "".join(rect(x, y, 20, 2.2, 1, "#8b8096") for x in (34, 60) for y in range(66, 100, 6))
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
        + path("M60 6l3 7 8 .6-6 5 2 7.4-7-4-7 4 2-7.4-6-5 8-.6z", "#ffd166")
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
        oval(x, 40, 3.4, 3.4, ink.pale) for x in (50, 60, 70)
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
    spade = turned(rect(81, 18, 6, 52, 3, WOOD) + path("M74 66h20v18c0 10-20 10-20 0z", ink.accent), 28, 84, 50)
    return (
        oval(34, 30, 15, 15, "#ffc93c")
        + spade
        + line("M36 58c0-30 44-30 44 0", STEEL, 4)
        + body("M28 56h60l-8 48c0 3-3 4-6 4H42c-3 0-6-1-6-4z", ink.main, rect(24, 70, 70, 12, 0, ink.pale))
    )


def leafy(ink: Ink) -> str:
    """Autumn and winter."""
    scarf = path(
        "M60 18c6 12 10 10 22 8-4 10 0 14 14 16-8 8-8 12 2 20-12 0-16 4-16 16-8-6-14-6-22 4-8-10-14-10-22-4 "
        "0-12-4-16-16-16 10-8 10-12 2-20 14-2 18-6 14-16 12 2 16 4 22-8z",
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
        + oval(50, 40, 2.8, 3.4, dark)
        + oval(70, 40, 2.8, 3.4, dark)
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


def disc(ink: Ink) -> str:
    """Films and music."""
    return (
        oval(70, 62, 38, 38, "#c9c3e0")
        + path("M70 62L98 36a38 38 0 0 1 10 26z", "#fff", 'opacity=".5"')
        + oval(70, 62, 11, 11, WHITE)
        + oval(70, 62, 4, 4, "#8b8096")
        + body(box(14, 22, 62, 82, 3), ink.main, ink.label(22, 34, 46, 54))
    )
