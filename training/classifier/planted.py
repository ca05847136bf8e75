"""Documents with an ordinary request planted in them: what the untrusted-data head must see although no word of it is hostile.

Requests are real ones that people typed; carriers are benign documents, whose clean originals are among the rows already. A planted row
leaves training whenever the source of its request or of its carrier does.
"""

import random
import re

CARRIERS = ("bipia", "openssl-man", "langchain-pi")
REQUESTS = ("arena-hard-v01", "oasst", "gpteacher", "llm-warden", "pi-firewall", "own-en")
LONGEST_REQUEST = 220
_PLACES = re.compile(r"\n|(?<=[.!?])\s")


def planted_rows(rows, number=1500, seed=1):
    rng = random.Random(seed)
    benign = [r for r in rows if r["label"] == 0]
    requests = {s: [r["text"].strip() for r in benign if r["source"] == s and r["channel"] == "user" and r["kind"] != "roleplay" and 15 < len(r["text"]) <= LONGEST_REQUEST] for s in REQUESTS}
    carriers = {s: [r["text"] for r in benign if r["source"] == s and r["channel"] == "document"] for s in CARRIERS}
    out = []
    for n in range(number):
        carrier_source, request_source = CARRIERS[n % len(CARRIERS)], rng.choice([s for s in REQUESTS if requests[s]])
        carrier, request = rng.choice(carriers[carrier_source]), rng.choice(requests[request_source])
        places = [0, len(carrier), len(carrier)] + [m.end() for m in _PLACES.finditer(carrier)]
        at = rng.choice(places)
        gap = rng.choice(["\n", "\n\n", " "])
        text = (carrier[:at].rstrip() + gap + request + gap + carrier[at:].lstrip()).strip()
        out.append({"text": text, "label": 1, "channel": "document", "kind": "planted", "language": "en", "source": "planted", "parents": [carrier_source, request_source]})
    return out
