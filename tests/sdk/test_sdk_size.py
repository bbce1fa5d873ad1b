"""The file as it is served: small, readable, one piece."""

import gzip

from tailorbird.sdk import PATH


def test_sdk_is_under_six_kilobytes_gzipped() -> None:
    assert len(gzip.compress(PATH.read_bytes(), 6)) < 6000


def test_sdk_is_source_and_not_a_bundle() -> None:
    lines = PATH.read_text().splitlines()
    assert max(map(len, lines)) <= 120
    assert not any("import " in line or "require(" in line for line in lines)
