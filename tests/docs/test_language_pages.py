"""Every function of the language has its page, and what the page shows is true in both engines."""

from math import isclose
from typing import Any

import pytest
import yaml
from language_example import FOLDER, Answers, Example, examples

from tailorbird.know.language.functions import FUNCTIONS, Function
from tailorbird.know.language.program import check, read
from tailorbird.know.language.schema import schema_of

PAGES = sorted(FOLDER.glob("*.md"))
SHOWN = [(page.stem, example) for page in PAGES for example in examples(page)]
TABLE = list(FUNCTIONS.values())


def same(found: Answers, told: Answers) -> bool:
    return found.keys() == told.keys() and all(equal(found[who], told[who]) for who in told)


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, int | float):
        return type(one) is type(other) and one == other
    return isinstance(other, int | float) and isclose(one, other, rel_tol=1e-9)


@pytest.mark.parametrize("function", TABLE, ids=lambda function: function.name)
def test_every_function_has_a_page_with_its_signature_and_an_example_that_uses_it(function: Function) -> None:
    page = FOLDER / function.page
    assert f"# {function.name}\n\n    {function.signature}\n" in page.read_text()
    assert any(f"{function.name}(" in str(example.body["ask"]) for example in examples(page))


@pytest.mark.parametrize("function", TABLE, ids=lambda function: function.name)
def test_the_index_has_a_line_for_every_function(function: Function) -> None:
    assert f"| [`{function.name}`]({function.page}) | {function.help} |" in (FOLDER / "index.md").read_text()


def test_what_the_index_shows_can_be_read() -> None:
    text = (FOLDER / "index.md").read_text()
    definitions = yaml.safe_load(text.split("```yaml\n")[1].split("```")[0])
    texts = [body["sql"] if isinstance(body, dict) else body for body in definitions.values()]
    texts += [line.strip() for line in text.splitlines() if line.startswith("    ")]
    program = check({"orders_90d": "orders()"}, {}, schema_of())
    assert [read(one, schema_of(), program).kind for one in texts] == ["number", "text", "boolean", "number", "number"]


def test_there_is_no_page_of_a_function_that_is_gone() -> None:
    others = {"index", "sql"}
    assert {page.stem for page in PAGES} - others == set(FUNCTIONS)


@pytest.mark.parametrize(("page", "example"), SHOWN, ids=[page for page, _ in SHOWN])
def test_what_a_page_shows_is_so_in_both_engines(page: str, example: Example) -> None:
    for now, told in example.answers.items():
        assert same(example.slow(now), told), (page, now, example.slow(now))
        assert same(example.live(now), told), (page, now, example.live(now))
        assert same(example.batch(now), told), (page, now, example.batch(now))
