"""Tenancy and people: tenant → registration → deployment → course → resource link, users, memberships, sessions.

Everything an LMS tells us about who is where ends up in this room as rows; :class:`Actor` is what the domain sees.
"""
