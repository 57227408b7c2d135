"""A link in an e-mail leads to its page as soon as somebody is signed in, and to no other."""

from lmssocial.lms.lti import claims
from tests.front.launch.conftest import House

WHERE = {claims.CUSTOM: {"widget": "discussion"}}
TAB = {"Sec-Fetch-Dest": "document"}


def test_the_next_launch_in_the_same_browser_leads_to_the_page_that_was_wanted_once(house: House) -> None:
    home = house.platform.launch(house.browser(), **WHERE).location
    browser = house.browser()

    refused = browser.get(f"{home}threads/new?kind=question", headers=TAB)
    assert refused.status_code == 401
    assert "you find there what it told you of" in refused.text

    assert house.platform.launch(browser, **WHERE).location.endswith("/threads/new?kind=question")
    assert house.platform.launch(browser, **WHERE).location == home


def test_what_a_frame_or_a_script_wanted_is_not_kept(house: House) -> None:
    home = house.platform.launch(house.browser(), **WHERE).location
    browser = house.browser()
    for headers in ({"Sec-Fetch-Dest": "iframe"}, {"Sec-Fetch-Dest": "empty"}, {}):
        browser.get(f"{home}threads/new", headers=headers)
    browser.post(f"{home}threads/new", headers=TAB)
    assert house.platform.launch(browser, **WHERE).location == home
