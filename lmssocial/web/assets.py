"""The browser's files: ``asset("app.css")`` in a template, and the route that serves what it names.

The build (``hatch_build.py``) writes files whose names change with their content and a manifest from plain names to
those; so every answer may be kept by browsers for ever, and a new version is simply a new name.
"""

import json
import mimetypes
import re
from pathlib import Path

from flask import Flask, Response, abort, current_app, request

DIST = Path(__file__).resolve().parent / "static" / "dist"
"""Where the build puts its result, in a checkout and in a wheel alike."""

URL = "/assets"
_FOREVER = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_HASHED = re.compile(r"[A-Za-z_-]+-[A-Z0-9]{8}\.[a-z]+")


class AssetsMissing(RuntimeError):
    """The browser's files were not built, or a template names one that does not exist."""


class Manifest:
    """Which file stands for which name. Read once; read again when it changed if ``watch`` is set."""

    def __init__(self, folder: Path, *, watch: bool = False) -> None:
        """Look in ``folder`` for ``manifest.json``; nothing is read before it is needed."""
        self._file = folder / "manifest.json"
        self._watch = watch
        self._read_at = -1
        self._names: dict[str, str] = {}

    def file_of(self, name: str) -> str:
        """The hashed file name for ``name``, such as ``app-1A2B3C4D.css`` for ``app.css``.

        :raises AssetsMissing: if nothing was built, or not this; the message says what to do.
        """
        self._refresh()
        try:
            return self._names[name]
        except KeyError:
            raise AssetsMissing(
                f"There is no asset called {name}. Built are: {', '.join(sorted(self._names))}. "
                "If it is new in frontend/, run: python hatch_build.py"
            ) from None

    def _refresh(self) -> None:
        if self._names and not self._watch:
            return
        try:
            changed_at = self._file.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._names = json.loads(self._file.read_text(encoding="utf-8"))
                self._read_at = changed_at
        except FileNotFoundError:
            raise AssetsMissing(
                "The browser's files are not built. In a checkout, run: make assets (or: python hatch_build.py). "
                "An installed package that lacks them is broken: install it again."
            ) from None


def init_app(app: Flask, folder: Path = DIST) -> None:
    """Give templates ``asset(name)`` and serve ``/assets/<file>``."""
    app.extensions["lmssocial_assets"] = Manifest(folder, watch=app.debug)
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule(f"{URL}/<file>", "assets.file", lambda file: _serve(folder, file), methods=["GET"])


def asset(name: str) -> str:
    """The URL of an asset by its plain name; a template global.

    :raises AssetsMissing: see :meth:`Manifest.file_of`.
    """
    manifest: Manifest = current_app.extensions["lmssocial_assets"]
    return f"{request.root_path}{URL}/{manifest.file_of(name)}"


def _serve(folder: Path, file: str) -> Response:
    """One built file, compressed as the browser can take it; kept for ever, since its name changes with it."""
    if not _HASHED.fullmatch(file) or not (folder / file).is_file():
        abort(404)
    answer = Response((folder / file).read_bytes(), mimetype=mimetypes.guess_type(file)[0])
    for coding, suffix in _ENCODINGS:
        if request.accept_encodings[coding] > 0 and (folder / f"{file}{suffix}").is_file():
            answer.set_data((folder / f"{file}{suffix}").read_bytes())
            answer.headers["Content-Encoding"] = coding
            break
    answer.headers["Cache-Control"] = _FOREVER
    answer.vary.add("Accept-Encoding")
    return answer
