"""What the community wants to be: bands of shares, with a purpose, set and agreed by its members."""
