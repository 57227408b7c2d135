"""Bringing a past discussion in from another system: looked at first, made in one transaction, and taken back whole.

- :mod:`.readers`: what stands in a file of Moodle, Discourse, or in a table
- :mod:`.arranging`: that, in our order and in Markdown
- :mod:`.matching`: who of then is who here
- :mod:`.service`: keeping a file until staff decide, making, taking back
"""
