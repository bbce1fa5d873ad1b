"""Tailorbird: collect -> know -> offer -> prove, and consent is asked at every arrow.

The journey in ten sentences, end to end.

A shop has a catalogue, and sends what people do in a protocol that their SDKs already speak.

>>> from tailorbird.events import Item, encode_record
>>> shop = [Item("1", "Espresso", "coffee"), Item("2", "Filter", "coffee"), Item("3", "Soap", "household")]
>>> body = b'{"anonymousId": "a1", "event": "Product Viewed", "properties": {"product_id": "1", "category": "coffee"}}'

Its bytes are accepted, or kept with the reason why not; the tracking plan says what is personal.

>>> from tailorbird.collect.accept import accept
>>> from tailorbird.collect.draft import Call
>>> from tailorbird.collect.plan import BUILT_IN_PLAN
>>> [draft] = accept("/v1/track", body, Call(received_at=1_000, source="web"), BUILT_IN_PLAN, b"site key").drafts
>>> draft.event, draft.plain_properties
('Product Viewed', {'product_id': '1', 'category': 'coffee'})

What is personal is sealed under a key that can be destroyed.

>>> from tailorbird.collect.seal import seal
>>> from tailorbird.testing import MemoryKeys, MemoryLog, MemoryState
>>> keys, log, state = MemoryKeys(), MemoryLog(), MemoryState()
>>> event = seal(draft, keys.ensure([draft.leaf])[draft.leaf], nonce=b"twelve bytes")

It is on disk before it is acknowledged, and the offset is a token to ask with.

>>> token = log.append([encode_record(event)])

One loop folds the log into what is known of people; doing it again gives the same state.

>>> from tailorbird.consent.purpose import Policy
>>> from tailorbird.shell.run import Worker
>>> stepped = Worker(log, state, keys, Policy()).turn()
>>> state.offset() == token, stepped.outcomes["kept"]
(True, 1)

The event's identifiers lead to one person, from anonymous through login to the next device.

>>> from tailorbird.shell.people import find, read_profile
>>> with state.snapshot() as snapshot:
...     person = find(snapshot, b"site key", "anonymousId", "a1")
...     profile = read_profile(snapshot, person)
>>> profile.counters["Product Viewed"].total, sorted(profile.categories)
(1, ['coffee'])

The very next page asks what to show to this person now, and is told why.

>>> from tailorbird.offer.decide import decide
>>> from tailorbird.offer.placement import BUILT_IN
>>> from tailorbird.offer.request import Request
>>> from tailorbird.offer.shelf import Shelf
>>> asked = Request(("home",), exclude=("1",), limit=1)
>>> [home] = decide(asked, profile, Shelf(shop), None, BUILT_IN, Policy(), now=2_000, new_id=lambda: "d1")
>>> [(choice.id, choice.reasons[0].text) for choice in home.items], home.link
([('2', 'because you viewed Espresso')], 'history')

Without consent the answer falls back, and says so.

>>> from tailorbird.know.profile import Consent
>>> profile.consent["personalization"] = Consent(granted=False, at=1_500, source="web")
>>> [home] = decide(asked, profile, Shelf(shop), None, BUILT_IN, Policy(), now=2_000, new_id=lambda: "d2")
>>> home.link, home.why.partition(";")[0]
('catalogue', 'the person withdrew personalization')

Whether it helped is measured: what was seen is joined with what followed, each once (`tailorbird.prove`).

All of it runs on one machine with `tailorbird serve`, and behind small ports (`tailorbird.shell.ports`) on bigger ones.
"""

__version__ = "0.1.0"
