"""Statements for a learning record store (xAPI) and a Caliper endpoint, sent until they have arrived."""
