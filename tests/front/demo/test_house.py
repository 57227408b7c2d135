"""Where the demo lives on the machine."""

import socket
from pathlib import Path

import pytest

from lmssocial.front.demo.house import (
    CannotStart,
    House,
    alone,
    begin_anew,
    prepare_folder,
    refuse_taken_ports,
)


def test_the_demo_ignores_the_settings_of_any_other_installation(tmp_path: Path) -> None:
    house = House(tmp_path, 8100, 8101)
    around = {
        "PATH": "/usr/bin",
        "LMSSOCIAL_DATABASE_URL": "postgresql://production",
        "LMSSOCIAL_NONSENSE": "1",
    }
    environment = house.environment(around)
    assert environment["PATH"] == "/usr/bin"
    assert "LMSSOCIAL_DATABASE_URL" not in environment
    assert house.settings().public_url == "http://localhost:8100"
    assert house.settings().outbound_allow == ("localhost:8101",)
    assert str(tmp_path) in house.settings().database


@pytest.mark.parametrize(("taken", "variable"), [(0, "PORT="), (1, "LMS_PORT=")])
def test_a_taken_port_is_named_with_the_variable_that_moves_it(
    tmp_path: Path, taken: int, variable: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        with socket.create_server(("127.0.0.1", 0)) as free:
            other = free.getsockname()[1]
        house = House(tmp_path, *((port, other) if taken == 0 else (other, port)))
        with pytest.raises(CannotStart) as refusal:
            refuse_taken_ports(house)
    assert f"Port {port} is taken" in str(refusal.value)
    assert f"make demo {variable}" in str(refusal.value)


def test_two_equal_ports_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="two different ports"):
        refuse_taken_ports(House(tmp_path, 8100, 8100))


def test_reset_deletes_what_the_demo_kept(tmp_path: Path) -> None:
    house = House(tmp_path / "demo", 8100, 8101)
    prepare_folder(house)
    (house.data_dir / "tool").mkdir()
    (house.data_dir / "tool" / "lmssocial.sqlite3").write_text("old")
    prepare_folder(house)
    assert (house.data_dir / "tool" / "lmssocial.sqlite3").exists()
    begin_anew(house)
    assert not (house.data_dir / "tool").exists()
    prepare_folder(house)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(CannotStart, match="not the demo's"):
        prepare_folder(House(tmp_path, 8100, 8101))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_second_demo_in_the_same_folder_is_told_of_the_first(tmp_path: Path) -> None:
    house = House(tmp_path / "demo", 8100, 8101)
    prepare_folder(house)
    with alone(house), pytest.raises(CannotStart, match="running in"), alone(house):
        pass
    with alone(house):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CannotStart, match="--data-dir"):
        prepare_folder(House(tmp_path / "file" / "demo", 8100, 8101))
