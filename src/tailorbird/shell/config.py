"""The settings: one frozen tree; a file, then the environment, then arguments decide, and unknown keys are refused.

    DIR/settings.yaml          http: {port: 8800}
    the environment            TAILORBIRD_HTTP_PORT=8800
    an argument                --set http.port=8800

Every field says in one line what it does; docs/guide/settings.md lists them all.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from tailorbird.errors import BadDefinition

PREFIX = "TAILORBIRD_"
FILE = "settings.yaml"


def _doc(text: str, **limits: Any) -> msgspec.Meta:
    return msgspec.Meta(description=text, **limits)


class Http(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The API's sockets and limits."""

    host: Annotated[str, _doc("address to listen on; 0.0.0.0 opens it to the network")] = "127.0.0.1"
    port: Annotated[int, _doc("TCP port of the API", ge=0, le=65535)] = 8700
    workers: Annotated[int, _doc("web processes that share the port", ge=1, le=64)] = 1
    cors_origins: Annotated[tuple[str, ...], _doc("origins whose pages may call the API; '*': all")] = ("*",)
    forwarded_from: Annotated[tuple[str, ...], _doc("proxies whose X-Forwarded-For is believed; empty: none")] = ()
    body_timeout_s: Annotated[float, _doc("seconds a client may take to send a whole request", gt=0)] = 20.0
    keep_alive_s: Annotated[float, _doc("seconds an idle connection stays open", gt=0)] = 30.0
    stop_within_s: Annotated[float, _doc("seconds that requests under way get when stopping", ge=0)] = 5.0
    max_bulk_bytes: Annotated[int, _doc("largest body of POST /v1/items and /v1/lists, in bytes", ge=1000)] = 8_000_000
    max_waiting_bytes: Annotated[int, _doc("bytes that may wait for the disk before new calls get 503")] = 64_000_000


class Decide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Decisions."""

    wait_ms: Annotated[int, _doc("longest wait for the state to reach `after`, in milliseconds", ge=0, le=1000)] = 20


class Health(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When /readyz turns red."""

    max_lag_s: Annotated[float, _doc("seconds the stream worker may stand still behind the log", gt=0)] = 10.0
    min_free_bytes: Annotated[int, _doc("free bytes on the disk of the log below which the log counts as full")] = (
        1_000_000
    )


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The batch process: sealing into the lake, compaction, training."""

    seal_every_s: Annotated[float, _doc("seconds between two seals of the log into the lake", gt=0)] = 5.0
    seal_bytes: Annotated[int, _doc("bytes of log that are sealed at once without waiting", ge=1)] = 32_000_000
    compact_every_s: Annotated[float, _doc("seconds between two looks for small files to join", gt=0)] = 300.0
    train_every_h: Annotated[float, _doc("hours between two trainings; 0: none by the clock", ge=0)] = 24.0
    train_hour: Annotated[
        int, _doc("hour of the day, UTC, in which scheduled trainings begin; -1: any", ge=-1, le=23)
    ] = -1
    train_on_change: Annotated[bool, _doc("train early when data drift, or CTR or conversion falls")] = True
    refit_every_h: Annotated[
        float, _doc("hours between two refits: new tables by the champion's recipe, without a test; 0: none", ge=0)
    ] = 6.0
    predict_every_h: Annotated[float, _doc("hours between two scorings of everyone; 0: only when asked", ge=0)] = 24.0
    cluster_every_h: Annotated[float, _doc("hours between two looks at the clusters; 0: only when asked", ge=0)] = 24.0
    job_nice: Annotated[
        int, _doc("how far trainings, scorings and clusterings give way to the serving processes; 0: not", ge=0, le=19)
    ] = 10


class Stream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stream process: folds the log into what is known of people."""

    native: Annotated[bool, _doc("compile segments, where the extra `native` and a C compiler are installed")] = True


