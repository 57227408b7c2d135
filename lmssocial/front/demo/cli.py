"""``lmssocial demo``: the tool, its worker and the demo LMS, by one command and until Ctrl-C."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, make_server

from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.core.hooks import PluginHost
from lmssocial.core.kernel import clock
from lmssocial.core.outbound import AllowList, Outbound, OutboundError
from lmssocial.front.demo import admin
from lmssocial.front.demo.commands import CommandFailed, Commands
from lmssocial.front.demo.crowd import read_talk
from lmssocial.front.demo.digests import ask_for_digests
from lmssocial.front.demo.experts_script import read_expert_script
from lmssocial.front.demo.house import (
    CannotStart,
    House,
    alone,
    begin_anew,
    prepare_folder,
    refuse_taken_ports,
)
from lmssocial.front.demo.lms.app import create_lms
from lmssocial.front.demo.lms.campus import Campus, open_campus
from lmssocial.front.demo.lms.store import connect
from lmssocial.front.demo.peer_script import read_peer_scripts
from lmssocial.front.demo.processes import Company, Ended, stop_by_interrupt
from lmssocial.front.demo.registrar import introduce_to_lms, introduce_to_tool
from lmssocial.front.demo.script import read_script
from lmssocial.front.demo.story import Scripts, is_told, tell
from lmssocial.front.demo.term import read_term
from lmssocial.front.demo.voices import read_everybody

START_WITHIN = 90.0
"""Seconds the tool gets to answer; a second is usual, a loaded machine takes longer."""


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Of the tool.")
@click.option(
    "--lms-port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Of the LMS."
)
@click.option(
    "--data-dir",
    default=Path("var/demo"),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where everything is kept between runs.",
)
@click.option("--reset", is_flag=True, help="Delete what is kept and begin anew.")
@click.option(
    "--reset-admin", is_flag=True, help="Give the administrator's account a new password and show it."
)
@click.option(
    "--quick", is_flag=True, help="Fill only Week 2 and the talk of the term, which takes less time."
)
def demo(port: int, lms_port: int, data_dir: Path, *, reset: bool, reset_admin: bool, quick: bool) -> None:
    """Serve a demonstration: the tool, and a small LMS with a course to open it from. Ctrl-C stops both."""
    house = House(data_dir.expanduser().resolve(), port, lms_port)
    began = time.monotonic()
    stop_by_interrupt()
    try:
        refuse_taken_ports(house)
        prepare_folder(house)
        with alone(house):
            if reset:
                begin_anew(house)
            click.echo("Starting the demo.")
            _run(house, began, new_password=reset_admin, quick=quick)
    except (CannotStart, CommandFailed, Ended) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("\nStopped. What was written is kept; the next start finds it again.")


def _run(house: House, began: float, *, new_password: bool, quick: bool) -> None:
    environment = house.environment(os.environ)
    commands = Commands(click.get_current_context().find_root().command, environment)
    _upgrade(commands)
    campus = open_campus(
        house.lms_url,
        house.lms_dir,
        tool_admin_url=f"{house.tool_url}/admin/",
        tool_admin_name=admin.LOGIN,
        mail_dir=house.settings().mail_dir,
        outbound_allow=("localhost",),
    )
    with Company(environment, house.log_dir) as company:
        # The tool takes the longest to start, so it does while the course is looked after.
        company.start("tool", ["serve", "--port", str(house.port), "--workers", "1"])
        told_now = _prepare(house, campus, quick=quick)
        password = admin.password_for(commands, renew=new_password)
        with Outbound("lmssocial demo", AllowList.parse((f"localhost:{house.port}",))) as caller:
            company.wait_until(lambda: _answers(caller, f"{house.tool_url}/readyz"), within=START_WITHIN)
        company.start("worker", ["worker"])
        with _served(campus, house):
            _say_ready(house, password, told_now=told_now, seconds=time.monotonic() - began)
            company.watch()


def _upgrade(commands: Commands) -> None:
    """Bring every table up to date. A plugin that fails there is told, and the rest starts without it."""
    try:
        commands.run("db", "upgrade")
    except CommandFailed as failed:
        click.echo(str(failed), err=True)


def _prepare(house: House, campus: Campus, *, quick: bool) -> bool:
    """Introduce both sides to each other and fill the course, in one transaction; whether it was filled now."""
    db = connect(campus.store)
    tool = introduce_to_lms(db, house)
    db.close()
    engine = make_engine(house.settings().database)
    host = PluginHost.load()
    with Session(engine) as session, unit_of_work(session):
        registration = introduce_to_tool(session, house, tool)
        fresh = not is_told(session, registration)
        if fresh:
            many = "a few hundred posts" if quick else "more than three thousand posts"
            click.echo(f"Filling the course: two hundred people, {many}, a term.")
            now = clock.now()
            moves = [*read_term(now, quick=quick), *read_script(now), *([] if quick else read_talk(now))]
            peers = read_peer_scripts(now, quick=quick)
            scripts = Scripts(moves=moves, peers=peers, experts=read_expert_script(now))
            tell(session, host, registration, tool.deployment_id, read_everybody(), scripts)
            ask_for_digests(session, registration)
    engine.dispose()
    return fresh


@contextmanager
def _served(campus: Campus, house: House) -> Iterator[None]:
    """Serve the demo LMS from a thread of this process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server: BaseWSGIServer = make_server("127.0.0.1", house.lms_port, create_lms(campus), threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="northfield", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answers(caller: Outbound, url: str) -> bool:
    try:
        caller.get_json(url)
    except OutboundError:
        return False
    return True


def _say_ready(house: House, password: str | None, *, told_now: bool, seconds: float) -> None:
    click.echo(f"The demo is ready ({'made and started' if told_now else 'started'} in {seconds:.0f} s).")
    click.echo(f"  Course  {house.lms_url}  the demo LMS: be a learner, an instructor or an administrator")
    click.echo(f"  Tool    {house.tool_url}  what the course embeds")
    click.echo(f"  Admin   {house.tool_url}/admin/  sign in as {admin.LOGIN}")
    if password is not None:
        click.echo(f"          password: {password}  (shown once; --reset-admin makes a new one)")
    click.echo(f"Ctrl-C stops both. Everything is kept in {house.data_dir}; --reset begins anew.")
