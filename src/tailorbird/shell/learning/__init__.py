"""Learning: what needs a library of its own to be fitted; what comes out is arrays that the core reads."""
