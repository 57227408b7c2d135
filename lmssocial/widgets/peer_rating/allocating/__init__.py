"""Who reviews what: reviews given out, counted, and taken back when their time is over.

The ways to decide are pure (:mod:`.balanced`, :mod:`.exact`) and come through a hook, like those of any plugin;
:mod:`.giving` asks the one that is chosen and writes down what it said, and :mod:`.counting` is the only place where
the state of a review changes.
"""
