"""An app whose background work goes wrong in every way that work can."""
