"""Open edX's LTI 1.3 platform as a web site of its own: the package ``lti-consumer-xblock`` outside Open edX.

Runs in the environment that ``tests/platforms/openedx.lock`` describes, never in ours:

    python openedx_site.py PORT TOOL_ORIGIN FOLDER

It prints one line of JSON, its registration, once it listens. Beside the protocol's own addresses (``/api/…``) it has
``POST /control/launches`` (fields of ``Lti1p3LaunchData``; answers the address where a launch begins),
``GET /control/content-items`` (what deep linking stored) and ``GET /control/grades`` (what its own gradebook was told).

The package expects an LMS around it. The few questions it asks that LMS are answered in :func:`stand_in_for_the_lms`;
everything of the protocol, from the login to the signature on a deep link, is the package's own.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import django
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

LINK = "block-v1:Org+Course+Run+type@lti_consumer+block@discussion"
"""The place in the course that is connected to the tool."""

COURSE = {
    "context_id": "course-v1:Org+Course+Run",
    "context_type": ["course_offering"],
    "context_title": "Soil and Water",
    "context_label": "SW1",
}

MEMBERS = {
    1: {"id": 1, "username": "teacher", "name": "Teacher", "roles": ["instructor"]},
    2: {"id": 2, "username": "ada", "name": "Ada", "roles": ["student"]},
    3: {"id": 3, "username": "ben", "name": "Ben", "roles": ["student"]},
    4: {"id": 4, "username": "cleo", "name": "Cleo Absent", "roles": ["student"]},
}
MEMBERS |= {
    number: {"id": number, "username": f"crowd-{number}", "name": f"Zoe {number}", "roles": ["student"]}
    for number in range(5, 151)
}
"""Who is in the course, more than fit on one page of a roster; Cleo and the Zoes never open anything."""

published: list[dict[str, object]] = []
"""What the gradebook of Open edX was told."""


class AsTeacher:
    """Middleware: whoever comes from a browser is a teacher; the package asks only when it stores a deep link."""

    def __init__(self, get_response) -> None:
        """Wrap the site."""
        self._get_response = get_response

    def __call__(self, request):
        """Answer as the site does for a teacher."""
        request.user = SimpleNamespace(id=2, username="teacher", is_authenticated=True, is_staff=True)
        return self._get_response(request)


class QuietHandler(WSGIRequestHandler):
    """No line for every request."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def configure(port: int, folder: Path) -> None:
    """Set Django up with the package and nothing else."""
    settings.configure(
        SECRET_KEY="for tests only",
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "rest_framework",
            "lti_consumer.apps.LTIConsumerApp",
        ],
        MIDDLEWARE=["__main__.AsTeacher"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "openedx.sqlite3")}
        },
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        ROOT_URLCONF="__main__",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        LOGGING_CONFIG=None,
        # What Open edX itself sets and the package reads:
        USAGE_ID_PATTERN=r"(?P<usage_id>[^/]+)",
        LMS_ROOT_URL=f"http://127.0.0.1:{port}",
        LMS_BASE=f"127.0.0.1:{port}",
        PLATFORM_NAME="Open edX",
        SERVICE_VARIANT="lms",
        FEATURES={},
        REST_FRAMEWORK={"PAGE_SIZE": 10},
    )
    django.setup()


class GradedBlock:
    """The place in the course, as far as the package asks about it."""

    display_name, has_score, weight, accept_grades_past_due = "Discussion", True, 1.0, True
    location, lti_1p3_passport_id = None, None
    scope_ids = SimpleNamespace(usage_id=LINK)

    def max_score(self) -> float:
        """The points of the place."""
        return self.weight

    def is_past_due(self) -> bool:
        """Nothing is."""
        return False

    def set_user_module_score(self, user, score, most, comment) -> None:
        """Where Open edX writes a grade into its gradebook; ``score`` is a share of 1."""
        published.append({"person": user, "score": score, "most": most, "comment": comment})


