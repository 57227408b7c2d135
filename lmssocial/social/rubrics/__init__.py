"""Rubrics: what work is looked at by, for every widget that grades or lets people review."""