class Console(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The console (needs the extra `console`)."""

    port: Annotated[int | None, _doc("TCP port of the console; null: the API's port + 1; 0: no console")] = None


class Logs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the processes write to standard error."""

    level: Annotated[Literal["debug", "info", "warning", "error"], _doc("the least that is written")] = "info"
    format: Annotated[Literal["json", "text"], _doc("json for machines, text for a terminal")] = "json"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings, with their defaults.

    >>> Settings().http.port
    8700
    """

    http: Http = Http()
    decide: Decide = Decide()
    health: Health = Health()
    batch: Batch = Batch()
    stream: Stream = Stream()
    console: Console = Console()
    logs: Logs = Logs()


class Setting(msgspec.Struct, frozen=True):
    """One setting, for documents and help texts."""

    key: str
    variable: str
    default: Any
    doc: str


def every_setting() -> Iterator[Setting]:
    """Each setting with its environment variable, default and line of doc.

    >>> next(every_setting()).variable
    'TAILORBIRD_HTTP_HOST'
    """
    for section in msgspec.structs.fields(Settings):
        for field in msgspec.structs.fields(section.type):
            doc = field.type.__metadata__[0].description
            default = getattr(section.default, field.name)
            yield Setting(f"{section.name}.{field.name}", _variable(section.name, field.name), default, doc)


def load_settings(
    data: Path | None = None, environment: Mapping[str, str] | None = None, arguments: Iterable[str] = ()
) -> Settings:
    """The settings in force: `data`/settings.yaml < environment < `key=value` arguments.

    Raises BadDefinition naming the place, the key and the next step.

    >>> load_settings(None, {"TAILORBIRD_HTTP_PORT": "8800"}, ["http.port=8900"]).http.port
    8900
    """
    tree: dict[str, dict[str, Any]] = {}
    for place, layer in (
        (FILE, _from_file(data)),
        ("environment", _from_environment(os.environ if environment is None else environment)),
        ("arguments", _from_arguments(arguments)),
    ):
        tree = _merged(tree, layer)
        _converted(tree, place)  # so that the message names the layer that is wrong
    return _converted(tree, "settings")


def as_environment(arguments: Iterable[str]) -> dict[str, str]:
    """The variables that tell a child process what these `key=value` arguments tell its parent.

    >>> as_environment(["batch.train_every_h=6"])
    {'TAILORBIRD_BATCH_TRAIN_EVERY_H': '6'}
    """
    pairs = (argument.partition("=")[::2] for argument in arguments)
    return {_variable(*key.strip().partition(".")[::2]): text for key, text in pairs}


def _converted(tree: Mapping[str, Any], place: str) -> Settings:
    try:
        # Not strict: the environment and arguments know nothing but text.
        return msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        known = ", ".join(setting.key for setting in every_setting())
        raise BadDefinition(f"Settings from {place}: {error}. Known settings: {known}.") from None


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for section, fields in above.items():
        both = isinstance(fields, dict) and isinstance(below.get(section), dict)
        merged[section] = {**below[section], **fields} if both else fields
    return merged


def _from_file(data: Path | None) -> dict[str, Any]:
    if data is None or not (data / FILE).is_file():
        return {}
    import yaml

    try:
        tree = yaml.safe_load((data / FILE).read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadDefinition(f"{FILE} cannot be read as YAML: {error}") from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise BadDefinition(f"{FILE} must hold sections such as `http:`, not a {type(tree).__name__}.")
    return tree


def _variable(section: str, name: str) -> str:
    return f"{PREFIX}{section}_{name}".upper()


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    sections = [field.name for field in msgspec.structs.fields(Settings)]
    for variable, text in environment.items():
        for section in sections:
            # Known sections only: other variables of this prefix are none of the settings, but a wrong name below one
            # is refused.
            start = f"{PREFIX}{section}_".upper()
            if variable.startswith(start):
                tree.setdefault(section, {})[variable[len(start) :].lower()] = _value(text)
    return tree


def _from_arguments(arguments: Iterable[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for argument in arguments:
        key, equals, text = argument.partition("=")
        section, dot, name = key.strip().partition(".")
        if not equals or not dot:
            raise BadDefinition(f"Setting {argument!r} is not of the form section.name=value, such as http.port=8800.")
        tree.setdefault(section, {})[name] = _value(text)
    return tree


def _value(text: str) -> Any:
    """A list or null where the text has the form of one; else the text, which the conversion types."""
    if not text.startswith("[") and text != "null":
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
