"""What in the database hangs on a course, over all tables there are."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db import Base


def rows_of(session: Session, course_id: int) -> str:
    """Everything in the database that hangs on a course, as text: rows that refer to it, and to those, and so on."""
    reached = {"identity_course": {course_id}}
    said = []
    for table in Base.metadata.sorted_tables:
        columns = [
            (column, reached[key.column.table.name])
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table.name in reached and key.column.table is not table
        ]
        if not columns:
            continue
        hangs = or_(*(column.in_(ids) for column, ids in columns))
        found = session.execute(select(table).where(hangs)).mappings().all()
        said += [f"{table.name}: {dict(row)!r}" for row in found]
        if "id" in table.columns:
            reached[table.name] = {row["id"] for row in found}
    return "\n".join(said)
