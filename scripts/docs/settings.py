"""``settings.md``: every setting, from the fields of ``lmssocial.settings.Settings``."""

from dataclasses import fields

from lmssocial.settings import PREFIX, Settings
from scripts.docs.markdown import NOTE


def settings_page() -> str:
    """The whole page."""
    rows = [
        f"| `{PREFIX}{setting.name.upper()}` | {setting.metadata['help']} | {setting.metadata['show']} |"
        for setting in fields(Settings)
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            NOTE + "<!-- Source: lmssocial/settings.py -->",
            "",
            f"Settings are environment variables. An unknown name that begins with `{PREFIX}` is an error, so that",
            "a misspelt one is noticed; every mistake is reported at once.",
            "",
            "| setting | meaning | default |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )
