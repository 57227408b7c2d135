"""The addresses of a discussion. Each view parses, calls one service or query, and answers."""

from lmssocial.widgets.discussion.routes import (
    attaching,
    follow_routes,
    list_routes,
    post_routes,
    private_routes,
    pulse_routes,
    question_routes,
    reading_routes,
    reorganising_routes,
    search_routes,
    settings_routes,
    thread_routes,
    writing_routes,
)
from lmssocial.widgets.discussion.routes.blueprint import bp

__all__ = [
    "attaching",
    "bp",
    "follow_routes",
    "list_routes",
    "post_routes",
    "private_routes",
    "pulse_routes",
    "question_routes",
    "reading_routes",
    "reorganising_routes",
    "search_routes",
    "settings_routes",
    "thread_routes",
    "writing_routes",
]
