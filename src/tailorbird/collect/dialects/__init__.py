"""One file a tracking dialect: how its requests become plain items."""
