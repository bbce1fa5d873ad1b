"""/docs: the OpenAPI document as a page that needs nothing from elsewhere, so it works offline."""

from importlib.resources import files

PAGE = files(__package__).joinpath("docs.html").read_text("utf-8")
# The page is one file with its script inside; it may talk to this server and to nobody else.
PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
