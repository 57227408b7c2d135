"""The generated pages say what the code says."""

import pytest

from scripts.docs import DOCS, PAGES, hooks


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run: make docs"


def test_every_hook_says_when_it_is_called_what_it_returns_and_what_a_failure_means() -> None:
    for name, hook in hooks():
        text = hook.__doc__ or ""
        for part in ("Called ", "Returns ", "If it raises", ".. versionadded:: "):
            assert part in text, f"{name} does not say: {part}"
