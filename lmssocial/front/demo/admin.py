"""The local administrator of the demo's tool, made with the product's own command line."""

import secrets

from lmssocial.front.demo.commands import Commands

LOGIN = "iris"
"""Named after Iris Vogel, who runs the demo LMS; the two accounts know nothing of each other."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike in a terminal."""


def password_for(commands: Commands, *, renew: bool) -> str | None:
    """Make the account if there is none, or anew; its password, or None if it stays as it is.

    The tool keeps the password as a hash only, so it can be shown at this moment and never again.

    :param renew: whether an account that is there gets a new password.
    :raises CommandFailed: if the command line refuses.
    """
    there = any(line.startswith(f"{LOGIN} ") for line in commands.run("admins", "list").splitlines())
    if there and not renew:
        return None
    if there:
        commands.run("admins", "remove", LOGIN, "--yes")
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    commands.run("admins", "add", LOGIN, "--name", "Iris Vogel", "--password-stdin", typed=f"{password}\n")
    return password
