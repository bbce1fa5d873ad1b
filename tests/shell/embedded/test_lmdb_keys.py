import subprocess
import sys

import pytest

from tailorbird.shell.embedded.lmdb_keys import LmdbKeys
from tailorbird.testing import KeysContract


@pytest.fixture
def keys(tmp_path):
    keys = LmdbKeys(tmp_path / "keys")
    yield keys
    keys.close()


class TestLmdbKeys(KeysContract):
    @pytest.fixture
    def engine(self, keys):
        return keys


ENSURE = """
import sys; from pathlib import Path
from tailorbird.shell.embedded.lmdb_keys import LmdbKeys
keys = LmdbKeys(Path(sys.argv[1])).ensure(bytes([n]) * 16 for n in range(200))
print(b"".join(keys[leaf] for leaf in sorted(keys)).hex())
"""


def test_processes_that_race_agree_on_every_key(tmp_path):
    command = [sys.executable, "-c", ENSURE, str(tmp_path / "keys")]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    answers = {racer.communicate()[0] for racer in racers}
    assert len(answers) == 1
    assert len(bytes.fromhex(answers.pop().decode())) == 200 * 16


def test_only_the_owner_may_read_the_files(tmp_path, keys):
    keys.ensure([b"L" * 16])
    assert all(path.stat().st_mode & 0o077 == 0 for path in [tmp_path / "keys", *(tmp_path / "keys").iterdir()])
