"""A year of real shopping (The Complete Journey) through the whole loop: `tailorbird demo`."""
