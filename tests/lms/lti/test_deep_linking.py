"""The answer to a deep-linking request, read as an LMS reads it."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from lmssocial.core.kernel import clock
from lmssocial.lms.lti.deep_linking import (
    Asker,
    ItemsRefused,
    LineItem,
    LinkItem,
    Said,
    accepts_links,
    answer,
    content_items,
)
from lmssocial.lms.lti.launch import DeepLinkingSettings

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ASKER = Asker(issuer="https://moodle.example.edu", client_id="DN4ZcEItehWiFsG", deployment_id="1")
ITEM = LinkItem(
    title="Case clinic",
    url="https://social.example.edu/lti/launch",
    text="Bring a case.\nRead two.",
    custom={"Placement": "3f2b", "widget": "discussion", "note": "one\nline"},
)


def settings(**changes: Any) -> DeepLinkingSettings:
    """What Moodle sends, with changes."""
    sent: dict[str, Any] = {
        "return_url": "https://moodle.example.edu/mod/lti/contentitem_return.php?course=2&id=1",
        "accept_types": frozenset({"ltiResourceLink"}),
        "accept_document_targets": frozenset({"frame", "iframe", "window"}),
        "accept_multiple": True,
        "accept_line_item": False,
        "auto_create": False,
        "data": None,
    }
    return DeepLinkingSettings(**(sent | changes))


def sign(claims: Mapping[str, Any]) -> str:
    """A token of ``claims``."""
    return jwt.encode(dict(claims), KEY, algorithm="RS256", headers={"kid": "k"})


def read(token: str) -> dict[str, Any]:
    """What an LMS finds in our answer after checking signature, audience and times."""
    return jwt.decode(
        token,
        KEY.public_key(),
        algorithms=["RS256"],
        audience="https://moodle.example.edu",
        options={"require": ["iss", "aud", "iat", "exp", "nonce"]},
    )


def test_an_lms_reads_the_answer_as_the_standard_says() -> None:
    claims = read(answer(ASKER, settings(data="opaque=1"), [ITEM], sign))
    assert claims["iss"] == "DN4ZcEItehWiFsG"
    assert claims[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert claims[LTI + "version"] == "1.3.0"
    assert claims[LTI + "deployment_id"] == "1"
    assert claims[DL + "data"] == "opaque=1"
    assert claims[DL + "content_items"] == [
        {
            "type": "ltiResourceLink",
            "title": "Case clinic",
            "text": "Bring a case.\nRead two.",
            "url": "https://social.example.edu/lti/launch",
            "custom": {"placement": "3f2b", "widget": "discussion", "note": "one line"},
            "iframe": {"width": 900, "height": 700},
        }
    ]


def test_data_is_echoed_only_if_it_was_given() -> None:
    assert DL + "data" not in read(answer(ASKER, settings(), [ITEM], sign))
    assert read(answer(ASKER, settings(data=""), [ITEM], sign))[DL + "data"] == ""


def test_the_answer_is_good_for_minutes_and_never_twice_the_same() -> None:
    first, second = (read(answer(ASKER, settings(), [ITEM], sign)) for _ in range(2))
    assert first["nonce"] != second["nonce"]
    assert abs(first["iat"] - time.time()) < 5
    assert first["exp"] - first["iat"] == 300
    with clock.at(clock.now() - timedelta(minutes=6)):
        old = answer(ASKER, settings(), [ITEM], sign)
    with pytest.raises(jwt.ExpiredSignatureError):
        read(old)


def test_nothing_chosen_is_an_answer_without_items() -> None:
    claims = read(answer(ASKER, settings(), [], sign, Said(message="Nothing was added.", log="cancelled")))
    assert claims[DL + "content_items"] == []
    assert (claims[DL + "msg"], claims[DL + "log"]) == ("Nothing was added.", "cancelled")
    assert not {DL + "errormsg", DL + "errorlog"} & claims.keys()


def test_trouble_is_told_to_the_person_and_to_the_log() -> None:
    claims = read(answer(ASKER, settings(), [], sign, Said(error="It did not work.", error_log="ref 7: why")))
    assert (claims[DL + "errormsg"], claims[DL + "errorlog"]) == ("It did not work.", "ref 7: why")
    assert not {DL + "msg", DL + "log"} & claims.keys()


GRADED = replace(
    ITEM,
    icon_url="https://social.example.edu/lti/icon.svg",
    line_item=LineItem(label="Case clinic", maximum=12.5, resource_id="3f2b", tag="lmssocial", reviewed=True),
    due_at=datetime(2026, 11, 30, 23, 59, 59, 999, tzinfo=timezone(timedelta(hours=2))),
)


def test_a_graded_item_brings_its_column_and_its_date() -> None:
    (item,) = content_items(settings(accept_line_item=True), [GRADED])
    assert item["lineItem"] == {
        "label": "Case clinic",
        "scoreMaximum": 12.5,
        "resourceId": "3f2b",
        "tag": "lmssocial",
        "submissionReview": {
            "reviewableStatus": ["InProgress", "Submitted", "Completed"],
            "url": "https://social.example.edu/lti/launch",
            "custom": {"placement": "3f2b", "widget": "discussion", "note": "one line"},
        },
    }
    assert item["submission"] == {"endDateTime": "2026-11-30T21:59:59Z"}
    assert item["icon"]["url"] == "https://social.example.edu/lti/icon.svg"
    plain = replace(GRADED, line_item=LineItem(label="x", maximum=1, resource_id="y"), due_at=None)
    (item,) = content_items(settings(accept_line_item=True), [plain])
    assert item["lineItem"] == {"label": "x", "scoreMaximum": 1, "resourceId": "y"}
    assert "submission" not in item


def test_an_lms_that_takes_no_columns_gets_none() -> None:
    (item,) = content_items(settings(accept_line_item=False), [GRADED])
    assert "lineItem" not in item


def test_several_items_go_only_to_an_lms_that_takes_several() -> None:
    assert len(content_items(settings(), [ITEM, ITEM])) == 2
    with pytest.raises(ItemsRefused, match="accept_multiple"):
        content_items(settings(accept_multiple=False), [ITEM, ITEM])
    assert len(content_items(settings(accept_multiple=False), [ITEM])) == 1


def test_an_lms_that_takes_no_links_gets_none() -> None:
    pictures = settings(accept_types=frozenset({"image", "html"}))
    assert not accepts_links(pictures)
    assert accepts_links(settings())
    with pytest.raises(ItemsRefused, match="accept_types"):
        content_items(pictures, [ITEM])
    assert content_items(pictures, []) == []


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ({"iframe", "window"}, {"iframe": {"width": 900, "height": 700}}),
        ({"window"}, {"window": {"targetName": "_blank", "width": 1200, "height": 900}}),
        ({"embed"}, {}),
        (set(), {}),
    ],
)
def test_the_item_asks_for_a_way_of_showing_it_that_the_lms_offers(
    targets: set[str], expected: dict[str, Any]
) -> None:
    (item,) = content_items(settings(accept_document_targets=frozenset(targets)), [ITEM])
    assert {name: item[name] for name in ("iframe", "window") if name in item} == expected
