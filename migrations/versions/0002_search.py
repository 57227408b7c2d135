"""The words of the search index: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

Revision: 0002, after 0001.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE search_words ("
            "document_id INTEGER PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE, "
            "words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_words_words ON search_words USING gin (words)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5("
            "title, body, tokenize = \"unicode61 remove_diacritics 0\", prefix = '3 4')"
        )
        op.execute(
            "CREATE TRIGGER search_document_gone AFTER DELETE ON search_document "
            "BEGIN DELETE FROM search_words WHERE rowid = OLD.id; END"
        )


def downgrade() -> None:
    """Go back."""
    if op.get_context().dialect.name != "postgresql":
        op.execute("DROP TRIGGER search_document_gone")
    op.execute("DROP TABLE search_words")
