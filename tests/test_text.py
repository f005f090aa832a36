"""Visible text: English is the source, another language is a catalogue, and threads do not mix them up."""

import gettext
import io
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_viz import text


def catalogue(words: dict[str, str]) -> bytes:
    """A compiled gettext catalogue, as `msgfmt` writes it."""
    words = {"": "Content-Type: text/plain; charset=UTF-8\n", **words}
    keys = sorted(words)
    ids, texts, tables = b"", b"", []
    for key in keys:
        tables.append((len(key.encode()), len(ids), len(words[key].encode()), len(texts)))
        ids, texts = ids + key.encode() + b"\0", texts + words[key].encode() + b"\0"
    start = 28 + 16 * len(keys)
    first = b"".join(struct.pack("<2I", length, start + at) for length, at, _, _ in tables)
    second = b"".join(struct.pack("<2I", length, start + len(ids) + at) for _, _, length, at in tables)
    header = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return header + first + second + ids + texts


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    content = catalogue({"The digits": "Die Ziffern"})
    assert gettext.GNUTranslations(io.BytesIO(content)).gettext("The digits") == "Die Ziffern"
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / f"{text.DOMAIN}.mo").write_bytes(content)
    monkeypatch.setattr(text, "LOCALE", tmp_path)
    text._catalogue.cache_clear()
    text.languages.cache_clear()
    yield
    text.languages.cache_clear()


@pytest.mark.usefixtures("german")
def test_a_catalogue_makes_a_language_and_what_it_lacks_stays_english() -> None:
    assert text.languages() == ("en", "de")
    text.use("de")
    assert text._("The digits") == "Die Ziffern"
    assert text._("Mistakes") == "Mistakes"
    text.use("en")
    assert text._("The digits") == "The digits"


@pytest.mark.usefixtures("german")
def test_two_viewers_at_once_each_read_their_own_language() -> None:
    text.use("de")
    seen: list[str] = []
    other = threading.Thread(target=lambda: seen.append(text._("The digits")))
    other.start()
    other.join()
    assert seen == ["The digits"]
    assert text._("The digits") == "Die Ziffern"
    text.use("en")


@pytest.mark.parametrize("language", ["xx", "", "../../etc", "de"])
def test_a_language_that_is_not_there_means_english(language: str) -> None:
    text.use(language)
    assert text.language() == "en"


@pytest.mark.parametrize(
    ("share", "decimals", "said"),
    [
        (0.9919, 1, "99.2\u00a0%"),
        (0.99949, 1, "99.9\u00a0%"),
        (0.9996, 1, ">\u00a099.9\u00a0%"),
        (1.0, 1, ">\u00a099.9\u00a0%"),
        (0.0004, 1, "<\u00a00.1\u00a0%"),
        (0.0, 1, "<\u00a00.1\u00a0%"),
        (0.0006, 1, "0.1\u00a0%"),
        (0.999996, 3, ">\u00a099.999\u00a0%"),
    ],
)
def test_a_probability_is_never_said_to_be_none_or_all(share: float, decimals: int, said: str) -> None:
    assert text.probability(share, decimals) == said


@pytest.mark.parametrize(
    ("share", "decimals", "words"),
    [(0.9999, 1, "above 99.9\u00a0%"), (0.0, 2, "below 0.01\u00a0%"), (0.969, 1, "at 96.9\u00a0%")],
)
def test_where_a_probability_stays_is_said_without_a_sign(share: float, decimals: int, words: str) -> None:
    assert text.level(share, decimals) == words
