"""`tailorbird serve`."""

from typing import Annotated

import typer

from tailorbird.shell.cli.options import DATA, Data, Set
from tailorbird.shell.layout import Layout


def serve(
    data: Data = DATA,
    port: Annotated[int | None, typer.Option(help="TCP port of the API; 0 takes a free one.  [default: 8700]")] = None,
    workers: Annotated[int | None, typer.Option(help="Web processes that share the port.  [default: 1]")] = None,
    console_port: Annotated[
        int | None, typer.Option(help="TCP port of the console; 0: none.  [default: the API's + 1]")
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 0.0.0.0 opens it to the network.  [default: 127.0.0.1]")
    ] = None,
    set: Set = None,
) -> None:
    """Run the API, the workers and the console.

    \b
    Examples:
      tailorbird serve
      tailorbird serve --data /srv/shop --port 8700 --workers 2
      tailorbird serve --console-port 0 --set batch.train_every_h=6

    The folder is made if it is not there. Settings come from DIR/settings.yaml, the environment
    (TAILORBIRD_HTTP_PORT ...) and --set; docs/guide/settings.md lists them. Ctrl-C stops everything; an event
    that was answered 200 is on disk.
    """
    from tailorbird.errors import Unavailable
    from tailorbird.shell.serve import CannotServe
    from tailorbird.shell.serve import serve as run

    try:
        code = run(Layout(data), port, workers, console_port, host, settings=set or ())
    except CannotServe as error:  # another process has the folder or the port: exit code 4
        raise Unavailable(str(error)) from None
    raise typer.Exit(code)
