"""Channels of plugins: registered like e-mail, and never at the cost of others."""

from types import SimpleNamespace
from typing import Any

import pytest

from lmssocial.core.hooks import (
    Channel,
    ChannelMessage,
    Manifest,
    PluginHost,
    TryLater,
    Undeliverable,
    hookimpl,
)
from lmssocial.core.mail import Letter, MailDown, MailLater, MailRefused
from lmssocial.social.notifications.channels import Email, channels_of

MESSAGE = ChannelMessage(
    key="email:now:1",
    tenant_id=1,
    user_id=2,
    address="ana@example.edu",
    title="News",
    text="Hello\n",
    html="<p>Hello</p>",
    unsubscribe="https://social.example.edu/mail/unsubscribe/x",
    locale="pt_BR",
)


class Post:
    """A mailer that keeps letters, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        """:param error: what it raises."""
        self.letters: list[Letter] = []
        self.error = error

    def send(self, letter: Letter) -> None:
        """Take a letter."""
        if self.error is not None:
            raise self.error
        self.letters.append(letter)

    def look(self) -> str:
        """It is well."""
        return ""


def offering(host: PluginHost, name: str, offered: Any) -> None:
    """Let a plugin of that name offer channels, or raise."""

    @hookimpl
    def lmssocial_register_channels() -> Any:
        if isinstance(offered, Exception):
            raise offered
        return offered

    manifest = Manifest(name=name, title=name, summary="A way to reach people.")
    module = SimpleNamespace(manifest=manifest, lmssocial_register_channels=lmssocial_register_channels)
    host.register(module, name)
    assert name in host.manifests


def channel(name: str) -> Channel:
    return Channel(name=name, title=name, send=lambda _message: None)


def test_email_is_there_and_plugins_add_to_it() -> None:
    host = PluginHost()
    offering(host, "chat", [channel("chat"), channel("pager-2")])
    assert list(channels_of(host, Post())) == ["email", "chat", "pager-2"]
    assert not host.broken


@pytest.mark.parametrize(
    ("offered", "why"),
    [
        (RuntimeError("no network"), "raised: no network"),
        ([channel("email")], "already a channel called email"),
        ([channel("twice"), channel("twice")], "already a channel called twice"),
        ([channel("Not A Name")], "cannot be called"),
        ([channel("x" * 33)], "cannot be called"),
        (["chat"], "which is no Channel"),
    ],
)
def test_a_plugin_whose_channels_cannot_be_used_is_dropped_and_others_stay(offered: Any, why: str) -> None:
    host = PluginHost()
    offering(host, "chat", [channel("chat")])
    offering(host, "wrong", offered)

    assert list(channels_of(host, Post())) == ["email", "chat"]

    assert why in host.broken["wrong"].reason
    assert "chat" in host.manifests


def test_email_is_itself_a_plugin_by_the_rules() -> None:
    host = PluginHost()
    host.register(Email(Post()), "email", builtin=True)
    assert host.hooks_of("email") == ["lmssocial_register_channels"]


def test_email_makes_a_letter_of_a_message() -> None:
    post = Post()
    Email(post).send(MESSAGE)
    [letter] = post.letters
    assert (letter.to, letter.title, letter.key) == ("ana@example.edu", "News", "email:now:1")
    assert (letter.unsubscribe, letter.language) == (MESSAGE.unsubscribe, "pt-BR")


@pytest.mark.parametrize(
    ("error", "becomes"),
    [(MailRefused("550"), Undeliverable), (MailLater("450"), TryLater), (MailDown("421"), MailDown)],
)
def test_email_says_what_a_failure_means(error: Exception, becomes: type[Exception]) -> None:
    with pytest.raises(becomes, match=str(error)):
        Email(Post(error)).send(MESSAGE)
