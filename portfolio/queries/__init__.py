"""Typed reads of evidence, by page: `core` (versions, files), `progress`, `suggest`, `learner`."""
