"""From a caller's frame to arrays, in an order that does not depend on the frame's."""
