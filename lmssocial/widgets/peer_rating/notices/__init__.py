"""What peer rating tells people of: its side of notifications."""
