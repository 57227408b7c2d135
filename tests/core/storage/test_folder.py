"""The store in a folder: whole or not at all, and nowhere but in its folder."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from lmssocial.core.storage import Folder, Missing, StorageFailed, new_key


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


def read(store: Folder, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def test_what_is_put_can_be_opened_until_it_is_deleted(home: Path) -> None:
    store, key = Folder(home), new_key()
    store.put(key, b"words")

    assert read(store, key) == b"words"
    store.delete(key)
    with pytest.raises(Missing):
        store.open(key)
    store.delete(key)


def test_keys_say_nothing_and_spread_over_folders(home: Path) -> None:
    store = Folder(home)
    keys = [new_key() for _ in range(50)]
    for key in keys:
        store.put(key, b"x")

    assert len(set(keys)) == 50
    assert sorted(path.name for path in home.rglob("*") if path.is_file()) == sorted(keys)
    assert {path.name for path in home.iterdir()} == {key[:2] for key in keys}


def test_nobody_else_on_the_machine_can_read_it(home: Path) -> None:
    store, key = Folder(home), new_key()
    store.put(key, b"private")
    (file,) = home.rglob(key)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "key", ["", "../secret_key", "a" * 31, "A" * 32, "/etc/passwd", "aa/../../x", "a" * 32 + "\n"]
)
def test_a_key_that_is_none_leads_nowhere(home: Path, key: str) -> None:
    store = Folder(home)
    for deed in (lambda: store.put(key, b""), lambda: store.open(key), lambda: store.delete(key)):
        with pytest.raises(ValueError, match="no key"):
            deed()


def test_a_full_disk_leaves_nothing_half_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, key = Folder(home), new_key()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFailed, match="No space left"):
        store.put(key, b"words")

    assert not [path for path in home.rglob("*") if path.is_file()]


def test_it_is_on_the_disk_before_it_has_its_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, key = Folder(home), new_key()
    real: Callable[[int], None] = os.fsync
    seen: list[bool] = []

    def note(descriptor: int) -> None:
        seen.append((home / key[:2] / key).exists())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    store.put(key, b"words")

    assert seen == [False, True], "the file first, then the folder that names it"


def test_a_folder_that_cannot_be_made_is_told_as_a_failure_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed):
        Folder(tmp_path / "file" / "attachments").put(new_key(), b"x")
