"""Homeward, a grocery shop that is somebody's customer of Tailorbird: it knows the public HTTP API and the SDK only."""
