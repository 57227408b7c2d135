"""The extensions that hold a request together: the database session and the person behind it.

Flask-SQLAlchemy gives the session its life (one per request or command, closed at its end); Flask-Login carries the
person. Nothing outside this module imports either of them.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Request, g
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from lmssocial.core.db import Base
from lmssocial.core.db.engine import normal_url, prepare, reading_options

db = SQLAlchemy(metadata=Base.metadata)


class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """Whoever is behind a request, as Flask-Login carries them: any value, found by whoever knows the request."""

    def __init__(self, key: str, value: object) -> None:
        """Carry ``value``; ``key`` is what the sign-in cookie remembers them by."""
        self.id = key
        self.value = value


Finder = Callable[[Request], object | None]
"""Finds whoever is behind a request, or ``None``."""


def init_app(
    app: Flask, database_url: str, *, of_request: Finder, of_key: Callable[[str], object | None]
) -> None:
    """Connect the database and the login to ``app``. No connection is opened.

    :param of_request: finds the person by what the request carries; asked when nobody signed in by form.
    :param of_key: finds who signed in by form, by the key given to :func:`sign_in`.
    """
    url = normal_url(database_url)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = reading_options(url)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    login = LoginManager()
    login.session_protection = None  # cookies in frames lose nothing but the guess by address and browser
    login.init_app(
        app, add_context_processor=False
    )  # templates get what they need by name, not the whole login
    login.user_loader(lambda key: _visitor(key, of_key(key)))
    login.request_loader(lambda request: _visitor("", of_request(request)))


def _visitor(key: str, value: object | None) -> Visitor | None:
    return None if value is None else Visitor(key, value)


def session() -> Session:
    """The database session of this request or command."""
    return cast("Session", db.session())


def visitor() -> Any:
    """Whoever is behind this request, as their finder described them; ``None`` for nobody."""
    if g.get("visitor_unasked"):
        return None
    return current_user.value if current_user.is_authenticated else None


def leave_visitor_unasked() -> None:
    """Let nothing in the rest of this request ask who is behind it: finding out may be what failed."""
    g.visitor_unasked = True


def sign_in(key: str, value: object) -> None:
    """Remember in the cookie that ``key`` signed in by form."""
    login_user(Visitor(key, value))


def sign_out() -> None:
    """Forget who signed in by form."""
    logout_user()
