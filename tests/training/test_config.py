"""Settings are checked at one door, and what is refused says what to do."""

import dataclasses
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from mnist_viz.training.config import FIELDS, PRESETS, Choice, Number, Refused, TrainConfig, from_words
from mnist_viz.training.kinds import OutOfBounds


def test_every_preset_is_allowed_and_says_what_it_is() -> None:
    assert FIELDS["preset"] == Choice(tuple(PRESETS))
    for name, preset in PRESETS.items():
        assert TrainConfig.from_preset(name).as_dict() == {"preset": name, **preset.settings}
        assert preset.name and preset.description.endswith(".")


def test_every_architecture_of_the_zoo_can_be_trained() -> None:
    assert FIELDS["architecture"] == Choice(tuple(models.ARCHITECTURES))


def test_every_setting_has_its_bounds() -> None:
    assert list(FIELDS) == [field.name for field in dataclasses.fields(TrainConfig)]


def test_form_command_line_and_file_say_the_same() -> None:
    form = TrainConfig.from_preset("longer", epochs=3, batch=64, rate=0.5, architecture="mlp", seed=7)
    line = from_words("longer", "mlp", "3", "7", set=["batch=64", "rate=.5"])
    file = TrainConfig.from_dict({"id": "a stranger", **form.as_dict()})
    assert form == line == file
    assert all(isinstance(getattr(line, name), int) for name in ("epochs", "batch", "seed", "digits"))


