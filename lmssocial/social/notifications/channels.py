"""The channels there are: e-mail, and those of plugins."""

from typing import Any

from flask_babel import lazy_gettext as _l

from lmssocial.core.hooks import (
    Channel,
    ChannelMessage,
    Manifest,
    PluginHost,
    TryLater,
    Undeliverable,
    hookimpl,
)
from lmssocial.core.hooks.channels import NAME
from lmssocial.core.mail import Letter, Mailer, MailLater, MailRefused

EMAIL = "email"


class Email:
    """E-mail as a plugin offers a channel; it is built in because it needs the installation's mailer."""

    manifest = Manifest(
        name=EMAIL, title="E-mail", summary="Reaches people at the address that the LMS gave."
    )

    def __init__(self, mailer: Mailer) -> None:
        """:param mailer: where letters go."""
        self._mailer = mailer

    @hookimpl
    def lmssocial_register_channels(self) -> list[Channel]:
        """The one channel."""
        return [Channel(name=EMAIL, title=_l("E-mail"), send=self.send)]

    def send(self, message: ChannelMessage) -> None:
        """Make a letter of ``message`` and send it.

        :raises Undeliverable: if it is refused for good.
        :raises TryLater: if it is not taken now.
        :raises MailDown: if nothing is.
        """
        letter = Letter(
            key=message.key,
            to=message.address,
            title=message.title,
            text=message.text,
            html=message.html,
            unsubscribe=message.unsubscribe,
            language=message.locale.replace("_", "-"),
            calendar=message.calendar,
        )
        try:
            self._mailer.send(letter)
        except MailRefused as error:
            raise Undeliverable(str(error)) from error
        except MailLater as error:
            raise TryLater(str(error)) from error


def channels_of(host: PluginHost, mailer: Mailer) -> dict[str, Channel]:
    """All channels by name: e-mail, and what plugins offer. A plugin whose channels cannot be used is dropped."""
    found = {channel.name: channel for channel in Email(mailer).lmssocial_register_channels()}
    for answer in list(host.collect("lmssocial_register_channels")):
        if answer.error is not None:
            host.drop(answer.plugin, f"lmssocial_register_channels raised: {answer.error}", answer.error)
        elif problem := _problem(answer.value, found):
            host.drop(answer.plugin, problem)
        else:
            found.update({channel.name: channel for channel in answer.value})
    return found


def _problem(offered: Any, taken: dict[str, Channel]) -> str:
    """Why a plugin's channels cannot be used; empty if they can."""
    names: list[str] = []
    for channel in offered:
        if not isinstance(channel, Channel):
            return f"lmssocial_register_channels offered {channel!r}, which is no Channel."
        if not NAME.fullmatch(channel.name):
            return f"A channel cannot be called {channel.name!r}: use small letters, digits and hyphens."
        if channel.name in taken or channel.name in names:
            return f"There is already a channel called {channel.name}."
        names.append(channel.name)
    return ""
