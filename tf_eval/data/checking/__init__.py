"""What is wrong with an extract: its rows, and its patterns over time and place."""
