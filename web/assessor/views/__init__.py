"""The assessor's screens, one module a page."""
