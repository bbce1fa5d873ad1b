"""The HTTP API: hot routes as plain ASGI, the rest with FastAPI."""
