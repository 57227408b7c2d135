"""The web server: granian with one process for each core, chosen for the measurements in docs/decisions."""

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import NoReturn

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import make_engine
from lmssocial.core.hooks import PluginHost
from lmssocial.core.hooks.runner import ABOUT_POSTS
from lmssocial.core.hooks.schema import hold_back
from lmssocial.front.health.running import held
from lmssocial.settings import Settings
from lmssocial.social.plugin_settings.service import any_on
from lmssocial.web.program import program


class PortTaken(Exception):
    """Somebody else listens where we should."""


def make_app() -> Flask:
    """The application of one worker process, from its environment. WSGI servers other than ours may name it too."""
    settings = Settings.from_env(os.environ)
    host = load_plugins(settings)
    engine = make_engine(settings.database)
    try:
        hold_back(host, engine)
        judging = _judges_posts(host, engine)
    finally:
        engine.dispose()
    app = create_app(settings, host)
    if judging:
        with app.app_context():
            program().policies.warm()
    return app


def _judges_posts(host: PluginHost, engine: Engine) -> bool:
    """Whether a policy is on anywhere, so that its process had better be there before the first post."""
    try:
        with Session(engine) as session:
            return any_on(session, host.implementers(ABOUT_POSTS))
    except SQLAlchemyError:  # a database that does not answer, or is not there yet, is told elsewhere
        return False


def run(settings: Settings, *, host: str, port: int, workers: int, threads: int) -> NoReturn:
    """Become the server: this process is replaced by one that has nothing open and serves until stopped.

    A fresh process also meets the shared folder for metrics before their library is imported, as it demands.

    :raises PortTaken: if something listens there already.
    """
    refuse_taken(host, port)
    environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(_metrics_folder(settings))}
    numbers = [str(number) for number in (port, workers, threads)]
    os.execve(sys.executable, [sys.executable, "-m", "lmssocial.server", host, *numbers], environ)  # noqa: S606 – ourselves


def main(host: str, port: str, workers: str, threads: str) -> None:
    """Serve with granian; the second half of :func:`run`. On SIGHUP its processes are replaced one by one."""
    server = Server(
        "lmssocial.server:make_app",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        factory=True,
        workers=int(workers),
        blocking_threads=int(threads),
        respawn_failed_workers=True,
        workers_kill_timeout=10,  # one that is asked to stop while it starts may never notice
        log_access=False,
        websockets=False,
    )
    with held(Settings.from_env(os.environ).data_dir, f"server-{port}"):
        server.serve()


def refuse_taken(host: str, port: int) -> None:
    """Say so before starting if the address cannot be had.

    :raises PortTaken: with a sentence that names the way out.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"{host}:{port} cannot be used ({error.strerror}). Choose another with --port, or stop what is there."
            ) from error


def _metrics_folder(settings: Settings) -> Path:
    """Where all worker processes count into, emptied at each start."""
    folder = settings.data_dir / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


if __name__ == "__main__":
    main(*sys.argv[1:])
