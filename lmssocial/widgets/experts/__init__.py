"""Expert connect: the person who knows, and a question that never dies.

Somebody asks; what was answered before is shown first; those who know are invited, a few at a time, until one of them
accepts; then the question is open to all, and at last on the desk of the stewards. What was answered becomes knowledge.
"""
