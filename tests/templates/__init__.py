"""The look and the scripts of pages, seen by a browser."""
