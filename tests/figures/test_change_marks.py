"""Marks of changed settings on a learning curve: at the right step, with labels that leave each other room."""

from typing import Any

import pytest

from mnist_viz.figures import changes, curves
from mnist_viz.training import fields

Records = list[dict[str, Any]]


def change(step: int, seconds: float = 0.0, **settings: Any) -> dict[str, Any]:
    before = dict.fromkeys(settings, 0.01)
    return {"kind": "command", "command": "change", "value": None, "file": "000001.x", "step": step,
            "seconds": seconds or 0.25 * (step - 1), "settings": settings, "before": before}  # fmt: skip


@pytest.mark.parametrize(("by", "at"), [("step", 9), ("seconds", 2.0)])
def test_a_mark_stands_in_both_panes_at_the_step_that_was_the_first_with_it(
    records: Records, by: str, at: float
) -> None:
    drawn = curves.curve([*records, change(9, rate=0.003)], by, steps=20, seconds=5.0)
    assert curves.curve(records, by, steps=20, seconds=5.0).data == drawn.data[:4]
    lines, labels = drawn.data[4::2], drawn.data[5::2]
    for mark, named, over in zip(lines, labels, ("y", "y2"), strict=True):
        assert set(mark.x) == set(named.x) == {at} and (mark.y[0], mark.y[-2:]) == (0, (1, None))
        assert drawn.layout[mark.yaxis.replace("y", "yaxis")].overlaying == over and named.yaxis == mark.yaxis
        assert [word.strip() for word in named.text] == ["rate 0.003"]
        assert mark.hovertext[0].startswith("learning rate, the peak of its schedule: 0.01 → 0.003<br>from step 9 on")
        assert {tuple(one) for one in mark.customdata} == {(9, 2.0)} and len(mark.customdata) == len(mark.x)


def test_labels_of_marks_near_each_other_stand_on_levels_of_their_own() -> None:
    near = [change(step, rate=0.01 / step) for step in (100, 101, 102, 103, 104)]
    traces = changes.marks([*near, change(700, rate=0.1)], "step", 1000)
    for lines, labels in (traces[:2], traces[2:]):
        assert sorted(set(lines["x"])) == [100, 101, 102, 103, 104, 700]
        assert labels["x"] == [100, 101, 102, 103, 700], "the fifth of them has no room left: the pointer tells it"
        assert len(set(labels["y"][:4])) == 4 and labels["y"][4] == labels["y"][0]
        assert labels["textposition"] == ["middle right"] * 5
        assert all(labels["text"])


def test_a_label_turns_to_the_left_of_its_mark_only_where_it_would_leave_the_pane() -> None:
    for step, side in ((10, "right"), (600, "right"), (950, "left")):
        assert changes.marks([change(step, rate=0.1)], "step", 1000)[1]["textposition"] == [f"middle {side}"]
    long = change(600, weight_decay=0.0001, rotation=12)
    assert changes.marks([long], "step", 1000)[1]["textposition"] == ["middle left"]


def test_labels_of_marks_leave_the_names_of_the_lines_their_corner(records: Records) -> None:
    wild = {**records[3], "step": 15, "seconds": 3.75, "loss": 60.0}
    led = [change(step, rate=0.01 / step, weight_decay=0.1) for step in (16, 17, 18, 19)]

    def heights(told: Records, beside: Records | None = None) -> tuple[bool, list[float]]:
        drawn = curves.curve([*told, *led], steps=20, seconds=5.0, beside=beside)
        named = [
            note.y for note in drawn.layout.annotations if "training" in str(note.text) and note.yref == "y domain"
        ]
        return named == [0], [round(12 * height) for height in drawn.data[-3].y]

    assert heights(records) == (False, [1, 2, 3, 4])
    assert heights([*records, wild]) == (True, [3, 4, 5, 6]), "two lines of names take two levels"
    assert heights([*records, wild], [*records]) == (False, [1, 2, 3, 4]), "two losses have no names"
    drawn = curves.curve([*records, wild, *led], steps=20, seconds=5.0)
    assert [round(12 * height) for height in drawn.data[-1].y] == [8, 7, 6, 5]
    live = curves.marks([*records, wild, *led], "step", 20)
    assert [trace["y"] for trace in live[1::2]] == [list(trace.y) for trace in drawn.data[-3::2]], (
        "as the live curve gets them"
    )


def test_in_a_narrow_place_marks_have_no_labels(records: Records) -> None:
    drawn = curves.curve([*records, change(9, rate=0.003)], steps=20, seconds=5.0, stacked=True)
    assert [trace.mode for trace in drawn.data[4:]] == ["lines", "lines"]


def test_what_was_refused_or_makes_no_sense_has_no_mark() -> None:
    odd: Records = [
        {**change(3, rate=0.1), "refused": "no."},
        {**change(3), "settings": "rate"},
        {**change(3, rate=1), "step": "3"},
        {"kind": "command", "command": "pause", "value": None},
    ]
    assert changes.marks(odd, "step", 10) == []


def test_several_settings_are_one_mark() -> None:
    both = change(3, rate=1e-5, weight_decay=0.1)
    assert changes.label(both) == "rate 1e-05, decay 0.1"
    assert changes.label(change(3, rate=1e-5, weight_decay=0.1, dropout=0.9)) == "rate 1e-05, decay 0.1 …"
    assert "weight decay: 0.01 → 0.1" in changes.sentence(both)


def test_what_digits_and_activations_are_changed_by_is_said_in_the_words_of_the_page() -> None:
    assert changes.label(change(9, elastic=1.5, rotation=10)) == "bent by 1.5\u00a0px, turned by ±10°"
    assert changes.label(change(9, zoom=0.15)) == "scaled by ±15\u00a0%"
    assert "covered: 1\u00a0% → 7\u00a0%" in changes.sentence(change(9, erasing=0.07))
    assert set(changes.IN_PERCENT) < set(fields.AUGMENTATION)
    assert changes.OWN == fields.OWN and changes.label(change(9, dropout=fields.OWN)).endswith("as the network has it")
