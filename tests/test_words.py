"""`docs/words.md` fixes each term once."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "words.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^- \*\*(.+?)\*\*: .+$", re.MULTILINE)
SECTIONS = {part.split("\n", 1)[0]: ENTRY.findall(part) for part in PAGE.split("\n## ")[1:]}
TERMS = [term.lower() for terms in SECTIONS.values() for term in terms]


def test_the_words_follow_the_loop():
    assert list(SECTIONS) == ["Collect", "Know", "Offer", "Prove"]


def test_each_term_is_fixed_once():
    assert sorted(TERMS) == sorted(set(TERMS))


@pytest.mark.parametrize("section", SECTIONS)
def test_terms_stand_in_alphabetical_order(section):
    terms = [term.lower() for term in SECTIONS[section]]
    assert terms == sorted(terms)


def test_each_entry_is_one_line():
    entries = [line for line in PAGE.splitlines() if line.startswith("- ")]
    assert len(entries) == len(TERMS) and all(len(line) <= 140 and line.endswith(".") for line in entries)


CAST = {
    "Collect": "event identifier leaf offset personal plain record rejected sealed source token tracking plan",
    "Know": "affinity archived consent link person policy profile purpose segment state trait verdict",
    "Offer": "candidate champion choice coverage decision definition item model placement probability reason shelf",
    "Prove": "click exposure impression interval outcome",
}


@pytest.mark.parametrize("section", CAST)
def test_the_cast_is_complete(section):
    text = " ".join(SECTIONS[section])
    assert [word for word in CAST[section].split() if word not in text] == []
