"""The browser's files: ``asset("app.css")`` in a template, and the route that serves what it names.

The build (``hatch_build.py``) writes files whose names change with their content and a manifest from plain names to
those; so every answer may be kept by browsers for ever, and a new version is simply a new name.
"""

import json
import mimetypes
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, send_from_directory

DIST = Path(__file__).resolve().parent / "static" / "dist"
"""Where the build puts its result, in a checkout and in a wheel alike."""

URL = "/assets"
_FOREVER = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


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
        self._files: frozenset[str] = frozenset()

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

    def knows(self, file: str) -> bool:
        """Whether ``file`` is one that the present build made."""
        self._refresh()
        return file in self._files

    def _refresh(self) -> None:
        if self._names and not self._watch:
            return
        try:
            changed_at = self._file.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._names = json.loads(self._file.read_text(encoding="utf-8"))
                self._files = frozenset(self._names.values())
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
    app.add_url_rule(
        f"{URL}/<file>", "assets.file", lambda file: _serve(folder, file), methods=["GET"]
    )


def asset(name: str) -> str:
    """The URL of an asset by its plain name; a template global.

    :raises AssetsMissing: see :meth:`Manifest.file_of`.
    """
    manifest: Manifest = current_app.extensions["lmssocial_assets"]
    return f"{request.root_path}{URL}/{manifest.file_of(name)}"


def _serve(folder: Path, file: str) -> Response:
    """One built file, compressed as the browser can take it; kept for ever, since its name changes with it."""
    for coding, suffix in _ENCODINGS:
        if request.accept_encodings[coding] > 0 and (folder / f"{file}{suffix}").is_file():
            answer = send_from_directory(
                folder, f"{file}{suffix}", mimetype=_type_of(file), conditional=True
            )
            answer.headers["Content-Encoding"] = coding
            break
    else:
        if not (folder / file).is_file() or "-" not in file:
            abort(404)
        answer = send_from_directory(folder, file, mimetype=_type_of(file), conditional=True)
    answer.headers["Cache-Control"] = _FOREVER
    answer.vary.add("Accept-Encoding")
    return answer


def _type_of(file: str) -> str:
    return mimetypes.guess_type(file)[0] or "application/octet-stream"
