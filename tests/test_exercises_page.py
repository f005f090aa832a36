"""Spot the error: every exercise of every page opens, says its numbers, and computes nothing before that."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from mnist_viz.ui.exercises import EXERCISES
from tests.test_pages import is_whole, payload, text_of, visit

pytestmark = pytest.mark.usefixtures("own_store")
LINKS = {"prepare": {"stage": "pictures"}}
SAID = {
    "counts": ["60,000", "10,000", "70,000"],
    "leak": ["33.386", "33.318", "14,000 digits", "10,000"],
    "centred": ["−0.547", "1.000"],
    "encoder": ["unexpected keyword argument 'sparse'", "10 × 10"],
    "sizes": ["32 → 30", "15", "30 − 2 + 1 = **29**"],
    "cross_entropy": ["1.3", "1.609", "1.872", "2.525", "class 2"],
    "twice": ["9.453282", "cosine of 0.72"],
    "view": ["64 × 64 × 7 × 7", "**16** rows of 12,544", "(16)", "(64)"],
    "dropout": ["8,192 ones", "0 of 64 whole rows", "2-D input"],
    "labels": ["**15** of the 10,000", "78 mistakes", "**8** of"],
    "parameters": ["108,618", "101,770", "94", "**800**"],
    "endures": ["98.9", "67.2", "60.8", "| moved right by 4 pixels | 91.2"],
}


def ask(app: AppTest, name: str) -> None:
    app.toggle(key=f"answer_{name}").set_value(True).run()


@pytest.mark.parametrize("page", EXERCISES)
def test_every_exercise_of_a_page_says_its_numbers_when_it_is_asked(page: str) -> None:
    app = visit(f"pages/{page}.py", **LINKS.get(page, {}))
    assert is_whole(app) and [fold.label for fold in app.expander].count("Spot the error") == 1
    for name, make in EXERCISES[page].items():
        assert any(make().said in words.value for words in app.markdown), name
        before = text_of(app)
        ask(app, name)
        assert is_whole(app), name
        for number in SAID[name]:
            assert number in text_of(app), (name, number)
        assert len(text_of(app)) > len(before) + 100, name


def test_the_fold_comes_before_how_it_is_made_and_nowhere_else() -> None:
    folds = [fold.label for fold in visit("pages/data.py").expander]
    assert folds[-2:] == ["Spot the error", "How is this made?"]
    assert "Spot the error" not in [fold.label for fold in visit("pages/embedding.py").expander]


def test_names_of_exercises_are_unique_over_all_pages_and_all_are_tried_here() -> None:
    names = [name for exercises in EXERCISES.values() for name in exercises]
    assert sorted(names) == sorted(set(names)) == sorted(SAID)


def test_the_disputed_digits_are_shown_with_what_people_saw() -> None:
    app = visit("pages/mistakes.py")
    ask(app, "labels")
    items = payload(app, "disputed_digits")["items"]
    assert isinstance(items, list) and len(items) == 15
    assert {"id": "test-947", "text": "8, or 9"}.items() <= items[0].items()


def test_answers_that_read_are_those_of_the_checkpoint_of_the_link() -> None:
    app = visit("pages/mistakes.py", step="1")
    ask(app, "labels")
    mistakes = re.search(r"step 1, makes ([\d,]+) mistakes", text_of(app))
    assert mistakes and int(mistakes[1].replace(",", "")) > 1000
