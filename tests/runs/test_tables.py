"""The table of a run's metrics says what its records say."""

import csv
import io

import pytest

from mnist_viz.runs import records
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.runs.tables import COLUMNS, metrics_csv


def test_every_step_and_every_evaluation_is_a_row_with_the_very_numbers() -> None:
    known = records.read_all(Store.default().run(PRETRAINED))
    rows = list(csv.DictReader(io.StringIO(metrics_csv(known))))
    told = [record for record in known if record["kind"] in ("step", "evaluation")]
    assert len(rows) == len(told) > 200 and tuple(rows[0]) == COLUMNS
    for row, record in zip(rows, told, strict=True):
        assert row["part"] == record.get("part", "batch")
        for name in set(COLUMNS) - {"part"}:
            assert row[name] == "" if name not in record else float(row[name]) == pytest.approx(record[name], abs=0)


def test_of_no_records_the_table_has_its_head_alone() -> None:
    assert metrics_csv([]) == ",".join(COLUMNS) + "\n"