def stand_in_for_the_lms() -> None:
    """Answer what the package asks the LMS around it."""
    from lti_consumer.plugin import compat, views

    compat.load_enough_xblock = lambda _location: GradedBlock()
    compat.load_block_as_user = lambda _location: GradedBlock()
    compat.user_has_studio_write_access = lambda *_arguments: True
    compat.get_user_from_external_user_id = lambda sub: sub
    compat.get_course_members = lambda _course: {key: dict(member) for key, member in MEMBERS.items()}
    compat.merge_course_forum_roles = lambda _course, _members: None
    compat.batch_get_or_create_externalids = lambda _users: {
        key: SimpleNamespace(external_user_id=sub_of(member["username"])) for key, member in MEMBERS.items()
    }
    compat.nrps_pii_disallowed = lambda: False
    views.get_lti_pii_sharing_state_for_course = lambda _course: True


def sub_of(username: object) -> str:
    """What tools are told as somebody's lasting name."""
    return f"openedx-{username}"


def connect(tool: str):
    """The configuration that connects the place in the course to ``tool``, as a course author would enter it."""
    from lti_consumer.models import Lti1p3Passport, LtiConfiguration
    from opaque_keys.edx.keys import UsageKey

    call_command("migrate", verbosity=0, run_syncdb=True)
    return LtiConfiguration.objects.create(
        version=LtiConfiguration.LTI_1P3,
        config_store=LtiConfiguration.CONFIG_ON_DB,
        location=UsageKey.from_string(LINK),
        lti_1p3_oidc_url=f"{tool}/lti/login",
        lti_1p3_launch_url=f"{tool}/lti/launch",
        lti_1p3_redirect_uris=[f"{tool}/lti/launch"],
        lti_1p3_passport=Lti1p3Passport.objects.create(lti_1p3_tool_keyset_url=f"{tool}/lti/jwks.json"),
        lti_advantage_deep_linking_enabled=True,
        lti_advantage_deep_linking_launch_url=f"{tool}/lti/launch",
        lti_advantage_enable_nrps=True,
        lti_advantage_ags_mode=LtiConfiguration.LTI_ADVANTAGE_AGS_PROGRAMMATIC,
    )


def registration(configuration, port: int) -> dict[str, str]:
    """What an administrator of the tool types in to register this platform."""
    api = f"http://127.0.0.1:{port}/api/lti_consumer/v1"
    return {
        "issuer": f"http://127.0.0.1:{port}",
        "client_id": configuration.lti_1p3_client_id,
        "deployment_id": "1",
        "auth_login_url": f"{api}/launch/",
        "token_url": f"{api}/token/{configuration.passport_id}",
        "jwks_url": f"{api}/public_keysets/{configuration.passport_id}",
    }


def control(configuration) -> list[object]:
    """The addresses by which a test steers the platform."""
    from lti_consumer.data import Lti1p3LaunchData
    from lti_consumer.models import LtiAgsLineItem, LtiAgsScore, LtiDlContentItem

    @csrf_exempt
    def launches(request: HttpRequest) -> JsonResponse:
        usual = {"resource_link_id": LINK, "launch_presentation_document_target": "iframe", **COURSE}
        data = Lti1p3LaunchData(config_id=configuration.config_id, **{**usual, **json.loads(request.body)})
        return JsonResponse({"url": configuration.get_lti_consumer().prepare_preflight_url(data)})

    def content_items(_request: HttpRequest) -> JsonResponse:
        items = LtiDlContentItem.objects.order_by("id")
        found = [{"id": item.id, "type": item.content_type, **item.attributes} for item in items]
        return JsonResponse({"items": found})

    def grades(_request: HttpRequest) -> JsonResponse:
        scores = [
            {"person": score.user_id, "given": score.score_given, "maximum": score.score_maximum}
            for score in LtiAgsScore.objects.order_by("id")
        ]
        items = [
            {"label": item.label, "maximum": item.score_maximum} for item in LtiAgsLineItem.objects.all()
        ]
        return JsonResponse({"columns": items, "scores": scores, "published": published})

    return [
        path("control/launches", launches),
        path("control/content-items", content_items),
        path("control/grades", grades),
    ]


urlpatterns: list[object] = []


def main() -> None:
    """Serve until killed."""
    port, tool, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    configure(port, folder)
    stand_in_for_the_lms()
    configuration = connect(tool)
    urlpatterns.extend([path("api/", include("lti_consumer.plugin.urls")), *control(configuration)])
    server = ThreadedWSGIServer(("127.0.0.1", port), QuietHandler)
    server.set_app(get_wsgi_application())
    print(json.dumps(registration(configuration, port)), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
