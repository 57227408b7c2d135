"""The spine: whatever a person publishes is a contribution, written in Markdown and cooked into safe HTML once.

Blogs, wikis and the rest stand on the same rows as threads and replies. Numbers, trees and pages belong to the widget.
"""
