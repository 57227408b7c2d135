"""What people install works: the wheel, made from the source distribution, in an environment of its own."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lmssocial.settings import PREFIX, Settings
from tests.support.databases import Databases
from tests.support.network import free_port
from tests.support.servers import ROOT, Server, answers, settings_env

UV = Path(sys.executable).parent / "uv"


def uv(*arguments: str | Path) -> None:
    """Run uv and fail with what it says."""
    done = subprocess.run([UV, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"uv {arguments[0]}: {done.stdout}{done.stderr}"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--sdist", "--out-dir", folder, "--build-constraints", "scripts/build.lock", ".")
    (source,) = folder.glob("*.tar.gz")
    uv("build", "--wheel", "--out-dir", folder, "--build-constraints", "scripts/build.lock", source)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of an environment that holds the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("installed")
    uv("venv", "--python", sys.executable, folder / "env")
    python = folder / "env" / "bin" / "python"
    uv("pip", "install", "--python", python, "--require-hashes", "-r", "requirements.lock")
    uv("pip", "install", "--python", python, "--no-deps", wheel)
    return python.parent


@pytest.fixture(scope="module")
def served(installed: Path, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the installed tool, on a database that its own command made ready."""
    tmp_path, url = tmp_path_factory.mktemp("served"), databases.empty()
    address = f"http://127.0.0.1:{free_port()}"
    settings = Settings(data_dir=tmp_path / "data", secret_key="s" * 40, database_url=url, public_url=address)
    program = installed / "lmssocial"
    upgraded = subprocess.run(
        [program, "db", "upgrade"],
        cwd=tmp_path,
        env=os.environ | settings_env(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert upgraded.returncode == 0, upgraded.stdout + upgraded.stderr
    server = Server(
        [str(program), "serve", "--port", address.rsplit(":", maxsplit=1)[-1], "--workers", "1"],
        env=settings_env(settings),
        log=tmp_path / "serve.log",
        cwd=tmp_path,
    )
    server.start(lambda: answers(f"{address}/healthz"))
    yield address
    server.kill()
    databases.drop(url)


def test_it_is_ready_after_its_own_upgrade(served: str) -> None:
    assert httpx.get(f"{served}/readyz").status_code == 200


def test_its_error_page_has_our_words_and_our_looks(served: str) -> None:
    page = httpx.get(f"{served}/no-such-page")

    assert page.status_code == 404
    assert "<main" in page.text
    style = re.search(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', page.text)
    assert style, page.text
    sheet = httpx.get(f"{served}{style[1]}")
    assert sheet.status_code == 200
    assert sheet.headers["content-type"].startswith("text/css")


def test_it_publishes_its_keys(served: str) -> None:
    assert httpx.get(f"{served}/lti/jwks.json").json()["keys"]


def test_it_carries_what_it_needs_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    def some(pattern: str) -> bool:
        return any(re.fullmatch(pattern, name) for name in names)

    assert some(r"lmssocial/templates/layout\.html")
    assert some(r"lmssocial/migrations/env\.py")
    assert some(r"lmssocial/migrations/versions/\w+\.py")
    assert some(r"lmssocial/web/static/dist/manifest\.json")
    assert some(r"lmssocial/py\.typed")
    assert some(r"lmssocial/front/demo/course/peer/\w[\w-]*\.toml")
    strangers = [name for name in names if not name.startswith(("lmssocial/", "lmssocial-"))]
    assert not strangers
    assert not some(r".*(node_modules|/tests/|__pycache__).*")


def test_without_a_database_it_says_what_to_do(
    installed: Path, settings: Settings, tmp_path: Path, backend: str
) -> None:
    missing = {"sqlite": "sqlite:////nowhere/at/all.sqlite3", "postgres": "postgresql://127.0.0.1:9/none"}[
        backend
    ]
    done = subprocess.run(
        [installed / "lmssocial", "serve"],
        cwd=tmp_path,
        env=os.environ | settings_env(settings) | {f"{PREFIX}DATABASE_URL": missing},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "database" in done.stderr
