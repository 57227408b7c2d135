"""Asking people to answer a question, and what they say: accept, decline, give back, think of somebody else."""
