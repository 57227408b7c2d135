"""lmssocial: social learning inside the courses people already have."""

__version__ = "0.1.0"
