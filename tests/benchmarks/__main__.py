"""Measure line by line: name, figure, goal, met or not. What is already in bench/ is not measured again.

`python -m tests.benchmarks [--again] [NAME ...]`
"""

import argparse
import json
import os
import platform
from pathlib import Path

from mnist_viz.runs.files import write_whole
from tests.benchmarks import browsing, drawing, explaining, learning, mapping, racing, watching
from tests.benchmarks.measure import Measure

FOLDER = Path(__file__).parents[2] / "bench"
_PARTS = (learning, racing, watching, explaining, browsing, drawing, mapping)
MEASURES: dict[str, Measure] = {name: one for part in _PARTS for name, one in part.MEASURES.items()}


def line(name: str, measure: Measure, figure: float, detail: str) -> str:
    """A measurement as a row: name, figure, goal, met or missed, and what else was seen."""
    verdict = "met" if measure.is_met(figure) else "MISSED"
    goal = f"{'>=' if measure.least else '<='} {measure.goal:g} {measure.unit}"
    return f"{name:28} {figure:10.3f} {measure.unit:8} goal {goal:14} {verdict:7} {detail}"


def main() -> None:
    """Measure what is asked for and print each line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *MEASURES], help="only these; all without a name")
    parser.add_argument("--again", action="store_true", help="measure again what is already in bench/")
    chosen = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    for name, measure in MEASURES.items():
        if chosen.names and name not in chosen.names:
            continue
        kept = FOLDER / f"{name}.json"
        if chosen.again or not kept.exists():
            figure, detail = measure.take()
            met = measure.is_met(figure)
            content = {"name": name, "figure": figure, "goal": measure.goal, "unit": measure.unit, "met": met}
            write_whole(kept, json.dumps({**content, "detail": detail}, indent=2) + "\n")
        known = json.loads(kept.read_text(encoding="utf-8"))
        print(line(name, measure, known["figure"], known["detail"]), flush=True)


if __name__ == "__main__":
    main()
