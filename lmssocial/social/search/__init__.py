"""One index over what people publish, with the same answers on both databases.

Words are cut and folded here, in Python, and the database only stores and finds them: FTS5 on SQLite, ``tsvector`` with
GIN on PostgreSQL. Who may find what is said by the widget that owns the contributions, in the same statement.
"""
