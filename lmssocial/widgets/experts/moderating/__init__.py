"""Expert connect's side of moderation: who reads which words, and what follows from a decision about them.

A published question that was reported waits, and its clock with it; its invitations stay (:mod:`..asking.sight`). One
that a moderator declined ends them: its asker words it anew or withdraws it. An answer that is out of sight answers
nothing, until it is read again.
"""
