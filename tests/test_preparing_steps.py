"""The steps of preparation, run as Streamlit runs them: every number and picture against numpy, scipy and the code
that the page shows.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest
from scipy import ndimage
from sklearn.metrics import root_mean_squared_error
from streamlit.testing.v1 import AppTest

from mnist_viz.data import mnist
from mnist_viz.data.preparation import Chosen, prepare
from mnist_viz.ui.preparing import pipeline
from tests.test_pages import cells, is_whole, payload, text_of, visit

PAGE = "pages/prepare.py"
CARDS = (
    *("unit", "standard", "half", "mean_image", "deskew", "centre", "noise", "median", "gaussian", "bilateral"),
    *("binarise", "augment"),
)
IMAGE = mnist.digits("test").images[7]


@pytest.fixture(autouse=True)
def _own(own_store: Path) -> None:
    """No test sees other runs than the one that ships."""


def steps(**link: str) -> AppTest:
    return visit(PAGE, **{"digit": "test-7", **link})


def traces(app: AppTest, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(str(payload(app, key)["figure"]))["data"]
    return found


def shown(app: AppTest, key: str) -> list[np.ndarray]:
    return [cells(trace["z"]) for trace in traces(app, key)]


def to_train(app: AppTest) -> dict[str, list[str]]:
    (link,) = [one.proto for one in app.get("page_link") if one.proto.page == "train"]
    return parse_qs(link.query_string)


@pytest.mark.parametrize("card", CARDS)
def test_the_code_of_a_card_makes_the_very_pixels_that_it_shows(card: str) -> None:
    app = steps(prep=card)
    assert is_whole(app) and len(app.latex) > 0
    names: dict[str, Any] = {}
    exec(app.code[0].value, names)
    if card == "augment":
        made = np.round(255 * names["changed"].numpy())
        np.testing.assert_array_equal(np.stack(shown(app, "prep_samples")), made)
        np.testing.assert_array_equal(shown(app, "prep_digit")[1], made[0])
    elif "scaled" in names:
        np.testing.assert_allclose(shown(app, "prep_digit")[-1], names["scaled"], atol=1e-6)
    else:
        np.testing.assert_array_equal(shown(app, "prep_digit")[-1], names["prepared"][0].numpy())
    np.testing.assert_array_equal(shown(app, "prep_digit")[0], IMAGE)


@pytest.mark.parametrize("card", CARDS)
def test_every_letter_of_a_formula_is_named_under_it(card: str) -> None:
    app = steps(prep=card, **({f"augment_{name}": "0.1" for name in ("erasing", "grain")} if card == "augment" else {}))
    words = r"\\text\{[^}]*\}|\\(operatorname|begin|end)\{[a-z]+\}|mathcal\{N\}"
    letters = r"(?<![a-zA-Z\\])[a-zA-Z](?![a-zA-Z])|\\(?:alpha|mu|sigma|varepsilon|varphi|psi|bar\\[ij]math)"
    first, *others = (re.sub(words, "", one.value) for one in app.latex)
    named = " ".join([app.caption[0].value, *(others if card == "augment" else [])])
    assert set(re.findall(letters, first)) - {"e"} <= set(re.findall(letters, named)), named


def test_the_formula_of_augmentation_has_the_letters_of_what_is_drawn_alone() -> None:
    none = {"augment_rotation": "0", "augment_shift": "0", "augment_zoom": "0"}
    assert steps(prep="augment", **none).latex[0].value.strip("$\n") == "y_p = x_{p}"
    assert steps(prep="augment", augment_shear="5").latex[1].value.strip("$\n") == r"A = s R_\varphi S_\psi"
    app = steps(prep="augment", **{**none, "augment_shear": "5", "augment_elastic": "1"})
    assert [one.value.strip("$\n") for one in app.latex][:2] == ["y_p = x_{A^{-1}(p - u_p)}", r"A = S_\psi"] and len(
        app.latex
    ) == 4


def test_mean_digit_and_histogram_run_over_all_validation_digits() -> None:
    app, images = steps(prep="binarise"), mnist.digits("val").images
    cut = np.where(images >= 127.5, 255, 0)
    before, after = shown(app, "prep_mean")
    np.testing.assert_allclose(before, images.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(after, cut.mean(axis=0), rtol=1e-5)
    bars, line = traces(app, "prep_histogram")
    edges = np.arange(0, 257, 8)
    np.testing.assert_array_equal(cells(bars["y"]), np.histogram(images, edges)[0])
    np.testing.assert_array_equal(cells(line["customdata"])[::2, 2], np.histogram(cut, edges)[0])


@pytest.mark.parametrize("percent", [10, 50, 90])
def test_what_is_said_of_binarising_is_counted_from_the_threshold(percent: int) -> None:
    said, images = text_of(steps(prep="binarise", binarise=str(percent))), mnist.digits("val").images
    inked, some = np.count_nonzero(2.55 * percent <= IMAGE), np.count_nonzero(IMAGE)
    ink, half, before = (100 * np.mean(images >= least) for least in (2.55 * percent, 127.5, 1))
    assert f"From {percent}\u00a0% on it is ink: **{inked} of the {some} pixels** with ink in test-7." in said
    assert f"**{ink:.1f}\u00a0%** are ink now; {before:.1f}\u00a0% held some" in said
    assert (f"and from 50\u00a0% on it is {half:.1f}\u00a0%." in said) == (percent != 50)


def test_scaled_digits_are_counted_on_the_axis_of_the_new_numbers() -> None:
    app, images = steps(prep="standard"), mnist.digits("val").images / 255
    scaled = (images - 0.1307) / 0.3081
    bars, line = traces(app, "prep_histogram")
    edges = np.linspace(-0.5, 3, 71)
    np.testing.assert_array_equal(cells(bars["y"]), np.histogram(images, edges)[0])
    np.testing.assert_array_equal(cells(line["customdata"])[::2, 2], np.histogram(scaled, edges)[0])
    assert cells(bars["y"]).sum() == images.size
    said = text_of(app).replace("−", "-")
    assert f"the mean of all pixels is {scaled.mean():.3f}, their deviation {scaled.std():.3f}." in said
    assert f"the pixel with most ink in test-7 becomes **{(IMAGE.max() / 255 - 0.1307) / 0.3081:.2f}**" in said
    np.testing.assert_allclose(shown(app, "prep_mean")[1], scaled.mean(axis=0), atol=1e-5)


def test_the_card_says_of_which_digits_the_two_numbers_that_standardise_are() -> None:
    train, held = (mnist.digits(part).images / 255 for part in ("train", "val"))
    given = np.concatenate([train, held])
    assert [f"{given.mean():.4f}", f"{given.std():.4f}"] == ["0.1307", "0.3081"]
    said = " ".join(one.value for one in steps(prep="standard").caption)
    assert "0.1307 and 0.3081 are mean and standard deviation of the pixels of all 60,000 digits" in said
    assert f"The 55,000 that train here have {train.mean():.5f} and {train.std():.5f} alone." in said


def test_the_answers_on_slant_and_centre_are_those_of_numpy_and_scipy() -> None:
    rows, columns = np.mgrid[:28, :28]
    angles = []
    for image in (IMAGE, prepare(IMAGE[np.newaxis], "deskew")[0]):
        covariance = np.cov(rows.ravel(), columns.ravel(), aweights=image.ravel())
        angles.append(-np.degrees(np.arctan(covariance[0, 1] / covariance[0, 0])))
    side = "right" if angles[0] > 0 else "left"
    said = text_of(steps(prep="deskew"))
    assert f"test-7 leaned **{abs(angles[0]):.1f}° to the {side}**; its slant undone, {abs(angles[1]):.1f}°" in said
    old, new = (np.array(ndimage.center_of_mass(one)) for one in (IMAGE, prepare(IMAGE[np.newaxis], "centre")[0]))
    said = text_of(steps(prep="centre"))
    assert f"**{np.linalg.norm(new - old):.2f} pixels**, from row {old[0]:.2f}, column {old[1]:.2f}" in said
    assert f"to row {new[0]:.2f}, column {new[1]:.2f}." in said


def test_noise_is_put_in_before_it_is_filtered_and_the_errors_are_those_of_scikit_learn() -> None:
    def error(word: str) -> str:
        image = prepare(IMAGE[np.newaxis], word)[0].astype(float)
        return f"{root_mean_squared_error(IMAGE.ravel().astype(float), image.ravel()):.1f}"

    app = steps(prep="gaussian", noised="40", gaussian="8")
    clean, noisy, filtered = shown(app, "prep_digit")
    np.testing.assert_array_equal(clean, IMAGE)
    np.testing.assert_array_equal(noisy, prepare(IMAGE[np.newaxis], "noise40")[0])
    np.testing.assert_array_equal(filtered, prepare(IMAGE[np.newaxis], "noise40-gaussian8")[0])
    said = text_of(app)
    assert f"test-7 {error('noise40')} grey values away" in said
    assert f"Gaussian 0.8 px leaves **{error('noise40-gaussian8')}** of them" in said
    (bars,) = traces(app, "prep_errors")
    words = ("noise40", "noise40-median3", "noise40-gaussian8", "noise40-bilateral20")
    assert [text.removeprefix("<b>").removesuffix("</b>") for text in bars["text"]] == [error(one) for one in words]
    app.slider(key="noised").set_value(0).run()
    assert "There is no noise to remove" in text_of(app) and f"**{error('gaussian8')} grey values**" in text_of(app)
    assert len(shown(app, "prep_digit")) == 2


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"prep": "median", "noised": "3"}, {"noised": "5"}),
        ({"prep": "median", "noised": "58"}, {"noised": "60"}),
        ({"prep": "noise", "noised": "2"}, {"noised": "0"}),
        ({"prep": "median", "median": "4"}, {"median": "3"}),
    ],
)
def test_a_link_between_two_stops_of_a_slider_means_the_nearest(link: dict[str, str], said: dict[str, str]) -> None:
    app, wanted = steps(**link), steps(**{**link, **said})
    assert is_whole(app)
    assert [one.value for one in app.code] == [one.value for one in wanted.code]
    assert app.markdown[0].value == wanted.markdown[0].value


@pytest.mark.parametrize("scaling", ["standard", "half", "mean_image"])
def test_a_minus_is_one_in_numbers_and_a_hyphen_in_the_name_of_a_digit(scaling: str) -> None:
    app = steps(prep=scaling, digit="test-0")
    low = {"standard": "**−0.42**", "half": "**−1.00**", "mean_image": "**−0.5"}[scaling]
    assert low in app.markdown[0].value and "test-0" in app.markdown[0].value
    assert any("as they are make the mean" in one.value for one in app.caption) == (scaling == "mean_image")


def test_a_click_on_a_step_that_is_gone_looks_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[dict[str, Any]] = []
    monkeypatch.setattr("mnist_viz.ui.link.choose", lambda **words: chosen.append(words))
    for said in ("2", "0", "-1", "x", "²", "9" * 5000, None):
        monkeypatch.setattr("mnist_viz.ui.components.digit_grid.clicked", lambda _key, said=said: said)
        pipeline._look_at((Chosen("deskew", None),))
    assert chosen == []
    monkeypatch.setattr("mnist_viz.ui.components.digit_grid.clicked", lambda _key: "1")
    pipeline._look_at((Chosen("deskew", None),))
    assert chosen == [{"prep": "deskew"}]


def test_a_button_that_is_gone_chooses_nothing() -> None:
    def page() -> None:
        from mnist_viz.ui.preparing import cards

        cards._buttons("kind", "Kind", {"one": "One", "other": "Other"}, "one", {"one": "deskew"})

    app = AppTest.from_function(page).run()
    app.button_group(key="kind").set_value("other").run()
    assert not app.exception and "prep" not in app.session_state


def test_noise_of_nothing_shows_the_digit_twice_and_is_no_step() -> None:
    app = steps(prep="noise", noised="0")
    assert is_whole(app) and "test-7 stays as it is" in text_of(app)
    for image in shown(app, "prep_digit"):
        np.testing.assert_array_equal(image, IMAGE)
    assert len(shown(app, "prep_digit")) == 2 and payload(app, "prep_histogram") and app.slider(key="noised")
    assert app.button(key="add_step").disabled and "move its slider" in app.button(key="add_step").help


def test_denoising_opens_on_a_filter_and_noise_is_put_in_first_for_filters_alone() -> None:
    app = steps(prep="binarise")
    app.button_group(key="prep_group").set_value("denoise").run()
    assert app.session_state["prep"] == "median" and app.slider(key="noised").label.startswith("Noise put in first")
    app.button_group(key="prep_step").set_value("noise").run()
    assert app.slider(key="noised").label == "Noise (% of full ink)"


def test_strengths_are_shown_in_the_units_of_their_steps() -> None:
    slider = steps(prep="gaussian", gaussian="8").select_slider(key="gaussian_shown")
    assert slider.label == "Deviation" and slider.options[:2] == ["0.5 px", "0.6 px"] and slider.value == "8"
    app = steps(prep="augment")
    shares = {"augment_zoom": "Scaled (±\u00a0%)", "augment_erasing": "Covered (%)"}
    assert {key: app.slider(key=key).label for key in shares} == shares
    assert {app.slider(key=key).proto.format for key in shares} == {"percent"}


def test_steps_are_added_moved_and_removed_and_the_way_to_train_says_them() -> None:
    app = steps(prep="deskew")
    assert not [one for one in app.get("page_link") if one.proto.page == "train"]
    app.button(key="add_step").click().run()
    app.button_group(key="prep_group").set_value("binarise").run()
    app.slider(key="binarise").set_value(60).run()
    app.button(key="add_step").click().run()
    assert to_train(app) == {"preparation": ["deskew-binarise60"]}
    app.button(key="chevron_left_1").click().run()
    assert to_train(app) == {"preparation": ["binarise60-deskew"]}
    strip = payload(app, "pipeline_strip")
    assert [one["text"] for one in strip["items"]] == ["as it is", "→ Binarise at 60\u00a0%", "→ Deskew"]  # type: ignore[attr-defined]
    app.button(key="close_0").click().run()
    app.button_group(key="prep_group").set_value("scale").run()
    app.button_group(key="prep_step").set_value("mean_image").run()
    app.button(key="add_step").click().run()
    assert to_train(app) == {"preparation": ["deskew"], "scaling": ["mean_image"]}
    assert any("Mean image follows inside the network" in one.value for one in app.caption)
    app.button(key="close_scaled").click().run()
    app.button(key="close_0").click().run()
    assert not [one for one in app.get("page_link") if one.proto.page == "train"]


def test_a_click_on_a_step_of_the_pipeline_shows_it_as_it_was_set() -> None:
    app = steps(prep="deskew", pipeline="gaussian25")
    app.button(key="look_0").click().run()
    assert app.select_slider(key="gaussian_shown").value == "25"


def test_augmentation_keeps_its_ranges_while_another_card_is_looked_at() -> None:
    app = steps(prep="augment", augment_rotation="30")
    assert "these 28 lie" in text_of(app)
    app.button(key="add_step").click().run()
    app.button_group(key="prep_group").set_value("straighten").run()
    assert to_train(app) == {"rotation": ["30"], "shift": ["2"], "zoom": ["0.1"]}


def test_a_pipeline_is_full_after_six_steps_and_nonsense_is_refused_in_a_sentence() -> None:
    full = steps(prep="deskew", pipeline="-".join(["deskew"] * 6))
    assert full.button(key="add_step").disabled
    wrong = steps(prep="deskew", pipeline="sharpen9")
    assert is_whole(wrong)
    assert any("no step of preparation" in one.value for one in wrong.info)
    assert steps(prep="nothing").latex[0].value == steps(prep="deskew").latex[0].value
