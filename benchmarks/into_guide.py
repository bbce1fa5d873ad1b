"""Put the last results into docs/guide/performance.md:   python -m benchmarks.into_guide"""

import json
import re
from pathlib import Path

from benchmarks.table import Row, show

TOP = Path(__file__).parent.parent


def main() -> None:
    rows = [Row(**one) for one in json.loads((TOP / "benchmarks" / "results.json").read_text())]
    page = TOP / "docs" / "guide" / "performance.md"
    table = f"<!-- results -->\n\n{show(rows)}\n\n## What the figures mean"
    page.write_text(
        re.sub(r"<!-- results -->.*?## What the figures mean", lambda _: table, page.read_text(), flags=re.S)
    )


if __name__ == "__main__":
    main()
