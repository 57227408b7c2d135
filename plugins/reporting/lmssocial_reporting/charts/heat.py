"""How much there is of something at which hour of which day: the larger the square, the more."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.drawing import across, down, line, picture, tag, text

_LEFT = 0.14
"""The room for the names of the rows."""
_ROW = 1.7


def heat(
    counts: Mapping[tuple[int, int], int],
    rows: Sequence[str],
    columns: Sequence[str],
    caption: Caption,
    *,
    every: int = 6,
) -> Chart:
    """A grid of squares; the area of each says how many.

    :param counts: by (row, column), from 0 on; what is not there is 0.
    :param rows: short names, such as those of the days of a week.
    :param columns: names, such as hours.
    :param every: of how many columns one is named in the picture.
    """
    largest = max(counts.values(), default=0) or 1
    foot = len(rows) * _ROW
    parts = [text(name, 0, number * _ROW + 1.2, "chart-soft") for number, name in enumerate(rows)]
    parts += [
        line("chart-grid", (_LEFT, (number + 1) * _ROW), (1, (number + 1) * _ROW))
        for number in range(len(rows))
    ]
    parts += [
        text(columns[number], _x(number, len(columns)), foot + 1.3, "chart-soft", anchor="middle")
        for number in range(0, len(columns), every)
    ]
    parts += [
        _square(row, column, count / largest, len(columns))
        for (row, column), count in sorted(counts.items())
        if count
    ]
    return caption.chart(
        picture(caption, height=foot + 1.7, parts=parts),
        header=("", *rows),
        rows=tuple(
            (name, *(str(counts.get((row, column), 0)) for row in range(len(rows))))
            for column, name in enumerate(columns)
        ),
    )


def _x(column: int, columns: int) -> float:
    return _LEFT + (column + 0.5) / columns * (1 - _LEFT)


def _square(row: int, column: int, share: float, columns: int) -> Markup:
    side = max(0.16, 0.8 * share**0.5)
    half = round(side * 5.5, 2)
    square = tag("rect", x=-half, y=-half, width=2 * half, height=2 * half, class_="chart-cell")
    return tag(
        "svg",
        square,
        x=across(_x(column, columns)),
        y=down((row + 0.5) * _ROW),
        overflow="visible",
    )
