"""Where acts and evidence are kept and counted: the site's own database, or ClickHouse for those who outgrow it."""
