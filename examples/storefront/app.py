"""Start the shop: python examples/storefront/app.py --api http://127.0.0.1:8700 --key KEY --browser-key KEY"""

import argparse
import os
from collections.abc import Sequence

import uvicorn
from shop.application import make_app
from shop.settings import Settings


def read_settings(arguments: Sequence[str] | None = None) -> tuple[Settings, int]:
    """The settings and the port: arguments, else TAILORBIRD_API, TAILORBIRD_KEY, TAILORBIRD_BROWSER_KEY."""
    parser = argparse.ArgumentParser(description=__doc__)
    environment = os.environ.get
    parser.add_argument(
        "--api", default=environment("TAILORBIRD_API", "http://127.0.0.1:8700"), help="address of the API"
    )
    parser.add_argument(
        "--key", default=environment("TAILORBIRD_KEY", ""), help="key that may collect, decide and read"
    )
    parser.add_argument(
        "--browser-key", default=environment("TAILORBIRD_BROWSER_KEY", ""), help="key of the pages: collect, decide"
    )
    parser.add_argument("--secret", default=environment("STOREFRONT_SECRET", ""), help="signs the basket's cookie")
    parser.add_argument("--port", type=int, default=8702)
    given = parser.parse_args(arguments)
    secret = given.secret or f"cookie of {given.key}"
    return Settings(given.api.rstrip("/"), given.key, given.browser_key, secret.encode()), given.port


def main() -> None:
    settings, port = read_settings()
    print(f"Homeward is open: http://127.0.0.1:{port}", flush=True)
    uvicorn.run(make_app(settings), host="127.0.0.1", port=port, log_level="warning", server_header=False)


if __name__ == "__main__":
    main()
