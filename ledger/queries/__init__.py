"""Reading the log and the rows behind it."""
