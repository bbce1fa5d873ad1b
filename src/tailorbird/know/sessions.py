"""Sessions: contacts with no gap of more than thirty minutes between them.

The latest sessions stand as spans (start, last). Adding a contact is a union of intervals, so the number of sessions
is the same whatever order contacts arrive in, as long as they are not older than the spans that are kept.
"""

from collections.abc import Sequence

from tailorbird.know.profile import SESSION_SPANS, Profile

GAP_MS = 30 * 60_000

Span = tuple[int, int]


def visit(profile: Profile, at: int) -> None:
    """The person was here at `at`."""
    if not profile.session_started_at <= at <= profile.session_last_at + GAP_MS or not profile.spans:
        add(profile, [(at, at)])
    elif at > profile.session_last_at:
        profile.spans[-1] = (profile.session_started_at, at)
        profile.session_last_at = at


def add(profile: Profile, spans: Sequence[Span], forgotten: int = 0) -> None:
    """Join `spans` into the profile's, and `forgotten` sessions of which no span is left."""
    # Sessions whose spans are gone can only be counted; those that are left can still grow together.
    forgotten += profile.sessions - len(profile.spans)
    known = united([*profile.spans, *spans])
    if not known:
        return
    profile.sessions = forgotten + len(known)
    profile.spans = known[-SESSION_SPANS:]
    profile.session_started_at, profile.session_last_at = known[-1]


def united(spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those less than the gap apart made one.

    >>> united([(9_000_000, 9_000_000), (0, 60_000), (1_800_000, 2_000_000)])
    [(0, 2000000), (9000000, 9000000)]
    """
    known: list[Span] = []
    for start, last in sorted(spans):
        if known and start - known[-1][1] <= GAP_MS:
            known[-1] = (known[-1][0], max(known[-1][1], last))
        else:
            known.append((start, last))
    return known
