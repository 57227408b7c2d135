"""Communities and placements: a course is a community, and a placement is one widget placed in it with its settings."""
