"""What the discussion tells people of: its side of notifications."""
