"""The wing every widget shares: communities, content, moderation, search, and where plugins are switched on."""
