"""Writing: what every widget needs where people compose a text, from the empty field to the contribution it becomes."""
