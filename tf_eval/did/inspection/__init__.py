"""What a researcher looks at beside an effect: what it rests on, what carries it, and how two of them differ."""
