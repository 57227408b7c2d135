"""What one process is made of, for the views that need a part of it. Built by :func:`lmssocial.app.create_app`."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from lmssocial.core.hooks import Allocator, Badges, Channel, PluginHost, Ranking, Scoring, Widget
from lmssocial.core.hooks.runner import Runner
from lmssocial.core.jobs import Jobs
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.mail import Mailer
from lmssocial.core.outbound import Outbound
from lmssocial.core.storage import Storage
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.settings import Settings

_EXTENSION = "lmssocial"


@dataclass(frozen=True, kw_only=True)
class Program:
    """The parts with a lifetime; everything else is functions."""

    settings: Settings
    host: PluginHost
    policies: Runner
    """Who asks the policies; starts nothing until somebody asks one."""
    file_policies: Runner
    """Who asks them about files, in a process of its own: looking for viruses takes seconds, and posts do not wait."""
    widgets: Mapping[str, Widget]
    """Every widget that plugins registered, by kind."""
    allocators: Mapping[str, Allocator]
    """Every way to decide who reviews whose work, by name."""
    scorings: Mapping[str, Scoring]
    """Every way from reviews to a score, by name."""
    rankings: Mapping[str, tuple[Ranking, ...]]
    """Every signal for who is invited first to answer a question, by the plugin it is of."""
    badges: Mapping[str, tuple[Badges, ...]]
    """Everybody who has badges for people, by the plugin it is of."""
    secret_box: SecretBox
    outbound: Outbound
    caller: Caller
    """Who calls the services of platforms: rosters, grades, groups, notices."""
    jobs: Jobs
    files: Storage
    """Where attached files are kept."""
    mailer: Mailer
    """Where e-mail goes."""
    channels: Mapping[str, Channel]
    """Every way to reach people outside of the LMS, by name; e-mail is one."""


def init_app(app: Flask, program: Program) -> None:
    """Make ``program`` the one of ``app``."""
    app.extensions[_EXTENSION] = program


def program() -> Program:
    """The program this request or command belongs to."""
    found: Program = current_app.extensions[_EXTENSION]
    return found
