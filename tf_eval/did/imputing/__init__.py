"""Effects by imputation: what would have happened without treatment, from a fit to untreated observations alone."""
