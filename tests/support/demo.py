"""A running demo, and being somebody in its course."""

import os
import re
import subprocess
import time
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Page, expect

from lmssocial.front.demo.house import House
from tests.support.servers import CLI, ROOT, Server


@dataclass
class Demo:
    """A running demo."""

    house: House
    server: Server
    password: str = ""
    """Of the administrator, printed when the account was made."""

    @property
    def course(self) -> str:
        """Where the course is."""
        return self.house.lms_url

    def start(self, *options: str) -> "Demo":
        """Start it, and wait for what it prints when it is ready."""
        self.server = command(self.house, *options)
        self.server.start(lambda: "Ctrl-C stops both" in self.server.output(), within=240)
        if shown := re.search(r"password: (\S+)", self.server.output()):
            self.password = shown[1]
        return self

    def run(self, *arguments: str) -> str:
        """Run ``lmssocial …`` on the demo's installation; answers what it printed."""
        environment = self.house.environment(os.environ)
        done = subprocess.run(
            [*CLI, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout


def command(house: House, *options: str) -> Server:
    """``lmssocial demo`` on the ports and in the folder of ``house``, with a log of its own for each start."""
    log = house.data_dir.parent / f"demo-{time.monotonic_ns()}.log"
    ports = ["--port", str(house.port), "--lms-port", str(house.lms_port)]
    return Server(
        [*CLI, "demo", "--quick", *ports, "--data-dir", str(house.data_dir), *options], env={}, log=log
    )


def opened(page: Page, *, last: bool = False) -> FrameLocator:
    """The activity on the page, scrolled to; a frame that is out of sight draws nothing."""
    frames, inside = page.locator("iframe.frame"), page.frame_locator("iframe.frame")
    (frames.last if last else frames.first).scroll_into_view_if_needed()
    return inside.last if last else inside.first


def be_another(page: Page, demo: Demo, name: str) -> FrameLocator:
    """Choose somebody by their own button, or from the list."""
    page.goto(demo.course)
    own = page.get_by_role("button", name=f"Be {name}")
    if own.count():
        own.click()
    else:
        page.get_by_label("Or be somebody else in the course").select_option(label=name)
        page.get_by_role("button", name="Be this person").click()
    expect(page.get_by_text(f"You are {name}")).to_be_visible()
    return opened(page)
