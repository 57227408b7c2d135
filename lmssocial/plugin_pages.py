"""What the pages of a plugin may import beside :mod:`lmssocial.plugin`.

It stands apart because only the web process needs it: a policy that is asked in a process of its own does not carry it
along. A plugin with pages names a Flask blueprint in its manifest::

    manifest = Manifest(name="tally", title="Tally", summary="…", pages="lmssocial_tally.routes:bp")

and in ``lmssocial_tally/routes.py``::

    from flask import Blueprint, render_template
    from lmssocial.plugin_pages import current_actor, current_session

    bp = Blueprint("tally", __name__, template_folder="templates")

    @bp.get("/")
    def tally(placement_id: int) -> str:
        rows = rows_of(current_session(), current_actor().community_id)
        return render_template("lmssocial_tally/tally.html", rows=rows)

It is mounted at ``/w/<placement_id>/x/tally``, for people of the community only, and only where the plugin is on;
anywhere else the address does not exist. The view at ``/`` gets an entry in the bar, with the manifest's title. Every
view takes ``placement_id``. Links are relative: ``url_for(".tally", placement_id=placement_id)``. Templates extend
``layout.html``, find ``here`` (with ``ground_rules`` and ``tier``), ``viewer`` and ``community`` in their context, and
stand in a folder with the plugin's name, because all templates share one space of names. Pages read: what a plugin
stores, it stores when it is told of an event.
"""

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.plugin_pages import current_actor, current_session, plugin_title

__all__ = ["Actor", "current_actor", "current_session", "plugin_title"]
