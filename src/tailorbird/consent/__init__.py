"""May this purpose use this person's data now? One answer for everyone who asks."""
