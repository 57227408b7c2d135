"""The part of the index that no model can describe: FTS5 on SQLite, a ``tsvector`` with GIN on PostgreSQL.

On both it is a table ``search_words`` with one row for each document. The migration that made it carries a copy of
these statements, as it has to stay what it was.
"""

SQLITE = (
    # Words arrive cut and folded, so the tokenizer has nothing left to do but to split at spaces.
    """CREATE VIRTUAL TABLE search_words USING fts5(
    title, body, tokenize = "unicode61 remove_diacritics 0", prefix = '3 4'
)""",
    """CREATE TRIGGER search_document_gone AFTER DELETE ON search_document
BEGIN DELETE FROM search_words WHERE rowid = OLD.id; END""",
)

POSTGRESQL = (
    """CREATE TABLE search_words (
    document_id INTEGER PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE,
    words TSVECTOR NOT NULL
)""",
    "CREATE INDEX ix_search_words_words ON search_words USING gin (words)",
)
