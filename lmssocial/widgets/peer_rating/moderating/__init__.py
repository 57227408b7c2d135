"""Peer rating's side of moderation: who reads which words, and what follows from a decision about them.

A decision is about words alone. What a review gives stays counted whatever becomes of its words; staff take a review
out of the count on its own page.
"""
