"""The language of traits and segments: SQL expressions over what one person did, read once into a typed tree."""
