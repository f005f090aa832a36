"""The records of a run as a table that any other program opens."""

import csv
import io
from collections.abc import Iterable

from mnist_viz.runs.records import Record

COLUMNS = ("step", "epoch", "seconds", "part", "digits", "loss", "accuracy", "rate", "images_per_second")
BATCH = "batch"
"""The part of a row that a step made: the digits it learned from, before it did."""


def metrics_csv(records: Iterable[Record]) -> str:
    """A row for every step that was recorded (`part` is batch) and every evaluation (val, test or old), in order.

    Loss in nats, accuracy a share, seconds of training alone; what a row does not have is empty.
    """
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for record in records:
        if record["kind"] == "step":
            table.writerow({"part": BATCH, **record})
        elif record["kind"] == "evaluation":
            table.writerow(record)
    return text.getvalue()
