"""What is said to a question: answers, questions back, additions; by what it is resolved, what both sides say of it.

Who may do what is in :mod:`.rules`, who writes in whose community in :mod:`..writers`. Answers and messages are given
(:mod:`.giving`, :mod:`.saying`), changed and taken back (:mod:`.changing`); what follows from an answer that is read,
or not any more, is in :mod:`.standing`. :mod:`.service` names all of it for those who come from outside.
"""
