"""What the people of the measured course write: the same texts in every run, of the length and markup of real posts."""

import random

TITLES = (
    "Why divide by n − 1?", "Median or mean for house prices?", "Question about task 3b",
    "How do you read a box plot?", "Is correlation ever enough?", "My residuals look like a fan",
    "Sampling without replacement", "What is a degree of freedom?", "The p-value in plain words",
    "Which test for two groups?", "Outliers: keep or drop?", "Sources for the final project",
)  # fmt: skip

SENTENCES = (
    "I tried it with the numbers from the lecture and got a different answer.",
    "The sample mean is already pulled towards the sample, so the squared distances come out **too small**.",
    "Could somebody check whether I set up the table correctly?",
    "In our department we always look at the *median* first, because a few large orders hide everything else.",
    "There is a good explanation in the [course notes](https://example.edu/notes/variance), in the second part.",
    "If you draw it, you see at once that the spread grows with the value.",
    "That was my mistake last year as well.",
    "Take ten rows, compute both by hand, and compare; it takes five minutes and you never forget it.",
    "What helped me was to ask what would happen with a sample of one.",
    "Thank you, that makes sense now.",
    "I would not drop them before knowing where they come from.",
    "The variance is $s^2$ and its root is what we read on the axis.",
    "We measured every Tuesday for twelve weeks, and the machine was serviced in week seven.",
    "Does anybody have an example from work where this made a difference?",
)

BLOCKS = (
    "- first the raw numbers\n- then the sorted ones\n- then the plot",
    "> The sample variance with *n* in the denominator is biased.",
    "```python\nvalues = [2, 4, 4, 5]\nmean = sum(values) / len(values)\n```",
    "1. collect\n2. plot\n3. think",
)


class Writer:
    """Writes texts, one after another."""

    def __init__(self) -> None:
        """Begin with the same text every time."""
        self._random = random.Random(2026)  # noqa: S311  # texts, not secrets

    def title(self, number: int) -> str:
        """The title of the thread with this number."""
        return TITLES[number % len(TITLES)]

    def post(self) -> str:
        """A post of two or three paragraphs, now and then with a list, a quotation or code."""
        paragraphs = [
            " ".join(self._random.sample(SENTENCES, self._random.randint(2, 4)))
            for _ in range(self._random.randint(2, 3))
        ]
        if self._random.random() < 0.3:
            paragraphs.insert(1, self._random.choice(BLOCKS))
        return "\n\n".join(paragraphs)
