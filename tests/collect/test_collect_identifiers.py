import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.collect.identifiers import hash_identifier, known, normalise

KEY = b"s" * 32


@pytest.mark.parametrize(
    "value",
    ["null", "NULL", " none ", "undefined", "NaN", "0", "0000", "-1", "anonymous", "Guest", "unknown", "N/A", "test",
     "", "  ", "00000000-0000-0000-0000-000000000000", None, True, False, [], {}, 0, -1, 0.5, float("nan"),
     float("inf"), 10**600, "x" * 513],
)  # fmt: skip
def test_values_that_name_nobody_are_blocked(value: object) -> None:
    assert normalise("userId", value) is None
    assert known(KEY, "userId", value) is None


@pytest.mark.parametrize(
    ("value", "text"), [(42, "42"), (42.0, "42"), (" ann ", "ann"), ("Ann", "Ann"), ("007", "007")]
)
def test_numbers_and_text_name_people(value: object, text: str) -> None:
    assert normalise("userId", value) == text


@pytest.mark.parametrize("value", ["@", "ann", "ann@", "@example.com", "a nn@example.com", 42])
def test_what_is_no_mail_address_is_no_email(value: object) -> None:
    assert normalise("email", value) is None


def test_email_ignores_case_and_spaces() -> None:
    assert known(KEY, "email", " Ann@Example.COM ") == known(KEY, "email", "ann@example.com")


def test_hash_depends_on_site_type_and_value() -> None:
    hashes = {
        hash_identifier(site, type, value)
        for site in (b"1" * 32, b"2" * 32)
        for type in ("userId", "deviceId")
        for value in ("a", "b")
    }
    assert len(hashes) == 8


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()), st.sampled_from(["userId", "email"]))
def test_normalising_twice_changes_nothing(value: object, type: str) -> None:
    once = normalise(type, value)
    assert once is None or normalise(type, once) == once
