"""Spot the error: every exercise of every page opens, says its numbers, and computes nothing before that."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from mnist_viz.ui.exercises import EXERCISES
from mnist_viz.ui.exercising.exercise import Exercise
from mnist_viz.ui.link import Choice
from tests.test_pages import is_whole, payload, visit

pytestmark = pytest.mark.usefixtures("own_store")
LINKS = {"prepare": {"stage": "pictures"}}
SAID = {
    "counts": ["60,000", "10,000", "70,000"],
    "leak": ["33.386", "**33.356**", "56,000 that are learned from", "**1.06** at most", "14,000 digits", "**10,000**"],
    "centred": ["−0.547", "1.000"],
    "encoder": ["unexpected keyword argument 'sparse'", "10 × 10"],
    "sizes": ["32 → 30", "**15**", "30 − 2 + 1 = **29**"],
    "cross_entropy": ["1.3", "1.609", "1.872", "2.525", "class 2"],
    "twice": ["9.453282", "cosine of 0.72"],
    "view": ["64 × 64 × 7 × 7", "**16** rows of 12,544", "(16)", "(64)`. Right is"],
    "dropout": ["8,192 ones", "0 of 64 whole rows", "2-D input"],
    "stops": ["(**0** lines done)", "unterminated string literal", "**10** epochs", "name 'test_data' is not defined"],
    "log": ["938 batches", "98.81 and 99.20 %", "**9,922** of 10,000"],
    "labels": ["**15** of the 10,000", "78 mistakes", "**8** of"],
    "parameters": ["108,618", "101,770", "94", "**800**"],
    "endures": ["step 215", "| moved right by 4 pixels |"],
}


def ask(app: AppTest, name: str) -> str:
    """Ask for an answer; what the page says then and did not say before."""
    before = Counter(words.value for words in app.markdown)
    app.toggle(key=f"answer_{name}").set_value(True).run()
    return "\n".join((Counter(words.value for words in app.markdown) - before).elements())


@pytest.mark.parametrize("page", EXERCISES)
def test_every_exercise_of_a_page_says_its_numbers_when_it_is_asked(page: str) -> None:
    app = visit(f"pages/{page}.py", **LINKS.get(page, {}))
    assert is_whole(app) and [fold.label for fold in app.expander].count("Spot the error") == 1
    for name, make in EXERCISES[page].items():
        assert any(make().said in words.value for words in app.markdown), name
        answer = ask(app, name)
        assert is_whole(app), name
        for number in SAID[name]:
            assert number in answer, (name, number)
        assert len(answer) > 100 and make().said not in answer, name


def test_the_fold_comes_before_how_it_is_made_and_nowhere_else() -> None:
    folds = [fold.label for fold in visit("pages/data.py").expander]
    assert folds[-2:] == ["Spot the error", "How is this made?"]
    assert "Spot the error" not in [fold.label for fold in visit("pages/embedding.py").expander]


def test_names_of_exercises_are_unique_over_all_pages_and_all_are_tried_here() -> None:
    names = [name for exercises in EXERCISES.values() for name in exercises]
    assert sorted(names) == sorted(set(names)) == sorted(SAID)


def test_the_disputed_digits_are_shown_with_what_people_saw() -> None:
    app = visit("pages/mistakes.py")
    answer = ask(app, "labels")
    items = payload(app, "disputed_digits")["items"]
    assert isinstance(items, list) and len(items) == 15
    assert any(item["text"].endswith("?") for item in items) and "“?” where no three of them agreed" in answer
    assert {"id": "test-947", "text": "8, or 9"}.items() <= items[0].items()


def test_what_a_network_stands_is_said_as_it_was_measured() -> None:
    answer = ask(visit("pages/draw.py"), "endures")
    shares = {
        name: float(share) for name, share in re.findall(r"^\| ([^|]+) \| ([\d.]+)\u00a0% \|", answer, re.MULTILINE)
    }
    measured = {"as they are": 98.9, "moved right by 4 pixels": 91.2, "moved right by 6 pixels": 67.2}
    measured["turned right by 45°"] = 60.8
    assert len(shares) == 7
    for name, share in measured.items():  # of 1,000 digits: a few may flip on another processor
        assert shares[name] == pytest.approx(share, abs=0.5), name
    assert f"**{shares['moved right by 6 pixels']:.1f}\u00a0%** when they are moved by 6" in answer


def test_an_answer_is_computed_again_for_another_digit_only_where_it_is_of_a_digit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def noted(name: str, make: Callable[[], Exercise]) -> Callable[[], Exercise]:
        def made() -> Exercise:
            exercise = make()

            def answer(choice: Choice) -> str:
                asked.append(name)
                return exercise.answer(choice)

            return replace(exercise, answer=answer)

        return made

    for page, name in (("mistakes", "labels"), ("train", "twice")):
        monkeypatch.setitem(EXERCISES[page], name, noted(name, EXERCISES[page][name]))
        for digit in ("test-11", "test-12"):
            ask(visit(f"pages/{page}.py", digit=digit, step="8"), name)
    assert asked == ["labels", "twice", "twice"]


def test_answers_that_read_are_those_of_the_checkpoint_of_the_link() -> None:
    app = visit("pages/mistakes.py", step="1")
    mistakes = re.search(r"step 1, makes ([\d,]+) mistakes", ask(app, "labels"))
    assert mistakes and int(mistakes[1].replace(",", "")) > 1000
