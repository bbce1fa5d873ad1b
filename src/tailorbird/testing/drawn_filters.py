"""Conditions on one event, drawn: what stands behind `where =>`."""

from random import Random

from tailorbird.testing.drawn_words import Source, quoted


def filtered(draw: Random, source: Source, often: float = 0.3) -> str:
    """`, where => ...` and `, each => ...` as the source needs them."""
    where = (
        f", where => {condition(draw, source)}" if draw.random() < often and (source.numbers or source.texts) else ""
    )
    return where + (f", each => {quoted(source.each)}" if source.each else "")


def condition(draw: Random, source: Source, depth: int = 1) -> str:
    """A condition that about half of the events meet."""
    if depth and draw.random() < 0.3:
        left, right = condition(draw, source, 0), condition(draw, source, 0)
        return draw.choice((f"{left} and {right}", f"({left} or {right})", f"not ({left})"))
    choices = [number_condition] * bool(source.numbers) + [text_condition] * bool(source.texts)
    choices += [truth_condition] * bool(source.truths) + [time_condition] * bool(source.times)
    return draw.choice(choices)(draw, source)


def number_condition(draw: Random, source: Source) -> str:
    name = draw.choice(sorted(source.numbers))
    marks = source.numbers[name]
    mark = f"{draw.choice(marks):g}"
    return draw.choice(
        (
            f"{name} >= {mark}",
            f"{name} <> {mark}",
            f"{name} < {mark}",
            f"{name} between {min(marks):g} and {mark}",
            f"{name} * 2 > {mark}",
            f"{name} not in ({mark}, {max(marks):g})",
            f"{name} is not null",
            f"coalesce({name}, 0) <= {mark}",
        )
    )


def text_condition(draw: Random, source: Source) -> str:
    name = draw.choice(sorted(source.texts))
    texts = source.texts[name]
    one, other = quoted(draw.choice(texts)), quoted(draw.choice(texts))
    letter = draw.choice(texts)[:1].strip("'")
    return draw.choice(
        (
            f"{name} in ({one}, {other})",
            f"{name} <> {one}",
            f"{name} like '%{letter}%'",
            f"{name} not like '{letter}%'",
            f"{name} ilike '_{letter}%'",
            f"{name} is null",
            f"lower({name}) = lower({one})",
            f"length({name}) >= 3",
            f"{name} >= {one}",
        )
    )


def truth_condition(draw: Random, source: Source) -> str:
    name = draw.choice(source.truths)
    return draw.choice((name, f"not {name}", f"{name} = true", f"{name} is null", f"{name} is not true"))


def time_condition(draw: Random, source: Source) -> str:
    name = draw.choice(source.times)
    return draw.choice((f"{name} >= '2024-10-15'", f"{name} < '2024-11-01T12:00:00Z'", f"weekday({name}) > 3"))
