"""Grading by contributions that learners chose as their best: a rubric, a person who reads, and no counts of posts."""
