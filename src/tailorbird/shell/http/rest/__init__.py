"""The endpoints that are not hot: FastAPI, with OpenAPI and a page of documents."""
