"""The builder: rows of conditions that write a segment's SQL, and that a segment's SQL becomes again."""
