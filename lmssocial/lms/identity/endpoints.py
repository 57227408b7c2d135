"""Registrations as the services of a platform are called under them."""

from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import Registration
from lmssocial.lms.lti.profiles import profile_of
from lmssocial.lms.lti.services.calling import Endpoint


def endpoint_of(session: Session, registration_id: int) -> Endpoint:
    """How to get a token of this platform, and how to speak with it; good after the session is closed.

    :raises NotFound: if there is no such registration, or it is switched off.
    """
    registration = session.get(Registration, registration_id)
    if registration is None or not registration.enabled:
        raise NotFound(_("This platform is not connected."), reason=f"registration {registration_id}")
    profile = profile_of(registration.family, registration.issuer)
    return Endpoint(
        registration_id=registration.id,
        client_id=registration.client_id,
        token_url=registration.token_url,
        token_audience=registration.token_audience or profile.token_audience,
        profile=profile,
    )
