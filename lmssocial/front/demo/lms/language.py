"""In which language the academy says that it shows itself: its own pages are English, the tool speaks more."""

from flask import request

from lmssocial.web.i18n import TRANSLATIONS, choose_locale, languages_in


def language_asked_for() -> str:
    """The browser's first wish that the tool speaks, such as ``de-AT`` (BCP 47); English where there is none.

    It goes into a launch, where it counts before what the browser says: whoever tries the demo sees their language.
    """
    wishes = list(request.accept_languages.values())
    return str(choose_locale(wishes, languages_in(TRANSLATIONS))).replace("_", "-")
