"""Showing authors their scores: what they rest on is kept, and the LMS's gradebook hears of them."""
