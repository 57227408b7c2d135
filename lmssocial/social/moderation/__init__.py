"""Moderation: policies give verdicts, the strictest wins, a person decides about what is held.

This room knows no widget. A widget hands in submissions to be screened, opens a case for what is held, and implements
:class:`~lmssocial.social.moderation.ports.Moderated` so that a decision reaches its content.
"""
