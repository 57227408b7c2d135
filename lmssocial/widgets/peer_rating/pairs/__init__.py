"""Comparing two works instead of giving points: which is the better one, and why."""
