"""``/admin/``: the pages of those who run the installation, behind a local account of its own."""
