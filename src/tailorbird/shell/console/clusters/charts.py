"""How the number of clusters was chosen, and how well it holds since."""

from collections.abc import Sequence

from tailorbird.know.cluster.drift import DRIFTED
from tailorbird.know.cluster.model import Manifest
from tailorbird.shell.clustering.registry import Look
from tailorbird.shell.console import charts
from tailorbird.shell.console.charts import Options, Series
from tailorbird.shell.console.theme import Theme


def choice(theme: Theme, manifest: Manifest) -> Options:
    """Silhouette by k as bars, the chosen one coloured; inertia and BIC as lines, each on a scale of its own."""
    tried, chosen = manifest.tried, len(manifest.clusters)
    bars = [
        {"value": round(one.silhouette, 4), "itemStyle": {"color": theme.accent if one.k == chosen else theme.quiet}}
        for one in tried
    ]
    options = charts.grouped(theme, [_name(manifest, one.k) for one in tried], [("silhouette", [])])
    options["series"][0] |= {"data": bars}
    options["yAxis"] = [{**options["yAxis"], "max": None}, _hidden(), _hidden()]
    options["xAxis"]["axisLabel"] |= {"lineHeight": 15}
    inertia = _scaled("inertia", [one.inertia for one in tried], 1, theme.colour(1))
    bic = _scaled("BIC", [one.bic for one in tried], 2, theme.colour(4))
    options["legend"] |= {"data": ["silhouette", "inertia", "BIC"], "show": True}
    options["grid"] |= {"top": 40}
    return {**options, "series": [*options["series"], inertia, bic]}


def _name(manifest: Manifest, k: int) -> str:
    words = {"elbow": manifest.elbow, "BIC": manifest.best_bic}
    return "\n".join([str(k), *(word for word, at in words.items() if at == k)])


def _hidden() -> Options:
    """An axis for a figure whose height says nothing beside the others'."""
    return {"type": "value", "scale": True, "show": False, "axisLabel": {"show": False}}


def _scaled(name: str, values: list[float], axis: int, colour: str) -> Options:
    drawn = {"lineStyle": {"width": 2, "color": colour}, "itemStyle": {"color": colour}, "symbolSize": 6}
    return {"type": "line", "name": name, "data": [round(value, 2) for value in values], "yAxisIndex": axis, **drawn}


def drift(theme: Theme, looks: Sequence[Look]) -> Options:
    """Silhouette, and the largest PSI of any feature, at each look."""
    worst = [(look.at, round(max(look.psi.values(), default=0.0), 3)) for look in looks]
    quality = [(look.at, look.silhouette) for look in looks]
    options = charts.lines(theme, [Series("silhouette", quality), Series("largest PSI", worst)], "")
    line = {
        "yAxis": DRIFTED,
        "lineStyle": {"color": theme.quiet, "type": "dashed"},
        "label": {"formatter": f"PSI {DRIFTED}: drifted"},
    }
    options["series"][-1]["markLine"] = {"silent": True, "symbol": "none", "data": [line]}
    return options
