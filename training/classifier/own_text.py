"""Rows made from own_text.json: sentences written for this project in 18 languages, never after a public benchmark.

`open` + `goal` and `alone` are attacks; `near` uses the same words for harmless ends; `plain` is everyday. Sources are named own-LANGUAGE.
"""

import json
import random
from pathlib import Path

TEXT = json.loads((Path(__file__).parent / "own_text.json").read_text(encoding="utf8"))
_NO_SPACE = {"zh", "ja"}


def own_rows(seed=1):
    out = []
    for language, parts in TEXT.items():
        rng = random.Random(f"{seed}{language}")
        gap = "" if language in _NO_SPACE else " "

        def row(text, label, channel, kind):
            out.append({"text": text, "label": label, "channel": channel, "kind": kind, "language": language, "source": f"own-{language}"})

        def attack():
            if rng.random() < 0.2:
                return rng.choice(parts["alone"])
            opening = rng.choice(parts["open"]).rstrip(".")
            if rng.random() < 0.2:
                return opening + "."
            goal = rng.choice(parts["goal"])
            joint = rng.choice([gap, gap, "," + gap, "." + gap])
            return opening + joint + goal + rng.choice(["", ".", "!"])

        def harmless(share_near):
            return rng.choice(parts["near"] if rng.random() < share_near else parts["plain"])

        def cased(text):
            return rng.choice([text, text, text, text.upper(), text.lower()])

        size = 3 if language == "en" else 1
        for _ in range(60 * size):
            row(cased(attack()), 1, "user", "injection")
            row(cased(harmless(0.5) + gap + attack() if rng.random() < 0.5 else attack() + gap + harmless(0.2)), 1, "user", "injection")
        for text in parts["near"]:
            row(text, 0, "user", "benign-hard")
        for text in parts["plain"]:
            row(text, 0, "user", "benign-chat")
        for _ in range(50 * size):
            row(cased(harmless(0.8) + gap + harmless(0.5)), 0, "user", "benign-hard")
        for _ in range(30 * size):
            carrier = [harmless(0.5) for _ in range(rng.randint(2, 4))]
            clean = list(carrier)
            carrier.insert(rng.randint(0, len(carrier)), attack())
            clean.insert(rng.randint(0, len(clean)), harmless(0.9))
            row(rng.choice([gap, "\n"]).join(carrier), 1, "document", "injection")
            row(rng.choice([gap, "\n"]).join(clean), 0, "document", "benign-hard")
    return out
