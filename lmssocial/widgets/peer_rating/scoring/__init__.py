"""From reviews to scores: the methods, what they rest on, what is kept of them, and how far they can be trusted."""
