"""Changes to a group of rows: each gives a new group. A path names a part: its place in each group on the way down."""

from dataclasses import replace

from tailorbird.shell.console.builder.condition import Group, Part

Path = tuple[int, ...]


def part_at(group: Group, path: Path) -> Part:
    """The part at a path; () is the group itself."""
    found: Part = group
    for place in path:
        assert isinstance(found, Group)
        found = found.parts[place]
    return found


def put(group: Group, path: Path, part: Part) -> Group:
    """The group with another part at the path.

    >>> put(Group("all", (Group(), Group())), (1,), Group("any")).parts[1].of
    'any'
    """
    if not path:
        assert isinstance(part, Group)
        return part
    place, deeper = path[0], path[1:]
    inner = group.parts[place]
    changed = put(inner, deeper, part) if deeper and isinstance(inner, Group) else part
    return replace(group, parts=(*group.parts[:place], changed, *group.parts[place + 1 :]))


def add(group: Group, path: Path, part: Part) -> Group:
    """The group with one more part at the end of the group at the path."""
    inner = part_at(group, path)
    assert isinstance(inner, Group)
    return put(group, path, replace(inner, parts=(*inner.parts, part)))


def drop(group: Group, path: Path) -> Group:
    """The group without the part at the path; a group that is left empty goes too.

    >>> drop(Group("all", (Group("any", (Group(),)),)), (0, 0))
    Group(of='all', parts=(), negated=False)
    """
    inner = part_at(group, path[:-1])
    assert isinstance(inner, Group)
    rest = replace(inner, parts=(*inner.parts[: path[-1]], *inner.parts[path[-1] + 1 :]))
    return drop(group, path[:-1]) if path[:-1] and not rest.parts else put(group, path[:-1], rest)
