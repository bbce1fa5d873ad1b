"""The console's token: a file that only its owner can read; and the link that carries it."""

import os
import secrets

from tailorbird.shell.layout import Layout


def console_link(layout: Layout, port: int) -> str:
    """The link that lets a browser in; makes the token if there is none yet."""
    return f"http://127.0.0.1:{port}/?token={console_token(layout)}"


def console_token(layout: Layout) -> str:
    """The token of this data folder, from DIR/run/console.token (mode 0600). Delete the file to lock everybody out."""
    path = layout.run / "console.token"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"console.token.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # supervisor and console may both be the first: one token counts
        finally:
            aside.unlink()
    path.chmod(0o600)
    return path.read_text("ascii").strip()
