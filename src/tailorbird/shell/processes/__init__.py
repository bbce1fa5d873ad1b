"""The processes that serve starts; each can be started alone."""
