"""Asking: what resembles a question first, then the question itself; changing it, withdrawing it, and finding it."""
