"""From a long frame to a panel of arrays, with every fault of the data in one message."""
