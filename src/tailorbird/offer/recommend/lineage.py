"""Where a model comes from: enough to tell two trainings apart, and to make the same one again."""

import msgspec


class Data(msgspec.Struct, frozen=True):
    """What was learned from. `fingerprint` is equal exactly when the contacts, the traits and the items are."""

    fingerprint: str = ""
    log_offset: int = 0  # up to which the lake had the log
    contacts: int = 0
    people: int = 0
    items: int = 0  # of the catalogue
    since: int = 0  # ms: the first contact
    until: int = 0  # ms: behind the last one
    left_out: int = 0  # people whose consent does not allow it


class Lineage(msgspec.Struct, frozen=True):
    """Data, definitions, code and seed make the model; parent and why say how it came to be trained."""

    data: Data = Data()
    definitions: str = ""  # of the site's definitions, as of then
    code: str = ""  # release, and fingerprint of the source that trains
    seed: int = 0
    trials: int = 0  # of the tuning that were asked for; 0: not tuned
    trials_done: int = 0  # fewer where it stopped early
    parent: str = ""  # the version that served then
    why: str = ""  # asked for, scheduled, or what set it off
    categories: dict[str, float] = {}  # shares of the last weeks' contacts: what drift is measured against
    kinds: dict[str, float] = {}
