"""How well the roles are fulfilled, and what kind of support may be missing."""