def test_what_is_refused_says_its_parts_to_whoever_has_other_words_for_them() -> None:
    for value, number in (("77.0", 77), (77, 77), ("many", None)):
        with pytest.raises(OutOfBounds) as refused:
            TrainConfig.from_preset("live", rate=value)
        parts = refused.value
        assert (parts.name, parts.value, parts.number, parts.allowed) == ("rate", str(value), number, FIELDS["rate"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["batch=5"], "batch=5 is outside 8..4096: try 256."),
        (["batch=many"], "batch=many is not a whole number in 8..4096: try 256."),
        (["batch=64.5"], "batch=64.5 is not a whole number in 8..4096: try 256."),
        (["batch="], "batch= is not a whole number in 8..4096: try 256."),
        (["batch=1_000"], "batch=1_000 is not a whole number in 8..4096: try 256."),
        (["epochs=201"], "epochs=201 is outside 1..200: try 1."),
        (["rate=nan"], "rate=nan is not a number in 1e-06..10: try 0.01."),
        (["rate=1e999"], "rate=1e999 is not a number in 1e-06..10: try 0.01."),
        (["rate=0"], "rate=0 is outside 1e-06..10: try 0.01."),
        (["digits=60000"], "digits=60000 is outside 100..55000: try 55000."),
        (["seed=-1"], "seed=-1 is outside 0..2147483647: try 0."),
        (["seed=２"], "seed=２ is not a whole number in 0..2147483647: try 0."),
        (["optimiser=adagrad"], "optimiser=adagrad is not known: choose adam or adamw or sgd."),
        (["device=tpu"], "device=tpu is not known: choose auto or cpu or cuda or mps."),
        (["batch"], "'batch' is no setting: write it as name=value, such as batch=64."),
        (["preset=live"], "'preset' is no setting: choose from architecture, epochs, batch"),
        (["colour=red"], "'colour' is no setting: choose from architecture, epochs, batch"),
    ],
)
def test_nonsense_is_refused_in_three_parts(words: list[str], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_words(set=words)
    assert str(refusal.value).startswith(sentence)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(Refused, match="preset=quick is not known: choose live or longer or standard or accurate or"):
        from_words("quick")


def test_what_is_no_number_is_refused_from_a_file_too() -> None:
    whole = TrainConfig.from_preset().as_dict()
    nonsense: tuple[object, ...] = (True, None, [1], {}, float("nan"), float("inf"))
    for value in nonsense:
        with pytest.raises(Refused, match="epochs="):
            TrainConfig.from_dict({**whole, "epochs": value})
    with pytest.raises(Refused, match="seed, device is missing"):
        TrainConfig.from_dict({name: whole[name] for name in whole if name not in ("seed", "device")})


@given(st.sampled_from(sorted(FIELDS)) | st.text(), st.text() | st.integers().map(str) | st.floats().map(str))
def test_whatever_is_said_is_a_setting_or_refused_in_one_sentence(name: str, value: str) -> None:
    try:
        config = from_words(set=[f"{name}={value}"])
    except Refused as refusal:
        assert len(str(refusal)) < 400  # the longest names all settings
    else:
        for field, allowed in FIELDS.items():
            chosen = getattr(config, field)
            if isinstance(allowed, Number):
                assert allowed.low <= chosen <= allowed.high or chosen == allowed.own
            else:
                assert allowed.checked(field, chosen) == chosen


def test_numbers_of_a_form_are_within_their_own_bounds() -> None:
    for field in FIELDS.values():
        if isinstance(field, Number):
            assert field.low <= field.try_ <= field.high and field.step > 0


def test_the_last_batch_may_be_smaller() -> None:
    config = TrainConfig.from_preset("live", epochs=3)
    assert (config.steps_per_epoch, config.steps) == (215, 645)  # 214 batches of 256 and one of 216
    assert TrainConfig.from_preset("live", digits=512).steps == 2


def test_one_cycle_climbs_to_the_peak_and_falls_to_nothing() -> None:
    config = TrainConfig.from_preset("live", digits=1000, batch=10)  # 100 steps
    rates = [config.rate_at(step) for step in range(1, 101)]
    assert rates[0] == pytest.approx(0.01 / 25)
    assert max(rates) == rates[10] == pytest.approx(0.01)
    assert rates[5] == pytest.approx(0.01 * (1 / 25 + 24 / 25 / 2))  # half-way up
    assert rates[55] == pytest.approx(0.01 / 2)  # half-way down
    assert 0 < rates[-1] < 0.0002
    assert {TrainConfig.from_preset("plain_sgd").rate_at(step) for step in (1, 400, 860)} == {0.01}


def test_kept_are_powers_of_two_in_the_first_epoch_and_the_end_of_each() -> None:
    config = TrainConfig.from_preset("live", epochs=2)
    kept = [step for step in range(config.steps + 1) if config.is_kept(step)]
    assert kept == [0, 1, 2, 4, 8, 16, 32, 64, 128, 215, 430]


def looks(**changes: int) -> tuple[TrainConfig, list[int]]:
    config = TrainConfig.from_preset("live", **changes)
    return config, [step for step in range(config.steps + 1) if config.is_kept(step)]


def test_of_many_short_epochs_only_every_few_are_looked_at() -> None:
    config, kept = looks(digits=100, batch=10, epochs=200)
    # 8 early ones and every 7th of 200 epochs: 28, and the last; with every 6th there would be 42
    assert config.steps_between_looks == 70
    assert kept == [0, 1, 2, 4, 8, 16, 32, 64, *range(70, 2000, 70), 2000]
    assert [step for step in kept if config.is_whole_look(step)] == kept[8:]


@given(st.integers(1, 200), st.integers(8, 4096), st.integers(1, 550))
def test_no_training_looks_more_than_forty_times_and_each_looks_at_its_end(epochs: int, batch: int, few: int) -> None:
    config = TrainConfig.from_preset("live", epochs=epochs, batch=batch, digits=100 * few)
    between = config.steps_between_looks
    powers = {2**power for power in range(20) if 2**power < between}
    kept = {0, *powers, *range(between, config.steps + 1, between), config.steps}
    assert len(kept) <= 40 and between % config.steps_per_epoch == 0
    assert all(config.is_kept(step) for step in kept) and config.is_whole_look(config.steps)
    others = {step + 1 for step in kept} - kept
    assert not any(config.is_kept(step) for step in others if step <= config.steps)


def test_adam_forgets_quickly_in_short_trainings_only() -> None:
    assert TrainConfig.from_preset("live").betas == (0.7, 0.9)
    assert TrainConfig.from_preset("longer").betas == (0.9, 0.999)


def test_settings_and_launching_need_no_torch() -> None:
    script = "import sys, mnist_viz.training.launch, mnist_viz.training.worker; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
