"""The largest groups of whole rows whose means are alike."""
