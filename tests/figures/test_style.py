"""What holds for every figure."""

import json
import re

import numpy as np
import plotly.graph_objects as go
import pytest

from mnist_viz.figures import style

WHITE, DARK = "#ffffff", "#0e1117"


def luminance(colour: str) -> float:
    shares = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def refuse(constant: str) -> float:
    raise AssertionError(f"{constant} is no JSON")


def test_every_figure_says_what_it_shows_in_a_title_and_in_words(every_figure: dict[str, go.Figure]) -> None:
    for name, figure in every_figure.items():
        assert figure.layout.meta["title"], name
        assert len(figure.layout.meta["alt"]) > 15, name
        assert not re.search(r"[{}]|nan|<br>", figure.layout.meta["alt"]), name


def test_every_figure_is_plain_json_with_a_fixed_height_and_a_kept_view(every_figure: dict[str, go.Figure]) -> None:
    for name, figure in every_figure.items():
        layout = json.loads(figure.to_json(), parse_constant=refuse)["layout"]
        assert 200 < layout["height"] < 1000, name
        assert layout["uirevision"] == "kept", name
        assert "width" not in layout, name


def test_no_figure_takes_its_colours_from_another_template(every_figure: dict[str, go.Figure]) -> None:
    ours = style.TEMPLATE.to_plotly_json()
    for name, figure in every_figure.items():
        assert figure.layout.template.to_plotly_json() == ours, name
        assert "#0000" not in figure.to_json(), name


def test_only_variables_of_the_theme_colour_ground_ink_and_lines(every_figure: dict[str, go.Figure]) -> None:
    known = {"text-color", "background-color", "secondary-background-color", "border-color", "font"}
    for name, figure in every_figure.items():
        assert set(re.findall(r"var\(--st-([a-z-]+)\)", figure.to_json())) <= known, name
        assert not re.search(r'"(#fff|#000|white|black)[^"]*"', re.sub(r'"white"', "", figure.to_json())), name


def test_no_label_is_smaller_than_15_pixels(every_figure: dict[str, go.Figure]) -> None:
    for name, figure in every_figure.items():
        sizes = re.findall(r'"(?:tickfont|font)":\{"size":(\d+)', figure.to_json())
        assert min(map(int, sizes)) >= 15, name


@pytest.mark.parametrize("ground", [WHITE, DARK])
@pytest.mark.parametrize(
    "colour", [style.TRAINING, style.VALIDATION, style.TEST, style.VIOLET, style.FOR, style.AGAINST]
)
def test_marks_stand_out_on_both_grounds(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 3


def test_white_numbers_are_read_on_the_strongest_mistake() -> None:
    assert contrast(style.VIOLET, WHITE) >= 4.5
