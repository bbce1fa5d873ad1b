"""Everything that touches clock, disk or socket."""
