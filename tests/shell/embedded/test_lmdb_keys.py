import subprocess
import sys

import pytest

from tailorbird.errors import Corrupt
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
from tailorbird.errors import Corrupt
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


def test_destroyed_key_is_nowhere_on_disk(tmp_path, keys):
    leaves = [n.to_bytes(16, "big") for n in range(2_000)]
    made = keys.ensure(leaves)
    keys.destroy(leaves[:500])
    keys.destroy(leaves[1_500:])
    stored = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert not any(made[leaf] in stored for leaf in leaves[:500] + leaves[1_500:])
    assert all(keys.get(leaf) == made[leaf] for leaf in leaves[500:1_500])


def test_key_destroyed_by_another_is_gone_at_once(tmp_path, keys):
    leaf = b"L" * 16
    keys.ensure([leaf])
    other = LmdbKeys(tmp_path / "keys")
    other.destroy([leaf])
    other.close()
    assert keys.get(leaf) is None


def test_new_keys_never_take_the_slot_of_another(keys):
    made = {}
    for n in range(50):
        made |= keys.ensure([n.to_bytes(16, "big")])
        if n % 3 == 0:
            keys.destroy([n.to_bytes(16, "big")])
    kept = {leaf: key for leaf, key in made.items() if leaf[-1] % 3}
    assert {leaf: keys.get(leaf) for leaf in kept} == kept


def test_keys_survive_a_power_cut(tmp_path, keys):
    leaves = [n.to_bytes(16, "big") for n in range(1, 200)]
    made = keys.ensure(leaves)
    keys.destroy(leaves[:50])
    keys.close()
    (tmp_path / "keys" / "data.mdb").write_bytes(b"what a power cut may leave")
    (tmp_path / "keys" / "indexed").write_bytes(b"another boot")
    again = LmdbKeys(tmp_path / "keys")
    assert [again.get(leaf) for leaf in leaves] == [None] * 50 + [made[leaf] for leaf in leaves[50:]]
    assert again.ensure(leaves[50:]) == {leaf: made[leaf] for leaf in leaves[50:]}
    assert len({*again.ensure(leaves).values(), *made.values()}) == 249
    again.close()


def test_slots_of_a_process_killed_halfway_are_used_again(tmp_path, keys):
    keys.ensure([b"a" * 16])
    with (tmp_path / "keys" / "slots").open("ab") as file:
        file.write(b"x" * 77)
    made = keys.ensure([b"b" * 16])
    assert keys.get(b"b" * 16) == made[b"b" * 16]
    assert (tmp_path / "keys" / "slots").stat().st_size == 64


def test_only_the_owner_may_read_the_files(tmp_path, keys):
    keys.ensure([b"L" * 16])
    assert all(path.stat().st_mode & 0o077 == 0 for path in [tmp_path / "keys", *(tmp_path / "keys").iterdir()])


def test_lost_slots_are_refused_and_not_begun_anew(tmp_path):
    keys = LmdbKeys(tmp_path / "keys")
    keys.ensure([b"L" * 16])
    keys.close()
    (tmp_path / "keys" / "slots").unlink()
    with pytest.raises(Corrupt, match="slots, which holds all keys, is missing"):
        LmdbKeys(tmp_path / "keys").get(b"L" * 16)
