"""What a test may do to the requests of a platform."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.hostile_lms import faults
from tests.fakes.hostile_lms.faults import SELF, Act, Fault, Gate, Seen


class Harm:
    """The part of a platform that goes wrong when it is told to.

    Every fault takes ``times`` (how often; for ever by default), ``every`` (each n-th request) and ``when`` (which).
    """

    gate: Gate

    def fail(
        self, service: str, status: int, *, retry_after: str = "", says: str = "No.", **hits: Any
    ) -> Fault:
        """Answer with an error."""
        return self._add(service, faults.failing(status, retry_after, says), **hits)

    def slow(self, service: str, seconds: float, **hits: Any) -> Fault:
        """Answer later."""
        return self._add(service, faults.slow(seconds), **hits)

    def answer(
        self,
        service: str,
        body: bytes,
        content_type: str = "application/json",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **hits: Any,
    ) -> Fault:
        """Answer something else."""
        return self._add(service, faults.saying(body, content_type, status, headers or {}), **hits)

    def answer_html(self, service: str, **hits: Any) -> Fault:
        """Answer with a login page."""
        page = b"<!doctype html><html><title>Sign in</title></html>"
        return self.answer(service, page, "text/html; charset=utf-8", **hits)

    def drop(self, service: str, *, before: bool = False, **hits: Any) -> Fault:
        """Break the connection, after having done what was asked or before."""
        return self._add(service, faults.broken(before=before), **hits)

    def link_next(self, service: str, url: str, **hits: Any) -> Fault:
        """Name another next page."""
        return self._add(
            service,
            faults.relinked(lambda asked, _: f'<{asked if url == SELF else url}>; rel="next"'),
            **hits,
        )

    def lower_links(self, service: str, **hits: Any) -> Fault:
        """Link pages as a reader that ignores case would see them."""
        return self._add(service, faults.relinked(lambda _, header: header.lower()), **hits)

    def end_faults(self) -> None:
        """Behave again."""
        for fault in self.gate.faults:
            fault.end()

    @property
    def seen(self) -> list[Seen]:
        """Every request, in the order in which they were answered."""
        return self.gate.seen

    def asked(self, service: str) -> list[Seen]:
        """The requests of one service."""
        return [one for one in self.gate.seen if one.service == service]

    def _add(
        self,
        service: str,
        act: Act,
        *,
        times: int | None = None,
        every: int = 1,
        when: Callable[[Any], bool] = lambda _request: True,
    ) -> Fault:
        fault = Fault(service, act, times, every, when)
        self.gate.faults.append(fault)
        return fault
