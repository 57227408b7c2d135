"""What expert connect tells people of: its side of notifications."""
