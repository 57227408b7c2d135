"""Counting the statements that a piece of code sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event


@dataclass
class Queries:
    """The statements seen so far, in order; savepoints and transaction control are not statements here."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """How many there were."""
        return len(self.statements)


@contextmanager
def counted_queries() -> Iterator[Queries]:
    """Record every statement of every engine while the block runs."""
    seen = Queries()

    def record(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")):
            seen.statements.append(statement)

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", record)
