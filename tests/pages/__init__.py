"""A package, so that its browser is closed before other tests: an event loop runs as long as it is open."""
