"""The first page: what somebody has to do here, and where they can go."""
