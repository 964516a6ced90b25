"""Makes a pack; never imported at run time."""
