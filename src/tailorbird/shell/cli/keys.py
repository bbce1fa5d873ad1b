"""`tailorbird keys create|list|revoke`."""

from typing import Annotated

import typer

from tailorbird.shell.cli import say
from tailorbird.shell.cli.exits import NotFound
from tailorbird.shell.cli.options import DATA, Data, Json, existing
from tailorbird.shell.layout import Layout

keys_app = typer.Typer(
    name="keys", help="API keys: who may call, and what for.", no_args_is_help=True, rich_markup_mode=None
)


@keys_app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for; events sent with it carry this as their source.")],
    can: Annotated[str, typer.Option(help="Rights, separated by commas: collect, decide, read, admin.")] = "collect",
    data: Data = DATA,
) -> None:
    """Make a key and print it, alone on the last line. It cannot be shown again.

    \b
    Examples:
      tailorbird keys create web --can collect,decide          for pages: it may be seen by everybody
      tailorbird keys create shop --can collect,decide,read    for your server
      KEY=$(tailorbird keys create ops --can read,admin | tail -1)

    A second key of the same name replaces the first; a running server knows it within a second.
    """
    from tailorbird.shell.auth import create_key
    from tailorbird.shell.engines import Engines

    rights = [right.strip() for right in can.split(",") if right.strip()]
    key = create_key(Engines(Layout(data)).definitions, name, rights, "cli")
    say.note(f"Key '{name}' may {', '.join(sorted(rights))}. Keep it: only its hash is stored.")
    print(key)


@keys_app.command("list")
def list_keys(data: Data = DATA, json: Json = False) -> None:
    """List the keys by name, with their rights.

    \b
    Example:
      tailorbird keys list --data data
    """
    from tailorbird.shell.auth import KIND
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.people import iso

    found = Engines(existing(data)).definitions.all(KIND)
    rows = [{"name": one.name, "can": one.body.get("can", []), "made_at": iso(one.at)} for one in found]
    if json:
        print(say.json_text(rows))
        return
    table = say.table("name", "may", "made")
    for row in rows:
        table.add_row(row["name"], ", ".join(row["can"]), row["made_at"][:16].replace("T", " "))
    say.out().print(table if rows else "No keys yet: tailorbird keys create NAME --can collect,decide")


@keys_app.command()
def revoke(name: Annotated[str, typer.Argument(help="The key's name.")], data: Data = DATA) -> None:
    """Take a key out of use; a running server refuses it within a second.

    \b
    Example:
      tailorbird keys revoke web
    """
    from tailorbird.shell.auth import KIND
    from tailorbird.shell.engines import Engines

    definitions = Engines(existing(data)).definitions
    if not definitions.delete(KIND, name, "cli"):
        known = ", ".join(one.name for one in definitions.all(KIND)) or "none"
        raise NotFound(f"There is no key '{name}' in {data}. Keys there: {known}.")
    say.note(f"Key '{name}' is revoked.")
