"""What stands on a larder shelf: tins, jars, bottles of sauce and oil, tubs, eggs."""

from shop.art.ink import CREAM, GLASS, STEEL, WHITE, Ink, body, box, line, oval, path, rect


def tin(ink: Ink) -> str:
    rings = "".join(line(f"M32 {y}h56", "#9aa3ad", 1.4) for y in (33, 101))
    return body(box(32, 26, 56, 82, 6), STEEL, ink.label(32, 39, 56, 56) + rings) + oval(60, 27, 27, 4.6, "#e7eaee")


def flat_tin(ink: Ink) -> str:
    """Tuna, pet food."""
    wall = body(box(22, 64, 76, 42, 8), STEEL, ink.label(22, 73, 76, 26))
    return wall + oval(60, 65, 38, 9, "#e7eaee") + oval(60, 65, 30, 6.4, "#d4d9df") + oval(66, 64, 7, 2.4, "#aab1ba")


def jar(ink: Ink) -> str:
    jam = ink.one_of("jam", "#b3203c", "#6b2449", "#e08a1e", "#b0672a", "#7c9a2d", "#d9482b")
    glass = "M38 36h44c5 3 7 8 7 14v46c0 7-4 12-11 12H42c-7 0-11-5-11-12V50c0-6 2-11 7-14z"
    return body(glass, jam, ink.label(38, 56, 44, 34, CREAM)) + rect(35, 21, 50, 16, 4, ink.main) + rect(
        35, 31, 50, 3, 0, ink.deep
    )  # fmt: skip


def pickles(ink: Ink) -> str:
    glass = "M38 34h44c5 3 7 8 7 14v48c0 7-4 12-11 12H42c-7 0-11-5-11-12V48c0-6 2-11 7-14z"
    spears = "".join(
        rect(x, 44, 9, 58, 4.5, c) for x, c in ((36, "#7f9f3a"), (48, "#93b548"), (60, "#7f9f3a"), (72, "#93b548"))
    )
    return body(glass, "#dbe8b8", spears + ink.label(36, 62, 48, 26)) + rect(35, 20, 50, 15, 4, ink.main)


def sauce(ink: Ink) -> str:
    """A squeezy bottle."""
    liquid = ink.one_of("sauce", "#c62f2a", "#e0a81e", "#7a3b1d", "#b5402a", "#f1ead6")
    bottle = "M52 30h16c3 8 14 12 14 26v42c0 6-3 10-9 10H47c-6 0-9-4-9-10V56c0-14 11-18 14-26z"
    return path("M56 12h8l4 18H52z", ink.deep) + body(bottle, liquid, ink.label(38, 60, 44, 30))


def dressing(ink: Ink) -> str:
    liquid = ink.one_of("sauce", "#f0dfb0", "#d78a3a", "#e7e2c5", "#8d5a2b")
    bottle = "M54 18h12v18c0 6 13 10 13 22v42c0 5-2 8-7 8H48c-5 0-7-3-7-8V58c0-12 13-16 13-22z"
    return body(bottle, liquid, ink.label(41, 62, 38, 32)) + rect(51, 11, 18, 10, 2.5, ink.main)


def oil(ink: Ink) -> str:
    bottle = "M53 22h14v10c0 6 15 8 15 22v46c0 5-3 8-7 8H45c-4 0-7-3-7-8V54c0-14 15-16 15-22z"
    return body(bottle, "#eec643", ink.label(38, 62, 44, 30)) + rect(51, 12, 18, 12, 3, ink.deep)


def spice(ink: Ink) -> str:
    grains = ink.one_of("spice", "#b5502a", "#7c8b3a", "#e0b030", "#4a3326", "#cfc3a3")
    return (
        body(box(40, 36, 40, 72, 6), GLASS, rect(40, 52, 40, 60, 0, grains) + ink.label(40, 60, 40, 32))
        + rect(38, 22, 44, 17, 4, ink.main)
        + "".join(oval(x, 27, 1.6, 1.2, ink.pale) for x in (50, 57, 64, 71))
    )


