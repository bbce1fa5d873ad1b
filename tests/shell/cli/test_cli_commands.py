"""The command line as a person or a script meets it: what it prints, where, and with which exit code."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from tailorbird.shell.cli import exits
from tailorbird.shell.cli.main import app

LATIN = "people-latin-1.txt"
EVENTS = [
    {"type": "identify", "userId": "7", "traits": {"plan": "pro"}},
    {"type": "track", "event": "Product Viewed", "userId": "7", "properties": {"product_id": "p1", "category": "tea"}},
]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tailorbird.shell.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A folder with one person and one item."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "events.jsonl").write_text("\n".join(map(json.dumps, EVENTS)))
    (folder / "items.csv").write_text("id,name,category,price\np1,Green Tea [loose],tea,4.5\n")
    for kind, name in (("events", "events.jsonl"), ("items", "items.csv")):
        done = run("import", kind, folder / name, "--data", folder / "data")
        assert done.returncode == 0, done.stderr
    return folder / "data"


def commands() -> dict[tuple[str, ...], object]:
    found = {}
    for name, command in get_command(app).commands.items():
        for inner, below in getattr(command, "commands", {"": command}).items():
            found[(name, inner) if inner else (name,)] = below
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_examples_and_says_where_its_data_are(words):
    command = commands()[words]
    assert f"tailorbird {' '.join(words)}" in command.help
    options = {option for parameter in command.params for option in parameter.opts}
    assert options & {"--data", "--train"}


def test_help_is_there_in_under_300_ms():
    assert min(help_cpu_s() for _ in range(5)) < 0.3


def help_cpu_s() -> float:
    """Processor time, so that a busy machine does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run("--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_key_stands_alone_on_the_last_line(tmp_path):
    done = run("keys", "create", "web", "--can", "collect, decide", "--data", tmp_path)
    assert done.stdout.splitlines()[-1].startswith("tb_")
    assert json.loads(run("keys", "list", "--json", "--data", tmp_path).stdout)[0]["can"] == ["collect", "decide"]


def test_revoked_key_is_gone(tmp_path):
    run("keys", "create", "web", "--data", tmp_path)
    assert run("keys", "revoke", "web", "--data", tmp_path).returncode == exits.OK
    assert run("keys", "revoke", "web", "--data", tmp_path).returncode == exits.NOT_FOUND


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["keys", "create", "web", "--can", "fly"], exits.REFUSED, "Known rights"),
        (["keys", "create", "a b"], exits.REFUSED, "a b"),
        (["person", "userId:1"], exits.NOT_FOUND, "not a Tailorbird data folder"),
        (["person", "42"], exits.USAGE, "TYPE:VALUE"),
        (["rebuild"], exits.NOT_FOUND, "serve"),
        (["import", "events", "/nowhere.jsonl"], exits.USAGE, "/nowhere.jsonl"),
        (["apply", "/nowhere"], exits.REFUSED, "/nowhere"),
        (["fly"], exits.USAGE, "fly"),
        (["revert", "segment", "vip", "--versions"], exits.NOT_FOUND, "There never was a segment 'vip'"),
        (["list", "add", "spring", LATIN], exits.REFUSED, "not UTF-8"),
        (["person", "userId:1", "--events", "-1"], exits.USAGE, "--events"),
    ],
)
def test_errors_are_one_clear_line_and_a_code(tmp_path, words, code, says):
    (tmp_path / LATIN).write_bytes(b"caf\xe9")
    if words[0] in ("revert", "list"):
        run("keys", "create", "web", "--data", tmp_path / "data")
    where = [] if words == ["fly"] else ["--data", tmp_path / "data"]
    done = run(*(tmp_path / word if word == LATIN else word for word in words), *where)
    assert (done.returncode, says in done.stderr, "Traceback" in done.stderr) == (code, True, False)


@pytest.mark.parametrize(("place", "code"), [("file", exits.USAGE), ("file/below", exits.UNAVAILABLE)])
def test_folder_that_is_none_is_named_without_a_traceback(tmp_path, place, code):
    (tmp_path / "file").write_text("")
    done = run("keys", "create", "web", "--can", "collect", "--data", tmp_path / place)
    assert done.returncode == code
    assert "file" in done.stderr and "Traceback" not in done.stderr


def test_import_without_a_server_leaves_a_person_who_can_be_read(data):
    shown = json.loads(run("person", "userId:7", "--json", "--data", data).stdout)
    assert shown["traits"] == {"plan": "pro"}
    assert [event["type"] for event in shown["events"]] == ["track", "identify"]


def test_person_is_shown_with_the_names_of_items(data):
    assert "viewed Green Tea [loose]" in run("person", "userId:7", "--data", data).stdout


def test_unknown_person_is_not_found(data):
    assert run("person", "userId:nobody", "--data", data).returncode == exits.NOT_FOUND


def test_second_import_of_a_file_does_nothing(data):
    done = run("import", "events", data.parent / "events.jsonl", "--data", data)
    assert (done.returncode, "imported already: 2 events" in done.stdout) == (0, True)


def test_refused_rows_are_listed_and_told_by_the_code(data):
    path = data.parent / "bad.jsonl"
    path.write_text('{"type": "track", "event": "E"}\n' + json.dumps(EVENTS[0]))
    done = run("import", "events", path, "--data", data)
    report = Path(done.stdout.splitlines()[-1].rpartition(": ")[2])
    assert done.returncode == exits.REJECTED
    assert report.read_text().splitlines()[1].startswith("1,identifier")


def test_rebuilt_state_knows_the_same_person(data):
    before = known(data)
    assert run("rebuild", "--data", data).returncode == 0
    assert known(data) == before


def known(data: Path) -> dict:
    """The person, without what fades by the second."""
    shown = json.loads(run("person", "userId:7", "--json", "--data", data).stdout)
    return {name: value for name, value in shown.items() if name not in ("affinities", "sessions")}


def test_doctor_finds_a_good_folder_good(data):
    found = {one["what"]: one for one in json.loads(run("doctor", "--json", "--data", data).stdout)}
    assert {"packages", "folder", "secret", "log", "state", "lake", "definitions", "disk"} <= found.keys()
    assert [one for one in found.values() if one["level"] == "bad"] == []


def test_doctor_says_what_to_do_about_a_secret_that_others_may_read(data):
    (data / "secret").chmod(0o644)
    done = run("doctor", "--data", data)
    (data / "secret").chmod(0o600)
    assert (done.returncode, "chmod 600" in done.stdout) == (exits.REJECTED, True)


def test_output_can_be_piped_into_head(data):
    words = f"{sys.executable} -m tailorbird.shell.cli.main person userId:7 --json --data {data} | head -1"
    done = subprocess.run(words, shell=True, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_a_reader_that_has_enough_is_no_failure(data):
    command = [sys.executable, "-m", "tailorbird.shell.cli.main", "person", "userId:7", "--json", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as asking:
        asking.stdout.close()
        said = asking.stderr.read()
        assert (asking.wait(60), said) == (exits.OK, b"")
