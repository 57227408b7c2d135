"""The academy as a Flask application."""

from pathlib import Path

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from lmssocial.front.demo.cast import Part
from lmssocial.front.demo.lms import (
    activity_pages,
    authorization,
    course_pages,
    deep_linking,
    grade_service,
    group_service,
    guard,
    mail_pages,
    memberships,
    notices,
    people_pages,
    platform_pages,
    registration,
    tokens,
)
from lmssocial.front.demo.lms.campus import NAME, Campus, close_database
from lmssocial.front.demo.lms.deep_linking import NotPlaced
from lmssocial.front.demo.lms.grade_payloads import Unreadable
from lmssocial.front.demo.lms.registration import Unregistrable
from lmssocial.front.demo.lms.tokens import TokenRefused, refusal_answer
from lmssocial.paths import resource

BLUEPRINTS = (
    people_pages.bp,
    course_pages.bp,
    activity_pages.bp,
    mail_pages.bp,
    platform_pages.bp,
    authorization.bp,
    deep_linking.bp,
    registration.bp,
    tokens.bp,
    memberships.bp,
    grade_service.bp,
    group_service.bp,
    notices.bp,
)


def create_lms(campus: Campus) -> Flask:
    """The platform and its course site, serving ``campus``."""
    app = Flask(
        __name__,
        template_folder=str(resource("templates")),
        static_folder=str(Path(__file__).parent / "static"),
        static_url_path="/static",
    )
    app.secret_key = campus.key.derived("session cookie")
    app.config.update(
        SESSION_COOKIE_NAME="northfield", SESSION_COOKIE_SAMESITE="Lax", MAX_CONTENT_LENGTH=1_000_000
    )
    app.extensions["campus"] = campus
    guard.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.teardown_appcontext(close_database)
    app.jinja_env.globals.update(
        academy=NAME, Part=Part, course_title=campus.cast.title, label=campus.cast.label
    )
    _answer_errors(app)
    return app


def _answer_errors(app: Flask) -> None:
    """Errors of services are JSON for the tool's developer; errors of pages are a sentence for people."""

    @app.errorhandler(TokenRefused)
    def token_refused(refusal: TokenRefused) -> Response:
        return refusal_answer(refusal)

    @app.errorhandler(Unreadable)
    def unreadable(error: Unreadable) -> tuple[Response, int]:
        return jsonify(error="invalid_request", error_description=str(error)), 400

    @app.errorhandler(Unregistrable)
    def unregistrable(error: Unregistrable) -> tuple[Response, int]:
        return jsonify(error="invalid_client_metadata", error_description=str(error)), 400

    @app.errorhandler(NotPlaced)
    def not_placed(error: NotPlaced) -> tuple[str, int]:
        return render_template("demo/problem.html", heading="Nothing was added", text=str(error)), 400

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> tuple[Response | str, int]:
        status, text = error.code or 500, error.description or error.name
        if request.path.startswith(guard.OUTSIDE):
            return jsonify(error=error.name, error_description=text), status
        heading = "There is no such page" if status == 404 else "This did not work"
        return render_template("demo/problem.html", heading=heading, text=text), status
