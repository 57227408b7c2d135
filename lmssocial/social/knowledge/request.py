"""Knowledge in a request: the widgets that take part in it, and what stands beside a post."""

from flask import current_app
from markupsafe import Markup

from lmssocial.social.knowledge.ports import Known, ports_of
from lmssocial.social.knowledge.queries import Note
from lmssocial.web.program import program


def ports() -> list[Known]:
    """Every widget's side of knowledge."""
    return ports_of(program().widgets.values())


def source_of(note: Note) -> str:
    """What the widget is called that an item came from; empty if it is not installed any more."""
    widget = program().widgets.get(note.kind.partition(".")[0])
    return "" if widget is None else str(widget.title)


def note_html(note: Note, placement_id: int) -> Markup:
    """What stands beside an item, for whoever reads it at a placement."""
    # not render_template(): that would ask for everything that whole pages show
    template = current_app.jinja_env.get_template("knowledge/_note.html")
    shown = template.render(note=note, source=source_of(note), placement_id=placement_id)
    return Markup(shown)  # noqa: S704 – the template escapes
