"""Effects of treatments that turn on and off, or change their dose, by time since the first change."""
