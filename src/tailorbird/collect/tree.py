"""The split of nested JSON by dotted paths: how an event's context gives plain columns and leaves the rest secret."""

from collections.abc import Mapping
from typing import Any

from tailorbird.collect.fields import Rule
from tailorbird.collect.kinds import WRONG, storable


class Tree:
    """The declared leaves and branches of one level.

    >>> from tailorbird.collect.fields import rule
    >>> tree, plain = Tree.of({"locale": rule("string"), "page.path": rule("string")}), {}
    >>> tree.split_into(plain, {"locale": "de", "page": {"path": "/", "url": "https://a.example/?q=1"}, "ip": "::1"})
    {'page': {'url': 'https://a.example/?q=1'}, 'ip': '::1'}
    >>> plain
    {'locale': 'de', 'page.path': '/'}
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}  # name -> dotted path of the leaves that are text, nearly all of them
        self._leaves: dict[str, tuple[str, Rule]] = {}
        self._branches: dict[str, Tree] = {}

    @classmethod
    def of(cls, rules: Mapping[str, Rule]) -> "Tree":
        """The tree of these dotted paths; personal ones are left out, which keeps them secret."""
        root = cls()
        for path, declared in rules.items():
            if not declared.personal:
                root._grow(path, declared)
        return root

    def split_into(self, plain: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        """What is left as secret, nested as it was; declared values of their kind go to `plain` by path."""
        secret: dict[str, Any] = {}
        texts, branches = self._texts, self._branches
        # The commonest first: nearly all values of a context are declared texts.
        for name, value in values.items():
            if value.__class__ is str and name in texts:
                plain[texts[name]] = value
            elif value.__class__ is dict and name in branches:
                if left := branches[name].split_into(plain, value):
                    secret[name] = left
            elif name in self._leaves:
                self._settle(plain, secret, name, value)
            elif value is not None:
                secret[name] = value if value.__class__ is str else storable(value)
        return secret

    def _settle(self, plain: dict[str, Any], secret: dict[str, Any], name: str, value: Any) -> None:
        path, declared = self._leaves[name]
        fitted = declared.coerce(value)
        if fitted is not WRONG:
            plain[path] = fitted
        elif value is not None:
            secret[name] = storable(value)

    def _grow(self, path: str, declared: Rule) -> None:
        *parents, last = path.split(".")
        tree = self
        for parent in parents:
            tree = tree._branches.setdefault(parent, Tree())
        tree._leaves[last] = (path, declared)
        if declared.exact is str:
            tree._texts[last] = path
