"""Several of many, in the link as one word: what the link says, what a click does, what is not done."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from mnist_viz.ui import words

    names = {str(label): f"the {label}" for label in range(10)}
    st.write(" ".join(words.several("classes", "Classes", names, default=["4", "9"], most=3)))


def visit(linked: str = "") -> AppTest:
    app = AppTest.from_function(page)
    if linked:
        app.query_params["classes"] = linked
    return app.run()


@pytest.mark.parametrize(
    ("linked", "chosen"),
    [("", "4 9"), ("7", "7"), ("5-2", "5 2"), ("5-x-5-2", "5 2"), ("x", "4 9"), ("1-2-3-4", "1 2 3")],
)
def test_the_link_says_what_is_chosen_and_nonsense_is_passed_over(linked: str, chosen: str) -> None:
    assert visit(linked).markdown[0].value == chosen


def test_what_is_chosen_stands_in_the_link_as_words() -> None:
    app = visit()
    app.button_group(key="classes_shown").set_value(["4", "9", "1"]).run()
    assert app.markdown[0].value == "4 9 1"
    assert app.session_state["classes"] == "4-9-1"


@pytest.mark.parametrize("too", [[], ["1", "2", "3", "4"]])
def test_none_and_one_too_many_are_not_done(too: list[str]) -> None:
    app = visit("5-2")
    app.button_group(key="classes_shown").set_value(too).run()
    assert app.markdown[0].value == "5 2"
    assert app.session_state["classes_shown"] == ["5", "2"]
