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
stand in a folder with the plugin's name, because all templates share one space of names.

Reading needs nothing else. A view that changes something is reached by POST, checks a
:class:`~lmssocial.plugin.SafeForm`, opens one :func:`unit_of_work` and answers with a redirect (303)::

    with unit_of_work(current_session()) as session:
        session.add(Note(community_id=current_actor().community_id, words=form.words.data))

Whatever derives from :class:`~lmssocial.plugin.Problem` is answered with its status and shown in its words.

A file to be kept is answered with :func:`download`, which writes it part by part with a session of its own, or with
:func:`whole_download`. What people wrote goes into cells of spreadsheets through :func:`plain_cell`, so that no program
takes it for a formula.
"""

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.spreadsheets import harmless as plain_cell
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.plugin_pages import (
    current_actor,
    current_session,
    current_settings,
    plugin_title,
)
from lmssocial.web.downloads import download, whole_download

__all__ = [
    "Actor",
    "current_actor",
    "current_session",
    "current_settings",
    "download",
    "plain_cell",
    "plugin_title",
    "unit_of_work",
    "whole_download",
]
