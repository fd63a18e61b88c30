"""What can be said when few clusters are treated: the jackknife, the wild bootstrap, and reassigned starts."""
