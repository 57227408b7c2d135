"""Peer rating: people hand in work, review the work of others by a rubric, and learn from what others say of theirs.

Everything follows from stored facts and the clock: :mod:`.clockwork` looks at both and takes the steps that are due.
Work and reviews are contributions, so moderation, files and drafts are those of everything else people write.
"""
