"""Household, paper, kitchen, hardware."""

from shop.art.ink import CREAM, GLASS, STEEL, WHITE, WOOD, Ink, body, box, line, oval, path, rect, turned


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
    back = oval(82, 46, 20, 8, "#ece6da") + rect(62, 46, 40, 32, 0, "#f7f3ea") + oval(82, 46, 6, 2.6, WOOD)
    front = (
        rect(18, 58, 54, 42, 0, WHITE)
        + oval(45, 100, 27, 9, WHITE)
        + oval(45, 58, 27, 10, "#efe9dd")
        + oval(45, 58, 8, 3.2, WOOD)
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
        + oval(60, 22, 7, 2.4, WOOD)
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
        line(f"M{x} 82l{(x - 56) * 0.14} 24", "#b98a35", 1.8) for x in range(34, 84, 8)
    )
    return turned(rect(53, 6, 6, 62, 3, WOOD) + rect(36, 64, 40, 12, 4, ink.main) + bristles, 12)


def pan(ink: Ink) -> str:
    handle = f'<g transform="rotate(-24 80 58)">{rect(78, 52, 40, 10, 5, ink.main)}</g>'
    egg = path("M36 70c-4-12 14-18 24-12 12-4 18 10 8 14-6 8-30 8-32-2z", WHITE) + oval(52, 66, 8, 5.5, "#f5b82e")
    return handle + oval(52, 74, 40, 26, "#33313d") + oval(52, 71, 34, 20, "#4a4757") + egg


def gadget(ink: Ink) -> str:
    """Spatula and whisk."""
    whisk = line(
        "M82 56c-16-12-14-40 0-44 14 4 16 32 0 44zM82 56c-6-14-6-34 0-44 6 10 6 30 0 44z", "#9aa1ab", 2.4
    ) + rect(78, 54, 8, 52, 4, ink.main)
    return (
        whisk
        + rect(30, 14, 28, 38, 6, ink.accent)
        + "".join(rect(x, 22, 3, 22, 1.5, "#000", 'opacity=".16"') for x in (37, 43, 49))
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
        + line("M52 82V58l8 8 8-8v24", "#d99a2b", 2.4)
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
    head = path("M36 18h40c8 0 12 6 14 12H80c-2-2-4-2-6-2v8H46v-8h-10z", "#6f7680")
    hammer = turned(rect(55, 34, 10, 74, 4, WOOD) + head, -36)
    grip = rect(52, 62, 16, 44, 7, ink.main) + line("M57 68v32M63 68v32", ink.deep, 2)
    driver = turned(rect(57, 14, 6, 50, 1, STEEL) + grip, 36)
    return hammer + driver


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
