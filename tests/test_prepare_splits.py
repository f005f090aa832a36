"""Splits: what the page shows of class shares, near duplicates and leaking means is what others compute."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.model_selection import train_test_split
from streamlit.testing.v1 import AppTest

from mnist_viz.analysis import class_shares, unseen
from mnist_viz.analysis.slips import of_data
from mnist_viz.data import dealing, mnist, neighbours, openml
from mnist_viz.data.address import Address
from mnist_viz.ui.preparing import splits, twins
from mnist_viz.ui.preparing.block import block
from tests.test_pages import cells, is_whole, payload, visit

PAGE = "pages/prepare.py"
EIGHTY = (80, 10, 10)
NEAREST, FARTHEST = (f"test-{function(neighbours.known('test').distances)}" for function in (np.argmin, np.argmax))


@pytest.fixture(autouse=True)
def store(own_store: Path) -> Path:
    return own_store


def labels(count: int) -> np.ndarray:
    every = np.concatenate([mnist.digits(part).labels for part in ("train", "val")])
    return np.asarray(every[dealing.pool(len(every), count)])


def drawn(app: AppTest, key: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(str(payload(app, key)["figure"]))
    return found


def file_images(prefix: str) -> np.ndarray:
    """The pixels of a published file, read without the project."""
    with gzip.open(mnist.BUNDLED / f"{prefix}-images-idx3-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("percents", [EIGHTY, (34, 33, 33)])
def test_every_digit_of_the_pool_is_in_exactly_one_part(stratified: bool, percents: tuple[int, int, int]) -> None:
    parts = dealing.deal(labels(500), percents, stratified=stratified, seed=3)
    assert np.array_equal(np.sort(np.concatenate(list(parts.values()))), np.arange(500))
    assert [len(parts[name]) for name in mnist.PARTS] == [5 * percent for percent in percents]


def test_the_same_seed_cuts_alike_and_another_does_not() -> None:
    for stratified in (False, True):
        first, again, other = (dealing.deal(labels(500), EIGHTY, stratified=stratified, seed=s) for s in (1, 1, 2))
        assert all(np.array_equal(first[name], again[name]) for name in mnist.PARTS)
        assert not np.array_equal(first["test"], other["test"])


def test_stratified_parts_have_the_classes_that_scikit_learns_have() -> None:
    for count in (500, 10_000):
        pool = labels(count)
        ours = dealing.deal(pool, EIGHTY, stratified=True, seed=0)
        rest, theirs = train_test_split(np.arange(count), test_size=count // 10, stratify=pool, random_state=0)
        _train, val = train_test_split(rest, test_size=count // 10, stratify=pool[rest], random_state=0)
        for name, other in (("test", theirs), ("val", val)):
            apart = np.bincount(pool[ours[name]], minlength=10) - np.bincount(pool[other], minlength=10)
            assert abs(apart).max() <= 1


def test_shares_that_make_no_three_parts_are_refused_in_a_sentence() -> None:
    for count, percents in ((500, (100, 0, 0)), (500, (80, 10, 20)), (4, EIGHTY)):
        with pytest.raises(ValueError, match=r"make no three parts: try \(80, 10, 10\)"):
            dealing.deal(labels(count), percents, stratified=False, seed=0)
    with pytest.raises(ValueError, match=r"count=0 is outside 1\.\.10"):
        dealing.pool(10, 0)


def test_the_bands_hold_what_chance_does_in_a_thousand_cuts() -> None:
    pool = labels(500)
    known = class_shares.class_shares(pool, dealing.deal(pool, EIGHTY, stratified=False, seed=0))
    random = np.random.default_rng(0)
    counts = np.array([np.bincount(random.choice(pool, 50, replace=False), minlength=10) for _ in range(1000)])
    low, high = np.rint(50 * known["test"].chance).T
    inside = ((counts >= low) & (counts <= high)).mean(axis=0)
    assert (inside > 0.94).all() and (inside < 1).all()
    narrower = ((counts > low) & (counts < high)).mean(axis=0)
    assert (narrower < 0.95).all()


def test_the_page_shows_the_shares_that_numpy_counts() -> None:
    app = visit(PAGE, stage="splits", pool="2000", cut="60-20-20", cut_seed="7")
    assert is_whole(app)
    pool = labels(2000)
    order = np.random.RandomState(7).permutation(2000)
    wanted = {"validation: 400": order[:400], "test: 400": order[400:800], "training: 1,200": order[800:]}
    marks = {trace["name"]: trace for trace in drawn(app, "class_shares")["data"] if trace.get("mode") == "markers"}
    off = []
    for name, indices in wanted.items():
        shares = 100 * np.bincount(pool[indices], minlength=10) / len(indices)
        assert np.allclose(cells(marks[name]["y"]), shares)
        off += list(shares - np.bincount(pool) / 20)
    largest = max(off, key=abs)
    side = "above" if largest > 0 else "below"
    said = app.markdown[0].value
    assert f"is {abs(largest):.2f} points {side} its share" in said
    assert "; stratified, every class would be within " in said
    within = float(said.split("within ")[1].split(" points")[0])
    strata = splits.found(2000, "60-20-20", True, 7)
    apart = max(float(abs(one.counts / one.size - np.bincount(pool) / 2000).max()) for one in strata.values())
    assert -1e-9 < within - 100 * apart < 0.01


def test_the_key_of_the_bands_has_the_colour_of_no_part() -> None:
    figure = drawn(visit(PAGE, stage="splits"), "class_shares")
    key, *bands = [trace["marker"] for trace in figure["data"] if trace["type"] == "bar"]
    assert isinstance(key, dict) and all(isinstance(one, dict) and one["line"] == key["line"] for one in bands)
    assert len(bands) == 3 and key["color"] not in [one["color"] for one in bands if isinstance(one, dict)]


def test_stratifying_is_worth_much_with_few_digits_and_little_with_many() -> None:
    gains = {}
    for count in (200, 60_000):
        by_chance, stratified = (
            max(abs(class_shares.farthest(splits.found(count, "80-10-10", way, seed))[2]) for seed in range(3))
            for way in (False, True)
        )
        gains[count] = by_chance - stratified
    assert gains[200] > 0.05 and 0 < gains[60_000] < 0.01
    app = visit(PAGE, stage="splits", stratified="true")
    assert is_whole(app) and app.markdown[0].value.startswith("Stratified, every class of 500 digits is within ")
    few = visit(PAGE, stage="splits", pool="60000", cut="34-33-33").markdown[0].value
    assert few.endswith("every class would be within 0.01 points of its own.")


def test_a_mark_at_nothing_is_seen_whole() -> None:
    figure = drawn(visit(PAGE, stage="splits", pool="200", cut="90-5-5"), "class_shares")
    marks = [cells(one["y"]) for one in figure["data"] if one.get("mode") == "markers"]
    low, high = figure["layout"]["yaxis"]["range"]  # type: ignore[call-overload]
    assert min(map(np.min, marks)) == 0 and low < -0.03 * (high - low), "a mark is 10 of 300 pixels"


@pytest.mark.parametrize("part", ["val", "test"])
def test_the_nearest_training_digits_that_ship_are_the_nearest(part: str) -> None:
    asked = np.random.RandomState(5).permutation(len(mnist.digits(part)))[:12]
    train = mnist.digits("train").images.reshape(-1, 784)
    apart = cdist(mnist.digits(part).images[asked].reshape(-1, 784), train)
    known = neighbours.known(part)
    assert np.array_equal(known.indices[asked], apart.argmin(axis=1))
    assert np.allclose(known.distances[asked], apart.min(axis=1))


def test_the_computation_of_neighbours_is_exact_and_takes_the_first_of_equals() -> None:
    images = mnist.digits("train").images[:300]
    found = neighbours.nearest(images[[7, 250]], np.concatenate([images, images]))
    assert found.indices.tolist() == [7, 250] and found.distances.tolist() == [0, 0]
    others = neighbours.nearest(mnist.digits("test").images[:260], images)
    apart = cdist(mnist.digits("test").images[:260].reshape(-1, 784), images.reshape(-1, 784))
    assert np.array_equal(others.indices, apart.argmin(axis=1)) and np.allclose(others.distances, apart.min(axis=1))
    with pytest.raises(ValueError, match="part='train' is not one of val, test"):
        neighbours.known("train")


def test_exact_duplicates_are_those_whose_bytes_are_the_same() -> None:
    train = {image.tobytes() for image in mnist.digits("train").images}
    for part in neighbours.PARTS:
        twice = sum(image.tobytes() in train for image in mnist.digits(part).images)
        assert twice == twins.summary(part).exact == int((neighbours.known(part).distances == 0).sum())


def test_a_digit_moved_by_a_pixel_is_as_far_as_numpy_says() -> None:
    for index in (0, 77):
        image = np.pad(mnist.digits("test").images[index].astype(int), ((0, 0), (1, 1)))
        assert neighbours.moved("test")[index] == pytest.approx(np.linalg.norm(image - np.roll(image, 1, axis=1)))


@pytest.mark.parametrize("address", ["test-0", "test-7", "test-3520", "val-3", "train-5", NEAREST, FARTHEST])
def test_no_line_cuts_through_the_words_of_the_other(address: str) -> None:
    layout = json.loads(twins._histogram(address, "en").json)["layout"]
    marks = zip(layout["shapes"], layout["annotations"], strict=True)
    dashed, *solid = [(line["x0"], line["y1"], words["xanchor"] == "right") for line, words in marks]
    tests = mnist.digits("test").images.astype(float)
    apart = np.sqrt(
        ((np.pad(tests, ((0, 0), (0, 0), (0, 1))) - np.pad(tests, ((0, 0), (0, 0), (1, 0)))) ** 2).sum((1, 2))
    )
    assert dashed[0] == pytest.approx(np.median(apart))
    assert len(solid) == (not address.startswith("train"))
    for place, top, left in solid:
        pixel = layout["yaxis"]["range"][1] / 290  # on the screen
        assert top - dashed[1] > 26 * pixel, "the upper words are above the end of the lower line"
        assert dashed[2] == (place >= dashed[0]), "the lower words are on the other side than the higher line"
        assert left == (place > layout["xaxis"]["range"][1] / 2), "and the upper ones where there is more room"


@pytest.mark.parametrize("kind", ["label", "all", "otherwise"])
def test_the_pairs_on_the_page_are_the_nearest_of_their_kind(kind: str) -> None:
    app = visit(PAGE, stage="splits", check="twins", pairs=kind, part="val")
    assert is_whole(app)
    ids = drawn(app, "twin_pairs")["data"][0]["ids"]
    assert isinstance(ids, list)
    pairs = [tuple(Address.parse(one) for one in ids[at : at + 2]) for at in range(0, 20, 2)]
    near, own, train = neighbours.known("val"), mnist.digits("val").labels, mnist.digits("train").labels
    assert [one.index for _held, one in pairs] == [near.indices[held.index] for held, _one in pairs]
    among = {"all": near.distances >= 0, "otherwise": own != train[near.indices]}
    if kind == "label":
        nearest = [near.distances[own == label].min() for label in range(10)]
    else:
        nearest = np.sort(near.distances[among[kind]])[:10].tolist()
    assert [near.distances[held.index] for held, _one in pairs] == nearest
    same = (own == train[near.indices]).mean()
    said = app.markdown[0].value
    assert f"the nearest of {100 * same:.1f}\u00a0% has their label." in said
    held, learned = mnist.digits("val").images[near.distances.argmin()], mnist.digits("train").images
    least = np.linalg.norm(held.astype(float) - learned[near.indices[near.distances.argmin()]])
    assert f"Euclidean over all 784 pixels, is {least:.0f}." in said


def test_openmls_order_is_that_of_the_published_files() -> None:
    row = openml.images()
    assert np.array_equal(row[:60_000], file_images("train"))
    assert np.array_equal(row[60_000:], file_images("t10k"))


def test_the_mean_moves_as_far_as_numpy_says() -> None:
    row = np.concatenate([file_images("train"), file_images("t10k")])
    difference = row.mean(axis=0) - row[:56_000].mean(axis=0)
    app = visit(PAGE, stage="splits", check="unseen")
    assert is_whole(app)
    shown = cells(drawn(app, "unseen_difference")["data"][0]["z"])
    assert np.allclose(shown, difference)
    few = row[np.random.RandomState(20_000).permutation(70_000)[:500]]
    small = abs(few.mean(axis=0) - few[:400].mean(axis=0)).max()
    sentence = app.markdown[0].value
    assert f"these 14,000 have moved the mean by up to {abs(difference).max():.2f} of 255" in sentence
    assert of_data.leak().moved[1] == pytest.approx(abs(difference).max()), "the exercise says the same"
    assert f"of only 500 digits, the 100 held back would move it by {small:.0f}." in sentence


def test_the_last_fifth_of_openmls_list_holds_every_test_digit() -> None:
    assert unseen.content(openml.FILES, 0.2, seed=None) == ((56_000, 0), (4_000, 10_000))
    learned, held = unseen.content(openml.FILES, 0.2, seed=0)
    assert learned[0] + held[0] == 60_000 and learned[1] + held[1] == 10_000 and abs(held[1] - 2_000) < 150


def test_a_batch_is_the_same_for_each_of_its_digits_and_may_end_early() -> None:
    batches = {block(Address("test", index), 64) for index in range(9_984, 10_000)}
    assert len(batches) == 1 and [one.index for one in batches.pop()] == list(range(9_984, 10_000))
