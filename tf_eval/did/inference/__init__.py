"""From influence functions to errors, intervals, bands and tests."""
