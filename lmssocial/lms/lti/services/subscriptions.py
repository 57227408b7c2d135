"""Asking a platform to send us notices (Platform Notification Service 1.0 §3)."""

from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.scopes import NOTICE_HANDLERS


def subscribe(caller: Caller, endpoint: Endpoint, service_url: str, kind: str, handler_url: str) -> None:
    """Have notices of ``kind`` sent to ``handler_url``; an empty one ends it. Doing it again changes nothing.

    :param service_url: from the claim of a launch, which belongs to one deployment.
    :param kind: ``LtiContextCopyNotice`` …
    :raises ServiceTrouble: if the platform does not take it.
    """
    caller.put(endpoint, [NOTICE_HANDLERS], service_url, {"notice_type": kind, "handler": handler_url})
