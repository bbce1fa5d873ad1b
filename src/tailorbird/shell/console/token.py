"""The console's token: a file that only its owner can read; and the link that carries it."""

import os
import secrets

from tailorbird.errors import Corrupt
from tailorbird.shell.layout import Layout


def console_link(layout: Layout, port: int) -> str:
    """The link that lets a browser in; makes the token if there is none yet."""
    return f"http://127.0.0.1:{port}/?token={console_token(layout)}"


def console_token(layout: Layout) -> str:
    """The token of this data folder, from DIR/run/console.token (mode 0600).

    Delete the file and start again to lock everybody out. Raises Corrupt where it is empty.
    """
    path = layout.run / "console.token"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"console.token.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
            # Before it gets its name: a power cut must not leave an empty token, which everybody knows.
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # supervisor and console may both be the first: one token counts
        finally:
            aside.unlink()
    path.chmod(0o600)
    token = path.read_text("ascii").strip()
    if not token:
        raise Corrupt(f"{path} is empty. Delete it, and a new token is made at the next start.")
    return token
