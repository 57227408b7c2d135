"""A small site that shows every component, made of the product's own layouts, macros and assets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, g, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.serving import make_server
from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from lmssocial import paths
from lmssocial.social.content.markdown import cook
from lmssocial.web import assets, forms, i18n, marks, security

PAGES = Path(__file__).parent / "pages"

MARKDOWN = """\
Three things, in the order in which they helped, with [the article](https://example.org) behind them:

1. Ask for **priorities**, not limits.
2. Offer packages, and `compare()` them.

- [x] Know our own limit
- [ ] Guess theirs

> The package they defend tells you what they cannot lose.

| Package | Price | Terms of payment, delivery and everything else |
|---------|------:|------------------------------------------------|
| A       |   100 | 30 days                                        |
| B       |    96 | 10 days                                        |

```python
def zone(ours: float, theirs: float) -> float:
    "What there is to share between the two limits, and nothing more than that, in thousands of euros."
    return theirs - ours * 1.05  # five per cent of reserve
```

$$z=\\sum_{i=1}^n \\frac{p_i}{2} + \\sqrt{x_1 + x_2 + x_3}$$

Silence helped most.[^1]

[^1]: Ten seconds are long.
"""

THREADS = [
    ("Ana Ruiz", "How do you find the other side's walk-away point without asking for it?", 14, 3, "Pinned"),
    ("Tom Berg", "Ground rules, and what to do when you are stuck", 2, 0, "Locked"),
    ("Priya Nair", "Two packages, one limit: a worked case from procurement with numbers", 9, 1, ""),
    ("Ben", "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikantenverhandlungen", 0, 12, ""),
    ("سارة يوسف", "كيف تتعرف على الحد الأدنى للطرف الآخر دون أن تسأل عنه؟", 4, 0, ""),
]


KINDS: Any = ["Question", "Idea"]
RELEASES: Any = ["Now", "On Monday"]


class LookForm(Form):
    """One field of each kind."""

    csrf_token = HiddenField(default="token")
    title = StringField("Title", [DataRequired("Write a title.")])
    kind = SelectField("Kind", choices=KINDS, validators=[DataRequired()])
    intro = TextAreaField("Introduction", [Length(max=10, message="Use at most 10 characters.")])
    notify = BooleanField("Tell me about replies", description="One notice a day, never more.")
    when = RadioField("Release", choices=RELEASES, validators=[DataRequired("Choose one.")])


class ReplyForm(Form):
    """What a composer hands in."""

    csrf_token = HiddenField(default="token")
    body = TextAreaField("Reply", [DataRequired("Write something first.")])


def moments() -> list[datetime]:
    """A few times, from minutes to months ago."""
    now = datetime.now(UTC)
    return [
        now - timedelta(**ago)
        for ago in ({"minutes": 4}, {"hours": 3}, {"days": 2}, {"days": 9}, {"days": 400})
    ]


def make_site() -> Flask:
    """The site; ``/look?locale=ar`` is one of its pages."""
    app = Flask("look", template_folder=None, static_folder=None)
    app.secret_key = "look"
    app.jinja_loader = ChoiceLoader(  # type: ignore[assignment,unused-ignore]
        [FileSystemLoader(PAGES), FileSystemLoader(paths.resource("templates"))]
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    assets.init_app(app)
    marks.init_app(app)
    i18n.init_app(app)
    forms.init_app(app)
    security.init_app(app, secure=False)
    app.add_url_rule("/w/<int:placement_id>/own-tab", "handover.handover_create")

    @app.before_request
    def language() -> None:
        g.locale = request.args.get("locale", "en")
        security.frame_by(f"http://127.0.0.1:{request.environ['SERVER_PORT']}")

    @app.context_processor
    def surroundings() -> dict[str, object]:
        items = ["Home", "Discussion", "Library", "Experts", "Report"]
        return {
            "viewer": SimpleNamespace(user_id=7, name="Ana Ruiz", lead_role="learner"),
            "community": SimpleNamespace(title="Negotiation Skills"),
            "nav": [SimpleNamespace(label=label, href="#", current=label == "Discussion") for label in items],
            "admin_nav": [
                SimpleNamespace(label=label, href="#", current=label == "Platforms")
                for label in (
                    "Overview",
                    "Tenants",
                    "Platforms",
                    "Invitations",
                    "Plugins",
                    "Health",
                    "Account",
                )
            ],
            "here": SimpleNamespace(placement_id=7),
        }

    @app.get("/look")
    def look() -> str:
        form = LookForm(intro="Far too long for ten characters", notify="y", kind="Idea")
        form.validate()
        threads = [
            SimpleNamespace(
                author=author, title=title, replies=replies, unread=unread,
                tags=[(tag, {"Pinned": "pin", "Locked": "lock"}[tag])] if tag else [],
            )
            for author, title, replies, unread, tag in THREADS
        ]  # fmt: skip
        reply = ReplyForm(data={"body": "Yes please. Their buyer is on 0612 345 678 if you"})
        return render_template(
            "look.html", form=form, reply=reply, threads=threads, moments=moments(), prose=cook(MARKDOWN)
        )

    @app.get("/admin")
    def admin() -> str:
        return render_template("admin.html")

    @app.get("/plain")
    def plain() -> str:
        return render_template("plain.html")

    @app.get("/error/<int:status>")
    def error(status: int) -> tuple[str, int]:
        kept = "Two packages that cost the same." if status == 401 else ""
        return render_template(
            f"errors/{status}.html", status=status, reference="6a8f0b31", kept_text=kept
        ), 200

    @app.get("/frame")
    def frame() -> Response:
        """Another site, with the page in a frame."""
        address = f"http://tool.localhost:{request.environ['SERVER_PORT']}{request.args['src']}"
        page = f"<!doctype html><title>LMS</title><iframe width='700' src='{address}'></iframe>"
        return Response(page, headers={"Content-Security-Policy": "frame-src *; script-src 'unsafe-eval'"})

    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The site on a port of its own; the value is its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
