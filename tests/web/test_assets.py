"""The browser's files: names that change with the content, kept for ever, built when something changed."""

import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

import hatch_build
from lmssocial import paths
from lmssocial.web import assets


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A small build."""
    (tmp_path / "app-1A2B3C4D.css").write_text("body { margin: 0 }")
    (tmp_path / "app-1A2B3C4D.css.gz").write_bytes(gzip.compress(b"body { margin: 0 }"))
    (tmp_path / "manifest.json").write_text(json.dumps({"app.css": "app-1A2B3C4D.css"}))
    return tmp_path


def small_app(dist: Path) -> Flask:
    app = Flask("assets", static_folder=None)
    assets.init_app(app, dist)
    return app


@pytest.fixture
def visitor(dist: Path) -> FlaskClient:
    return small_app(dist).test_client()


def test_a_template_names_an_asset_and_gets_its_present_address(dist: Path) -> None:
    app = small_app(dist)
    with app.test_request_context():
        assert render_template_string("{{ asset('app.css') }}") == "/assets/app-1A2B3C4D.css"
    with app.test_request_context(base_url="https://school.test/social"):
        assert render_template_string("{{ asset('app.css') }}") == "/social/assets/app-1A2B3C4D.css"


def test_what_is_named_by_its_content_is_kept_for_ever(visitor: FlaskClient) -> None:
    answer = visitor.get("/assets/app-1A2B3C4D.css")
    assert answer.get_data(as_text=True) == "body { margin: 0 }"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    assert "Content-Encoding" not in answer.headers


def test_browsers_that_can_get_it_compressed(visitor: FlaskClient) -> None:
    answer = visitor.get("/assets/app-1A2B3C4D.css", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.mimetype == "text/css"
    assert gzip.decompress(answer.data) == b"body { margin: 0 }"


@pytest.mark.parametrize(
    "file", ["manifest.json", "other-1A2B3C4D.css", "..%2Fmanifest.json", ".stamp", "app.css"]
)
def test_nothing_else_is_served(visitor: FlaskClient, file: str) -> None:
    assert visitor.get(f"/assets/{file}").status_code == 404


def test_an_unknown_name_says_which_there_are(dist: Path) -> None:
    with (
        small_app(dist).test_request_context(),
        pytest.raises(assets.AssetsMissing, match=r"Built are: app\.css"),
    ):
        assets.asset("picker.js")


def test_assets_that_were_not_built_say_the_command(tmp_path: Path) -> None:
    with small_app(tmp_path).test_request_context(), pytest.raises(assets.AssetsMissing, match="make assets"):
        assets.asset("app.css")


def test_a_new_build_is_seen_while_debugging_and_otherwise_with_the_next_start(dist: Path) -> None:
    manifests = assets.Manifest(dist), assets.Manifest(dist, watch=True)
    assert {manifest.file_of("app.css") for manifest in manifests} == {"app-1A2B3C4D.css"}
    later = dist / "manifest.new"
    later.write_text(json.dumps({"app.css": "app-55555555.css"}))
    later.replace(dist / "manifest.json")
    assert [manifest.file_of("app.css") for manifest in manifests] == ["app-1A2B3C4D.css", "app-55555555.css"]


def test_the_build_has_what_the_layouts_name() -> None:
    names = set(json.loads((assets.DIST / "manifest.json").read_text()))
    used = {
        name
        for template in paths.resource("templates").rglob("*.html")
        for name in re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", template.read_text("utf-8"))
    }
    assert {"app.css", "app.js"} <= used <= names


def test_the_sprite_has_every_icon_that_templates_draw() -> None:
    manifest = json.loads((assets.DIST / "manifest.json").read_text())
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (assets.DIST / manifest["icons.svg"]).read_text()))
    for template in paths.resource("templates").rglob("*.html"):
        named = set(re.findall(r"icon\(['\"]([^'\"]+)['\"]\)", template.read_text("utf-8")))
        assert named <= drawn, (template.name, named - drawn)


def test_everything_stays_small() -> None:
    """The whole of style and scripts is less than one photograph, and arrives compressed."""
    manifest = json.loads((assets.DIST / "manifest.json").read_text())
    size = {name: (assets.DIST / f"{file}.br").stat().st_size for name, file in manifest.items()}
    assert size["app.js"] < 30_000
    assert size["app.css"] < 12_000


def test_the_licences_of_what_is_inside_travel_with_it() -> None:
    text = (assets.DIST / "LICENSES.txt").read_text()
    for package in (
        "htmx.org",
        "@github/markdown-toolbar-element",
        "@github/relative-time-element",
        "lucide-static",
    ):
        assert package in text


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The build hook at work on copies."""
    frontend, dist = tmp_path / "frontend", tmp_path / "dist"
    (frontend / "css").mkdir(parents=True)
    (frontend / "css" / "app.css").write_text("body { margin: 0 }")
    (frontend / "node_modules").mkdir()
    monkeypatch.setattr(hatch_build, "FRONTEND", frontend)
    monkeypatch.setattr(hatch_build, "DIST", dist)
    monkeypatch.setattr(hatch_build, "TRANSLATIONS", tmp_path / "translations")
    return tmp_path


def publish(at: Path, **files: str) -> None:
    """A finished build of ``files`` is put in place."""
    fresh = at / "fresh"
    fresh.mkdir()
    for name, text in files.items():
        (fresh / f"{name}.css").write_text(text)
    (fresh / "manifest.json").write_text(json.dumps({f"{name}.css": f"{name}.css" for name in files}))
    hatch_build.publish(fresh)
    fresh.rmdir()


def test_a_server_that_runs_keeps_the_files_of_the_build_before(elsewhere: Path) -> None:
    for name in ("first", "second", "third"):
        publish(elsewhere, **{name: "x"})
    assert {path.name for path in (elsewhere / "dist").iterdir()} == {
        "manifest.json",
        "second.css",
        "third.css",
    }


def test_only_what_the_build_reads_makes_it_run_again(elsewhere: Path) -> None:
    before = hatch_build.source_digest()
    (elsewhere / "frontend" / "node_modules" / "package.js").write_text("1")
    assert hatch_build.source_digest() == before
    (elsewhere / "frontend" / "css" / "app.css").write_text("body { margin: 1px }")
    assert hatch_build.source_digest() != before


def test_a_build_of_the_same_sources_does_nothing(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(elsewhere, first="x")
    (elsewhere / "dist" / ".stamp").write_text(hatch_build.source_digest())
    monkeypatch.setattr(hatch_build, "run", lambda command: pytest.fail(f"ran {command}"))
    hatch_build.build()


def test_a_build_can_be_left_out(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKIP_ASSETS", "1")
    hatch_build.build()
    assert not (elsewhere / "dist").exists()


def test_a_step_that_fails_ends_the_build_with_its_output(elsewhere: Path) -> None:
    assert elsewhere.exists()
    with pytest.raises(SystemExit, match="no such style"):
        hatch_build.run([sys.executable, "-c", "import sys; sys.exit('no such style')"])


def test_the_lock_file_names_versions_and_hashes_and_no_address() -> None:
    lock = json.loads((paths.resource("frontend") / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all(package.get("integrity") and "resolved" not in package for package in packages.values())
    pinned = json.loads((paths.resource("frontend") / "package.json").read_text())
    for version in [*pinned["dependencies"].values(), *pinned["devDependencies"].values()]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
