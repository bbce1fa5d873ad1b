"""The traffic that benchmarks send: plausible shop events of some 900 bytes, and the wrk scripts that post them."""

import json
import random
from pathlib import Path

CATEGORIES = ("coffee", "tea", "bread", "milk", "cheese", "fruit", "soap", "paper")
EVENTS = ("Product Viewed", "Product Clicked", "Product Added")


def event(chance: random.Random, message_id: str, people: int = 5_000) -> dict[str, object]:
    """One tracked event as a browser would send it, about 900 bytes of JSON."""
    product = chance.randrange(2_000)
    return {
        "messageId": message_id,
        "type": "track",
        "event": chance.choice(EVENTS),
        "anonymousId": f"5f1c2a9e-0000-4000-8000-{chance.randrange(people):012d}",
        "userId": None,
        "timestamp": "2026-11-20T10:11:12.345Z",
        "integrations": {"Segment.io": True},
        "properties": {
            "product_id": f"p{product}",
            "name": f"Product number {product}",
            "category": CATEGORIES[product % len(CATEGORIES)],
            "brand": f"brand {product % 40}",
            "price": 1 + product % 97 / 10,
            "quantity": 1,
            "position": product % 24,
            "url": f"https://shop.example/products/{product}?from=list",
        },
        "context": {
            "page": {"path": f"/products/{product}", "title": "A product of the shop", "referrer": "", "search": ""},
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0",
            "locale": "en-GB",
            "timezone": "Europe/Berlin",
            "library": {"name": "analytics.js", "version": "npm:next-1.84.3"},
            "campaign": {"source": "news", "medium": "email", "name": "autumn"},
        },
        "sentAt": "2026-11-20T10:11:12.400Z",
    }


def batch(seed: int, size: int = 100, people: int = 5_000) -> bytes:
    """A body for /v1/batch with `size` events whose messageIds nobody else uses."""
    chance = random.Random(seed)
    return json.dumps({"batch": [event(chance, f"{seed}-{i}", people) for i in range(size)]}).encode()


def wrk_script(path: Path, url_path: str, template: str, key: str) -> Path:
    """A wrk script that posts `template` to `url_path`, with each "#ID#" in it made unique."""
    import base64

    basic = base64.b64encode(f"{key}:".encode()).decode()
    body = json.dumps(template)  # JSON's escapes are Lua's for this text
    path.write_text(
        f"""
local counter = 0
local me = 0
local template = {body}
function setup(thread) thread:set("me", math.random(1, 1e9)) end
function init(args) math.randomseed(os.time() + me) end
local headers = {{ ["Content-Type"] = "application/json", ["Authorization"] = "Basic {basic}" }}
function request()
  counter = counter + 1
  local n = 0
  local body = template:gsub("#ID#", function() n = n + 1; return me .. "-" .. counter .. "-" .. n end)
  return wrk.format("POST", "{url_path}", headers, body)
end
local bad = 0
function response(status) if status ~= 200 then bad = bad + 1; bads = bad end end
"""
    )
    return path


def wrk_in_turn(path: Path, url_path: str, bodies: list[str], key: str) -> Path:
    """A wrk script that posts these bodies to `url_path`, one after the other, over and over."""
    import base64

    basic = base64.b64encode(f"{key}:".encode()).decode()
    lines = ",\n".join(map(json.dumps, bodies))
    path.write_text(
        f"""
local headers = {{ ["Content-Type"] = "application/json", ["Authorization"] = "Basic {basic}" }}
local bodies = {{ {lines} }}
local made, turn = {{}}, 0
function init(args)
  for i, body in ipairs(bodies) do made[i] = wrk.format("POST", "{url_path}", headers, body) end
end
function request()
  turn = turn % #made + 1
  return made[turn]
end
"""
    )
    return path
