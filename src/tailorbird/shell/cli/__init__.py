"""The tailorbird command."""
