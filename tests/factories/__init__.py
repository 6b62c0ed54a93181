"""Rows for tests. Later states are reached by calling services, never by writing a state."""
