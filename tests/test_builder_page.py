"""Building a network on the train page: every control writes the word, sizes follow, and nonsense cannot start."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_viz.runs.store import Store
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig
from tests.test_pages import is_whole, text_of, visit
from tests.test_zoo_pages import trained


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def builder(**words: str) -> AppTest:
    return visit("pages/train.py", architecture="built", **words)


def word(app: AppTest) -> str:
    assert is_whole(app)
    return str(app.text_input(key="layers").value)


def sizes(app: AppTest) -> list[str]:
    """The rows of the table, cells parted by a space and a bar."""
    rows = [one.proto.body for one in app.get("html") if "mv-sizes" in one.proto.body]
    return [" | ".join(part.partition("</span>")[0] for part in row.split("<span>")[-3:]) for row in rows][1:]


def test_it_begins_with_two_blocks_and_says_their_sizes(store: Store) -> None:
    app = builder()
    assert word(app) == "c16k3-m2-b-r-c32k3-m2-b-r"
    assert app.expander[0].label == "Your network: 12,906 parameters, 662,912 multiply-adds a digit"
    assert sizes(app)[4:] == [
        "32 × 11 × 11 | 4,640 | 557,568",
        "32 × 5 × 5 | 0 | 0",
        "32 × 5 × 5 | 64 | 0",
        "32 × 5 × 5 | 0 | 0",
        "10 | 8,010 | 8,000",
    ]
    assert "built: 12,906 parameters" in " ".join(one.label for one in app.expander)


def test_every_control_writes_the_word_of_the_link(store: Store) -> None:
    app = builder(layers="c4k5-r-d16")
    app.selectbox(key="layer_0_filters").select("8").run()
    assert word(app) == "c8k5-r-d16"
    app.selectbox(key="layer_1_kind").select("tanh").run()
    assert word(app) == "c8k5-t-d16"
    app.button(key="arrow_downward_1").click().run()
    assert word(app) == "c8k5-d16-t"
    app.button(key="arrow_upward_1").click().run()
    assert word(app) == "d16-c8k5-t"
    app.button(key="close_0").click().run()
    assert word(app) == "c8k5-t"
    app.selectbox(key="add_layer").select("dropout").run()
    assert word(app) == "c8k5-t-o0.3"
    app.selectbox(key="layer_2_kind").select("mean").run()
    assert word(app) == "c8k5-t-a2"
    app.selectbox(key="begin_with").select("d128-r").run()
    assert word(app) == "d128-r" and sizes(app) == ["128 | 100,480 | 100,352", "128 | 0 | 0", "10 | 1,290 | 1,280"]
    app.button(key="close_1").click().run()
    assert word(app) == "d128" and app.button(key="close_0").disabled


@pytest.mark.parametrize(
    ("menu", "typed", "said"),
    [
        ("layer_0_kernel", "99", "A kernel is 1 to 28 pixels wide: 99 is not taken."),
        ("layer_0_filters", "100000", "A convolution has 1 to 256 filters: 100000 is not taken."),
        ("layer_0_stride", "_a_", "A stride is 1 to 8 pixels long: _a_ is not taken."),
        ("layer_0_padding", "15", "A padding is 0 to 14 pixels wide: 15 is not taken."),
        ("layer_1_window", "29", "A window is 2 to 28 pixels wide: 29 is not taken."),
        ("layer_2_share", "1", "The share that is left out is 0.05 to 0.9: 1 is not taken."),
        ("layer_3_width", "5000", "A dense layer has 1 to 2,048 neurons: 5000 is not taken."),
    ],
)
def test_a_number_that_is_not_taken_is_named_once_and_changes_nothing(
    store: Store, menu: str, typed: str, said: str
) -> None:
    app = builder(layers="c4k5-m2-o0.3-d16")
    box = app.selectbox(key=menu)
    box.options.append(typed)  # as the browser takes what is typed
    box.set_value(typed).run()
    assert word(app) == "c4k5-m2-o0.3-d16" and [one.value.replace("\\", "") for one in app.warning] == [said]
    app.run()
    assert not app.warning


def test_an_impossible_network_says_why_and_cannot_be_started(store: Store) -> None:
    app = builder(layers="c4k28-m2-r")
    assert is_whole(app) and sizes(app) == ["4 × 1 × 1 | 3,140 | 3,136"]
    assert [one.value.replace("\\", "") for one in app.warning] == [
        "(1 - 2 + 2*0)/2 + 1 = 0.5: the window of 2 of layer 2 does not fit into 1 pixels; make it smaller, or let the "
        "layers before it keep more."
    ]
    assert app.button(key="start").disabled
    assert "training digits," not in text_of(app) and not [one for one in app.expander if "The network" in one.label]
    app.button(key="close_1").click().run()
    assert not app.warning and not app.button(key="start").disabled


def test_a_strange_word_in_the_link_is_refused_in_a_sentence_and_one_can_begin_anew(store: Store) -> None:
    app = builder(layers="![](https://x.y)")
    assert is_whole(app) and app.button(key="start").disabled and "says no layer" in app.warning[0].value
    assert "![" not in app.warning[0].value  # no picture is fetched from elsewhere
    app.selectbox(key="begin_with").select("d128-r").run()
    assert word(app) == "d128-r" and not app.warning


def test_the_start_trains_the_layers_that_are_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[TrainConfig] = []

    def note(config: TrainConfig, place: Store) -> object:
        started.append(config)
        return launch.create(config, place)

    app = builder(layers="c4k5-m2-r")
    monkeypatch.setattr(launch, "start", note)
    app.button(key="start").click().run()
    assert [(one.architecture, one.layers) for one in started] == [("built", "c4k5-m2-r")]
    assert "The training is getting ready" in text_of(app) and not app.exception
    assert [run.config["layers"] for run in store.runs() if "-built-" in run.id] == ["c4k5-m2-r"]


@pytest.mark.parametrize("layers", ["c6k5s2p2-a2-e-b-c8k3-r-m2s1-o0.3-d24-b-t", "d20-s"])
def test_a_run_of_a_network_of_ones_own_is_looked_at_on_every_page(store: Store, layers: str) -> None:
    run = trained(store, "built", layers, digits=300)
    app = visit("pages/train.py", run=run.id)
    assert is_whole(app)
    for page in ("features", "saliency", "mistakes", "digit", "embedding", "draw", "home"):
        app.switch_page(f"pages/{page}.py").run()
        assert is_whole(app), page
        if page == "digit":
            assert any("needs a convolution" in one.value for one in app.caption) == ("c" not in layers)


def test_who_goes_on_with_a_run_has_its_layers(store: Store) -> None:
    run = trained(store, "built", "d20-s", digits=300)
    app = visit("pages/train.py", start_from="run", parent=run.id)
    assert is_whole(app) and not app.warning and app.button(key="start")
    assert any("built: 15,910 parameters" in one.label for one in app.expander)


def test_a_run_whose_layers_were_tampered_with_leaves_the_train_page_whole(store: Store) -> None:
    run = trained(store, "built", "d20-s", digits=300)
    (run.folder / "config.json").write_text(json.dumps({**run.config, "layers": "d20-m2"}))
    assert is_whole(visit("pages/train.py", run=run.id))
    assert is_whole(visit("pages/train.py", run=run.id, start_from="run", parent=run.id))


def test_what_is_kept_as_a_stands_beside_what_is_changed(store: Store) -> None:
    app = builder(layers="d20-s")
    app.button(key="variant_content_copy").click().run()
    app.selectbox(key="layer_0_width").select("10").run()
    assert is_whole(app) and word(app) == "d10-s" and app.text_input(key="variant").value == "d20-s"
    said = [one.value for one in app.markdown if "multiply-adds" in one.value and one.value.startswith("**")]
    assert said == [
        f"**{name}**: {785 * width + 10 * (width + 1):,} parameters, {794 * width:,} multiply-adds"
        for name, width in (("A", 20), ("B", 10))
    ]
    assert list(app.dataframe[1].value["Parameters"]) == [7850, 0, 110]
    app.button(key="variant_undo").click().run()
    assert word(app) == "d20-s"
    app.button(key="variant_close").click().run()
    assert is_whole(app) and not app.text_input(key="variant").value and app.button(key="variant_content_copy")


def test_an_a_that_is_no_network_counts_as_none(store: Store) -> None:
    app = builder(variant="d20-m2")
    assert is_whole(app) and app.button(key="variant_content_copy") and len(app.dataframe) == 1
