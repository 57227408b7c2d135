"""The keys of platforms as this process keeps them."""

from flask import Flask, current_app

from lmssocial.core.db import unit_of_work
from lmssocial.lms.lti.platform_keys import PlatformKeys
from lmssocial.web import scope
from lmssocial.web.program import Program

_EXTENSION = "lmssocial_platform_keys"


def use_platform_keys(app: Flask, program: Program) -> None:
    """Keep keys of platforms in ``app``'s process; nothing is fetched before somebody launches."""
    app.extensions[_EXTENSION] = PlatformKeys(lambda: unit_of_work(scope.session()), program.outbound)


def platform_keys() -> PlatformKeys:
    """The keys this process has seen, and the way to more."""
    found: PlatformKeys = current_app.extensions[_EXTENSION]
    return found
