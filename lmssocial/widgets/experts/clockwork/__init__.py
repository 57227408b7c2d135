"""What happens to questions by itself, and whose turn it is."""
