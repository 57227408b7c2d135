"""Four looks at how the community does: widgets, network, sharing and reading, threads."""
