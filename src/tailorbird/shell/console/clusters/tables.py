"""A clustering in figures: how good it is, and where each cluster stands in each feature."""

from collections.abc import Sequence

from markupsafe import Markup

from tailorbird.know.cluster.model import Cluster, Gaps, Manifest
from tailorbird.shell.clustering.registry import Look
from tailorbird.shell.console import numbers
from tailorbird.shell.console.markup import Content, div, join, span, table
from tailorbird.shell.console.parts import heading, stat


def stats(manifest: Manifest, looks: Sequence[Look], now: int) -> Markup:
    """Size, quality and steadiness."""
    kept = (
        "first training" if manifest.stability is None else f"{numbers.percent(manifest.stability, 0)} kept their label"
    )
    drifted = looks[-1].drifted if looks else []
    tiles = [
        stat("People", numbers.count(manifest.people), f"{numbers.count(manifest.outliers)} unlike the others"),
        stat("Silhouette", numbers.decimal(manifest.silhouette), f"{manifest.definition.algorithm}, {_fits(manifest)}"),
        stat("Stability", numbers.percent(manifest.repeatability, 0), f"two halves agree; {kept}"),
        stat(
            "Drift",
            f"{len(drifted)} of {len(manifest.columns)}",
            _trained(manifest, now),
            "warn" if drifted else "good",
        ),
    ]
    return join(div(tile, cls="tb-card") for tile in tiles)


def _fits(manifest: Manifest) -> str:
    return f"rules {numbers.percent(manifest.fidelity, 0)} right"


def _trained(manifest: Manifest, now: int) -> str:
    followed = f", followed {manifest.adapted} times since" if manifest.adapted else ""
    return f"features moved; trained {numbers.ago(manifest.trained_at or manifest.at, now)}{followed}"


def features(manifest: Manifest, one: Cluster) -> Markup:
    """The cluster's means on a line from the lowest cluster's to the highest's, beside everyone's."""
    rows = [_feature(manifest, one, feature) for feature in one.means]
    return div(heading("Where they stand", "dot: this cluster; marks: the others"), div(rows, cls="tb-stands"))


def _feature(manifest: Manifest, one: Cluster, feature: str) -> Content:
    means = {other.key: other.means.get(feature, 0.0) for other in manifest.clusters}
    low, high = min(means.values()), max(means.values())
    width = (high - low) or 1.0
    places = {key: 100 * (mean - low) / width for key, mean in means.items()}
    others = [div(cls="other", style=f"left:{at:.1f}%") for key, at in places.items() if key != one.key]
    dot = div(cls="at", style=f"left:{places[one.key]:.1f}%")
    told = f"{numbers.DASH.join(f'{value:.3g}' for value in (low, high))} over the clusters"
    line = div(div(cls="axis"), others, dot, cls="tb-stand", title=told)
    return [span(feature, title=feature), line, span(f"{one.means[feature]:,.3g}", cls="num")]


def gaps(manifest: Manifest) -> Markup:
    """Features with gaps: how they are filled, and how far off that is."""
    rows = [_gap(name, one) for name, one in manifest.gaps.items()]
    heads = ["Feature", "Not known of", "Filled by", "Off by", "Of the mean's error", "Confidence"]
    title = heading(
        "Imputed values", "for clusters only, never written back; the error is measured by hiding known values"
    )
    return join([title, table(heads, rows, numeric=(1, 3, 4, 5))])


def _gap(name: str, one: Gaps) -> list[Content]:
    return [
        name,
        numbers.percent(one.missing, 0),
        one.method,
        f"{one.error:.3g}",
        numbers.percent(one.share, 0),
        numbers.percent(one.confidence, 0),
    ]
