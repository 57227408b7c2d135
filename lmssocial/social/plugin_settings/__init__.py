"""Which plugin is on where, and how it is set: installation → tenant → course, the nearest one wins."""
