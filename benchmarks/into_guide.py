"""Put the last results into docs/guide/performance.md and evaluation.md:   python -m benchmarks.into_guide"""

import json
import re
from pathlib import Path

from benchmarks import quality
from benchmarks.table import Row, show

TOP = Path(__file__).parent.parent


def main() -> None:
    rows = [Row(**one) for one in json.loads((TOP / "benchmarks" / "results.json").read_text())]
    _put("performance.md", "results", show(rows))
    sets = [quality.Quality(**one) for one in json.loads(quality.RESULTS.read_text())]
    _put("evaluation.md", "quality", quality.show(sets))


def _put(name: str, mark: str, table: str) -> None:
    """The table between its two marks."""
    page = TOP / "docs" / "guide" / name
    begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    text = re.sub(f"{begin}.*?{end}", lambda _: f"{begin}\n\n{table}\n\n{end}", page.read_text(), flags=re.S)
    page.write_text(text)


if __name__ == "__main__":
    main()
