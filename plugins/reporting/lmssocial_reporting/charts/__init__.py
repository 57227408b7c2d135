"""Pictures made on the server, each with a finding, a title, a description and the same numbers in a table."""
