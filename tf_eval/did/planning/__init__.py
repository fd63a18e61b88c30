"""Planning: how large an effect a study could find, of units such as these, before anybody is treated."""
