"""Where an LMS sends people: login, launch, our keys; choosing what to place; registration by invitation."""

from flask import Flask

from lmssocial.front.launch import handover_routes, notice_routes, picker_routes, registration_routes, routes
from lmssocial.front.launch.keys import use_platform_keys
from lmssocial.web.program import program


def init_app(app: Flask) -> None:
    """Serve ``/lti/``."""
    with app.app_context():
        use_platform_keys(app, program())
    for door in (routes, handover_routes, picker_routes, registration_routes, notice_routes):
        app.register_blueprint(door.bp)
