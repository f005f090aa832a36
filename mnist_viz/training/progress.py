"""A training's progress in a terminal: one line that is drawn over, or a line a look if nobody watches."""

from typing import Self, TextIO

from mnist_viz.runs.records import Record
from mnist_viz.text import percent

WIDTH = 30  # characters


class Bar:
    """Shows records on a stream as they come."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._steps = 1
        self._validated = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._live:
            self._stream.write("\n")

    def show(self, record: Record) -> None:
        """Draw what the record changes, if anything."""
        if record["kind"] == "start":
            self._steps = record["steps"]
        elif record["kind"] == "evaluation":
            self._validated = f"{record['part']} {percent(record['accuracy'])}"
            if not self._live:
                self._stream.write(f"step {record['step']}/{self._steps}  {self._validated}\n")
        elif record["kind"] == "step" and self._live:
            done = record["step"] * WIDTH // self._steps
            bar = "█" * done + "·" * (WIDTH - done)
            self._stream.write(
                f"\r{bar} {record['step']}/{self._steps}  loss {record['loss']:.3f}  "
                f"{record['images_per_second']:,.0f} digits/s  {self._validated:<13}"
            )
        self._stream.flush()
