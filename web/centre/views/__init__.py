"""The centre admin's pages."""
