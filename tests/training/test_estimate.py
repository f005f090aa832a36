"""How long a training will take: a line through two measured batch sizes."""

from pathlib import Path

import pytest

import models
from mnist_viz.data import preparation
from mnist_viz.runs.store import Store
from mnist_viz.training import estimate, launch, speed
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.estimate import Speed


def test_the_line_goes_through_both_measurements() -> None:
    step, digit = estimate.line((32, 0.010), (256, 0.038))
    assert digit == pytest.approx(0.000125) and step == pytest.approx(0.006)
    assert estimate.line((32, 0.02), (256, 0.01)) == (0.01, 0.0)  # a noisy machine makes no time negative


def test_other_work_on_the_machine_does_not_slow_the_estimate_down() -> None:
    alone = [0.02 * step for step in range(30)]
    disturbed = [*alone[:12], *(time + 5.0 for time in alone[12:])]
    assert estimate.pace(alone) == pytest.approx(0.02)
    assert estimate.pace(disturbed) == pytest.approx(0.02)
    assert estimate.pace([0.0, 0.5, 1.5]) == pytest.approx(0.75)


def test_seconds_are_those_of_all_steps_and_all_digits() -> None:
    speed = Speed({"fast_cnn": (0.006, 0.000125)})
    config = TrainConfig.from_preset("live", epochs=2)
    assert estimate.seconds(speed, config) == pytest.approx(430 * 0.006 + 110_000 * 0.000125)
    assert estimate.seconds(speed, TrainConfig.from_preset("live", architecture="mlp")) is None


def test_augmentation_costs_its_share_of_what_a_digit_costs_the_fast_network() -> None:
    speed = Speed({"fast_cnn": (0.0, 0.0002), "mlp": (0.0, 0.00001)})
    for architecture, digit in (("fast_cnn", 0.0002), ("mlp", 0.00001)):
        config = TrainConfig.from_preset("live", architecture=architecture, rotation=5, shift=1, elastic=1)
        assert estimate.seconds(speed, config) == pytest.approx(55_000 * (digit + (0.09 + 0.30) * 0.0002))


def test_the_whole_takes_in_getting_ready_and_every_digit_that_is_read() -> None:
    speed = Speed({"fast_cnn": (0.0, 0.003)})
    live = TrainConfig.from_preset("live")  # looks at steps 0, 1, 2, 4 ... 128 and at the end, 215
    read = 9 * 1000 + 5000 + 10_000
    assert estimate.whole(speed, live) == pytest.approx(estimate.READY + 55_000 * 0.003 + read * 0.001)
    other = TrainConfig.from_preset("fine_tune", data="optdigits", batch=1000, epochs=1)  # one step
    assert estimate.whole(speed, other) == pytest.approx(estimate.READY + 100 * 0.003 + (200 + 200 + 500) * 0.001)
    assert estimate.whole(speed, TrainConfig.from_preset("live", architecture="mlp")) is None


def test_the_whole_takes_in_the_steps_that_prepare_all_digits_of_the_data() -> None:
    speed = Speed({"fast_cnn": (0.0, 0.003)})

    def more(steps: str) -> float:
        plain, prepared = (TrainConfig.from_preset("live", preparation=word) for word in ("", steps))
        return (estimate.whole(speed, prepared) or 0) - (estimate.whole(speed, plain) or 0)

    assert more("median5-deskew") == pytest.approx((3.8 + 0.8) * 70_000 / 55_000)
    assert more("gaussian5") < more("gaussian30") == pytest.approx(5.3 * 70_000 / 55_000)
    for name, step in preparation.STEPS.items():
        assert more(preparation.write([(name, step.usual)])) > 0.1


def test_what_was_measured_is_found_again(tmp_path: Path) -> None:
    assert estimate.read(tmp_path) is None
    estimate.write(tmp_path / "cache", Speed({"mlp": (0.5, 0.25)}))
    assert estimate.read(tmp_path / "cache") == Speed({"mlp": (0.5, 0.25)})


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"seconds": 1}', '{"seconds": {"mlp": [1]}}', '{"seconds": {"mlp": [1, "a"]}}',
                '{"seconds": {"mlp": [NaN, 1]}}', '{"seconds": {"mlp": [-1, 1]}}', "x" * 20_000],
)  # fmt: skip
def test_a_damaged_file_counts_as_missing(tmp_path: Path, content: str) -> None:
    (tmp_path / "speed.json").write_text(content)
    assert estimate.read(tmp_path) is None


def test_the_real_loop_is_measured() -> None:
    assert 1e-5 < speed.measured("mlp", 32) < 0.5


def test_what_has_been_measured_is_not_measured_again(store: Store) -> None:
    estimate.write(store.cache, Speed(dict.fromkeys(models.ARCHITECTURES, (0.5, 0.25))))
    assert estimate.unknown(store.cache) == []
    launch.measure_speed(store)
    assert not launch.is_measuring_speed()
    assert [path.name for path in store.cache.iterdir()] == ["speed.json"]


def test_measuring_goes_on_where_it_broke_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_VIZ_CACHE", str(tmp_path))
    known = {name: (0.5, 0.25) for name in models.ARCHITECTURES if name not in ("mlp", "built")}
    estimate.write(tmp_path, Speed(known))
    assert estimate.unknown(tmp_path) == ["mlp"]
    speed.main()
    found = estimate.read(tmp_path)
    assert found is not None and found.lines.keys() == {*models.ARCHITECTURES} - {"built"}
    assert {name: found.lines[name] for name in known} == known and sum(found.lines["mlp"]) < 0.5
