"""Who may act: loopback alone is everybody's, any other address asks for the code."""

import time

import pytest
from streamlit import config

from mnist_viz.server import access


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("localhost", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("0.0.0.0", True),
        ("::", True),
        (None, True),
        ("192.168.1.7", True),
        ("lecture.example.org", True),
    ],
)
def test_a_server_is_shared_unless_it_listens_to_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch, address: str | None, shared: bool
) -> None:
    monkeypatch.setattr(config, "get_option", lambda _name: address)
    assert access.is_shared() is shared


def test_the_code_is_the_same_for_a_server_and_another_after_a_restart() -> None:
    first = access.code()
    assert first == access.code()
    assert len(first) == 6
    assert set(first) <= set(access.ALPHABET)
    access.code.cache_clear()
    assert access.code() != first


def test_only_the_code_is_the_code_however_it_is_typed() -> None:
    assert access.is_code(f" {access.code().lower()} ")


@pytest.mark.parametrize("guess", ["", "AAAAAA", "ü", "0" * 10_000])
def test_a_wrong_guess_is_refused_and_holds_up_the_next(guess: str) -> None:
    begin = time.monotonic()
    assert not access.is_code(guess)
    assert time.monotonic() - begin >= access.PAUSE_AFTER_A_WRONG_CODE
