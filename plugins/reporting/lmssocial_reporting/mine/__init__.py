"""What one member sees of themselves, and nobody else does."""
