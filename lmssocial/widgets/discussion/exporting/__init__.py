"""A discussion as a file: for staff all of it, for everybody what they wrote themselves.

- :mod:`.reading`: threads and posts, a few hundred at a time, however many there are
- :mod:`.formats`: as JSON, CSV and a page to print; the shapes are described in docs/import-export.md
"""
