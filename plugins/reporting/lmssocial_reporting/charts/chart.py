"""A chart as templates and reports take it."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture and everything it says, without the picture."""

    key: str
    """Unlike that of any other chart on the page: small letters, digits and hyphens."""
    title: str
    """A heading of a few words."""
    finding: str
    """One sentence: what one sees in it."""
    description: str
    """What is drawn, for people who hear the page."""
    svg: Markup
    """The picture: ``<svg role="img" aria-labelledby=…>`` with title and desc; shapes have classes and no colours."""
    header: tuple[str, ...]
    """The columns of the table."""
    rows: tuple[tuple[str, ...], ...]
    """The same numbers as words; the first of each row names it."""
    note: str = ""
    """What has to be known to read it."""


@dataclass(frozen=True, kw_only=True)
class Caption:
    """What whoever orders a chart says of it; the fields are those of :class:`Chart`."""

    key: str
    title: str
    finding: str
    description: str
    note: str = ""

    def chart(self, svg: Markup, *, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Chart:
        """The chart that says so."""
        return Chart(
            key=self.key,
            title=self.title,
            finding=self.finding,
            description=self.description,
            svg=svg,
            header=header,
            rows=rows,
            note=self.note,
        )
