"""The files in deploy/ are what their programs take, and their settings are ours."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from lmssocial import __version__
from lmssocial.settings import PREFIX, Settings
from tests.docs.markdown import ROOT

DEPLOY = ROOT / "deploy"
UNITS = ("lmssocial-web.service", "lmssocial-worker.service")


def _variables(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_services_settings_are_right() -> None:
    settings = Settings.from_env(_variables(DEPLOY / "systemd" / "lmssocial.env"))
    assert settings.proxies == 1
    assert settings.secure


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = (DEPLOY / "systemd" / unit).read_text("utf-8")
        assert "/opt/lmssocial/bin/lmssocial" in text
        (tmp_path / unit).write_text(text.replace("/opt/lmssocial/bin/lmssocial", "/bin/true"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / unit for unit in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_units_differ_in_what_they_run_only() -> None:
    web, worker = ((DEPLOY / "systemd" / unit).read_text("utf-8").splitlines() for unit in UNITS)
    differing = {line.split("=")[0] for line in set(web) ^ set(worker) if not line.startswith("#")}
    assert differing == {"Description", "ExecStart"}


@pytest.mark.skipif(shutil.which("nginx") is None, reason="this machine has no nginx")
def test_nginx_takes_the_site(tmp_path: Path) -> None:
    for name in ("privkey", "fullchain"):
        (tmp_path / f"{name}.pem").touch()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=example",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx" / "lmssocial.conf").read_text("utf-8")
    site = site.replace("/etc/letsencrypt/live/social.example.edu", str(tmp_path))
    site = re.sub(r"/var/log/nginx|/var/www/html", str(tmp_path), site)
    site = re.sub(r"(listen (?:\[::\]:)?)(80|443)", r"\g<1>1\g<2>", site)
    (tmp_path / "site.conf").write_text(site, "utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ include {tmp_path}/site.conf; }}",
        "utf-8",
    )
    done = subprocess.run(
        ["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def _compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def test_the_containers_settings_are_ours_and_asked_for() -> None:
    asked = _variables(DEPLOY / "compose.env")
    for service in ("migrate", "web", "worker"):
        environment: dict[str, str] = _compose()["services"][service]["environment"]
        for value in environment.values():
            assert set(re.findall(r"\$\{(\w+)[:}]", value)) <= asked.keys()
        filled = {
            setting: re.sub(r"\$\{(\w+)[^}]*\}", lambda match: asked[match[1]] or "x" * 40, value)
            for setting, value in environment.items()
        }
        assert Settings.from_env(filled).redis_url


def test_web_server_and_worker_wait_for_the_schema() -> None:
    services = _compose()["services"]
    assert services["migrate"]["command"] == ["lmssocial", "db", "upgrade"]
    for service in ("web", "worker"):
        assert services[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_version_of_the_image_is_the_packages() -> None:
    assert _compose()["services"]["web"]["image"] == f"lmssocial:{__version__}"


def test_what_the_dockerfile_copies_is_there() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    sources = [
        word
        for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE)
        for word in line.split()[:-1]
    ]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split()
    assert not set(sources) & set(ignored)
    environment = re.findall(rf"{PREFIX}(\w+)=", text)
    assert set(environment) == {"DATA_DIR", "LOG_FORMAT"}
