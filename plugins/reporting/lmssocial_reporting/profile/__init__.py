"""The first page: which shares of the members act in each role, and what that means."""