def syrup(ink: Ink) -> str:
    bottle = "M52 20h14v12c8 4 16 12 16 26v38c0 8-4 12-10 12H46c-6 0-10-4-10-12V58c0-14 8-22 16-26z"
    return body(bottle, "#7a3a14", ink.label(36, 60, 46, 32, CREAM)) + rect(49, 11, 20, 11, 3, ink.accent)


def tub(ink: Ink) -> str:
    """Yogurt, dips, spreads."""
    cup = "M34 48h52l-6 54c-1 4-3 6-7 6H47c-4 0-6-2-7-6z"
    return body(cup, ink.pale, ink.label(34, 54, 52, 44)) + rect(30, 39, 60, 11, 4, ink.main) + path(
        "M86 40l9-5 1 6-8 3z", ink.accent
    )  # fmt: skip


def ice_cream(ink: Ink) -> str:
    scoops = oval(47, 40, 17, 16, ink.one_of("a", "#f8e3c0", "#f6b8c4", "#7b4a31", "#bfe3c3"))
    scoops += oval(74, 41, 16, 15, ink.one_of("b", "#fff6e2", "#8a5437", "#f4a6b7", "#f3d27a"))
    cup = "M32 48h56l-6 54c-1 4-3 6-7 6H45c-4 0-6-2-7-6z"
    return scoops + body(cup, ink.main, ink.label(34, 60, 52, 34)) + rect(29, 46, 62, 8, 4, ink.deep)


def popsicle(ink: Ink) -> str:
    ice = ink.one_of("ice", "#ef5f6b", "#f7a03c", "#7b4a31", "#7cc4e8", "#9b6bc9")
    stick = rect(55, 84, 10, 24, 4, "#e3bd83")
    bite = path("M84 20c-8 2-14 8-12 16s10 6 14 4z", "#fff", 'opacity=".35"')
    groove = rect(50, 34, 4, 40, 2, "#000", 'opacity=".12"') + rect(66, 34, 4, 40, 2, "#000", 'opacity=".12"')
    return stick + body("M38 40c0-14 8-26 22-26s22 12 22 26v42c0 4-2 6-6 6H44c-4 0-6-2-6-6z", ice, groove + bite)


def eggs(ink: Ink) -> str:
    shells = "".join(
        oval(x, 62, 10.5, 14, ink.one_of(f"egg{x}", "#f6e7d2", "#e9c9a3", "#fbf3e6")) for x in (29, 50, 71, 92)
    )
    rim = "M14 66c6-6 10 4 15.5 4s9-10 10.5-10 5 10 10 10 9-10 10.5-10 5 10 10.5 10 9-10 10.5-10 6 10 11 10 7-6 13-4"
    tray = f"{rim}l-5 36c-1 4-3 6-7 6H27c-4 0-6-2-7-6z"
    return shells + body(tray, "#a9b3a0", ink.label(38, 80, 44, 20), light=0)


def butter(ink: Ink) -> str:
    block = path("M24 84l14-22h62L86 84z", "#fbe58c") + path("M86 84l14-22v20L86 106z", "#d9b63f")
    return block + body(
        box(24, 84, 62, 22, 1), "#f4cf5a", rect(44, 84, 42, 22, 0, ink.main) + ink.label(50, 84, 30, 22), light=0
    )


def cheese(ink: Ink) -> str:
    paste = ink.one_of("paste", "#f6c445", "#f4a93a", "#fbe7a6", "#fff3cf")
    holes = "".join(
        oval(x, y, r, r * 0.8, "#000", 'opacity=".12"')
        for x, y, r in ((42, 88, 6), (66, 82, 4.5), (80, 94, 5.5), (56, 98, 3))
    )
    top = path("M16 76L74 40c16 4 28 18 30 36z", paste) + path(
        "M16 76L74 40c14 4 26 18 28 36z", "#fff", 'opacity=".25"'
    )
    cut = rect(16, 76, 88, 30, 0, "#000", 'opacity=".07"') + holes
    return (
        top
        + body("M16 76h88v30H16z", paste, cut, light=0, shade_from=92)
        + rect(16, 74, 88, 3, 1.5, WHITE, 'opacity=".5"')
    )
