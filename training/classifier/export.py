"""Writes the weights file that src/patterns/classifier/model.ts reads, and golden vectors that pin both implementations."""

import hashlib
import json
import struct

import numpy as np

from dataset import BUCKETS, scaled
from features import windows


def quantise(weights):
    """One byte a weight: 128 + 127 * sqrt(|w| / scale) with the sign of w. Small weights keep fine steps."""
    scale = float(np.abs(weights).max()) or 1.0
    steps = np.rint(np.sqrt(np.abs(weights) / scale) * 127) * np.sign(weights)
    return (steps + 128).astype(np.uint8), scale


def dequantise(stored, scale):
    steps = stored.astype(np.float32) - 128
    return (np.sign(steps) * (steps / 127) ** 2 * scale).astype(np.float32)


def write(path, heads):
    """heads: name -> dict(weights, bias, slope, offset, threshold). Returns the heads as they are after rounding."""
    parts, header, rounded = [], {}, {}
    for name in ("user", "document"):
        head = heads[name]
        chars, char_scale = quantise(head["weights"][:BUCKETS])
        words, word_scale = quantise(head["weights"][BUCKETS:])
        parts += [chars.tobytes(), words.tobytes()]
        numbers = {key: float(f"{head[key]:.6g}") for key in ("bias", "slope", "offset", "threshold")}
        header[name] = {"charScale": char_scale, "wordScale": word_scale, **numbers}
        rounded[name] = {"weights": np.concatenate([dequantise(chars, char_scale), dequantise(words, word_scale)]), **numbers}
    body = b"".join(parts)
    digest = hashlib.sha256(body + json.dumps(header, sort_keys=True).encode()).hexdigest()
    text = json.dumps({"digest": digest, "heads": header}, sort_keys=True).encode()
    path.write_bytes(b"CRDNLIN1" + struct.pack("<I", len(text)) + text + body)
    return rounded, digest


def probability(head, text):
    scores = []
    for _, _, chars, words in windows(text):
        columns, values = scaled(chars, words)
        scores.append(float(values.astype(np.float64) @ head["weights"][columns].astype(np.float64)) + head["bias"])
    return 1 / (1 + np.exp(-(head["slope"] * max(scores) + head["offset"]))) if scores else 0.0


def golden(path, rounded, digest, texts):
    cases = [{"text": t, **{name: round(float(probability(rounded[name], t)), 6) for name in rounded}} for t in texts]
    path.write_text(json.dumps({"digest": digest, "cases": cases}, indent=1) + "\n", encoding="utf8")
