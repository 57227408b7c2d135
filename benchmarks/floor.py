"""The floor: the same pages written by hand in the fewest lines that work. One query, one template, nothing else.

No sign-in, no permissions, no moderation, no translation, no drafts, no unread marks: what our pages cost beyond
these is what the product is worth, and the benchmark watches that it does not grow.
"""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask, Response, make_response, redirect, render_template, request
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    select,
)

from lmssocial.core.db import make_engine

ADDRESS = "FLOOR_DATABASE_URL"

tables = MetaData()
author = Table(
    "author", tables,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
)  # fmt: skip
thread = Table(
    "thread", tables,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("author_id", ForeignKey("author.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("last_post_at", DateTime, nullable=False, index=True),
    Column("replies", Integer, nullable=False),
)  # fmt: skip
post = Table(
    "post", tables,
    Column("id", Integer, primary_key=True),
    Column("thread_id", ForeignKey("thread.id"), nullable=False, index=True),
    Column("author_id", ForeignKey("author.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
)  # fmt: skip
launch = Table(
    "launch", tables,
    Column("id", Integer, primary_key=True),
    Column("sub", String(255), nullable=False),
    Column("at", DateTime, nullable=False),
)  # fmt: skip


def make_app() -> Flask:
    """The application of one worker process."""
    app = Flask(__name__, template_folder=str(Path(__file__).parent / "templates"))
    engine = make_engine(os.environ[ADDRESS])

    @app.get("/bytes/<int:size>")
    def some_bytes(size: int) -> bytes:
        return b"x" * size

    @app.get("/memory")
    def memory() -> Response:
        answer = make_response("")
        answer.set_etag("1")
        answer.make_conditional(request)
        return answer

    @app.get("/threads/<int:thread_id>")
    def thread_page(thread_id: int) -> str:
        with engine.connect() as connection:
            rows = connection.execute(
                select(post.c.id, post.c.html, post.c.created_at, author.c.name, thread.c.title)
                .join(author, author.c.id == post.c.author_id)
                .join(thread, thread.c.id == post.c.thread_id)
                .where(post.c.thread_id == thread_id)
                .order_by(post.c.id)
                .limit(50)
            ).all()
        return render_template("thread.html", title=rows[0].title, thread_id=thread_id, posts=rows)

    @app.get("/threads/<int:thread_id>/conditional")
    def thread_page_again(thread_id: int) -> Response:
        with engine.connect() as connection:
            newest, count = connection.execute(
                select(func.max(post.c.id), func.count()).where(post.c.thread_id == thread_id)
            ).one()
        answer = make_response("")
        answer.set_etag(f"{newest}-{count}")
        answer.make_conditional(request)
        return answer

    @app.get("/threads")
    def thread_list() -> str:
        with engine.connect() as connection:
            rows = connection.execute(
                select(thread, author.c.name)
                .join(author, author.c.id == thread.c.author_id)
                .order_by(thread.c.last_post_at.desc())
                .limit(20)
            ).all()
        return render_template("threads.html", threads=rows)

    @app.get("/search")
    def search() -> str:
        words = request.args["q"]
        with engine.connect() as connection:
            rows = connection.execute(
                select(
                    post.c.id, post.c.body, post.c.created_at, post.c.thread_id, author.c.name, thread.c.title
                )
                .join(author, author.c.id == post.c.author_id)
                .join(thread, thread.c.id == post.c.thread_id)
                .where(post.c.body.ilike(f"%{words}%"))
                .order_by(post.c.id.desc())
                .limit(20)
            ).all()
        return render_template("found.html", words=words, posts=rows)

    @app.post("/threads/<int:thread_id>")
    def reply(thread_id: int) -> Response:
        body = request.form["body"]
        row = {"thread_id": thread_id, "author_id": 1, "body": body, "html": body, "created_at": _now()}
        with engine.begin() as connection:
            connection.execute(insert(post).values(row))
        return make_response(redirect(f"/threads/{thread_id}", 303))

    public, signed, signature = _signed()

    @app.post("/launches")
    def launch_page() -> Response:
        public.verify(signature, signed, PKCS1v15(), SHA256())
        with engine.begin() as connection:
            connection.execute(insert(launch).values(sub="person-7", at=_now()))
        return make_response(redirect("/threads", 303))

    return app


def _signed() -> tuple[rsa.RSAPublicKey, bytes, bytes]:
    """A key, a text as long as a token, and its signature."""
    key, text = rsa.generate_private_key(public_exponent=65537, key_size=2048), b"x" * 1200
    return key.public_key(), text, key.sign(text, PKCS1v15(), SHA256())


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def main() -> None:
    """Serve, with the options that ``lmssocial serve`` gives its own server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    given = parser.parse_args()
    Server(
        "benchmarks.floor:make_app",
        address="127.0.0.1",
        port=given.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=given.workers,
        blocking_threads=2,
        log_access=False,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()
