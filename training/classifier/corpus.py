"""Reads the training rows, finds near-duplicates, and gives every row its weight."""

import gzip
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from planted import planted_rows

FILES = ("train-attacks.jsonl.gz", "train-benign.jsonl.gz")
PER_CLUSTER = 5
JACCARD = 0.7
_PERMUTATIONS, _BANDS = 64, 16


def read(folder):
    rows = []
    for name in FILES:
        with gzip.open(Path(folder) / name, "rt", encoding="utf8") as lines:
            rows += [json.loads(line) for line in lines]
    return rows


def _shingles(text):
    words = re.findall(r"\w+", text.lower())
    if len(words) < 4:
        return {hash_text(" ".join(words) or text)}
    return {hash_text(" ".join(words[i : i + 3])) for i in range(len(words) - 2)}


def hash_text(text):
    h = 0xCBF29CE484222325
    for byte in text.encode("utf8", "surrogatepass"):
        h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def clusters(texts, seed=1):
    """Cluster number of each text: MinHash bands propose pairs, the exact Jaccard of word 3-grams decides, union-find joins."""
    sets = [_shingles(t) for t in texts]
    rng = np.random.default_rng(seed)
    a = rng.integers(1, 2**63, _PERMUTATIONS, dtype=np.uint64) | np.uint64(1)
    b = rng.integers(0, 2**63, _PERMUTATIONS, dtype=np.uint64)
    parent = list(range(len(texts)))

    def find(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    buckets = [defaultdict(list) for _ in range(_BANDS)]
    width = _PERMUTATIONS // _BANDS
    for i, s in enumerate(sets):
        values = np.fromiter(s, np.uint64, len(s))
        signature = ((values[:, None] * a + b) >> np.uint64(16)).min(0)
        for band in range(_BANDS):
            key = signature[band * width : (band + 1) * width].tobytes()
            for j in buckets[band][key][:20]:
                if find(i) == find(j):
                    continue
                inter = len(s & sets[j])
                if inter >= JACCARD * (len(s) + len(sets[j]) - inter):
                    parent[find(i)] = find(j)
            buckets[band][key].append(i)
    return np.array([find(i) for i in range(len(texts))])


def load(folder, extra=(), normalised=None):
    """Rows with `cluster`: duplicates beyond PER_CLUSTER per label are left out, and so are clusters whose labels contradict each other.

    In the document channel a planted instruction and its clean carrier resemble each other on purpose: only exact texts can contradict there.
    `normalised` is what normalise.ts wrote for the folder.
    """
    rows = read(folder)
    if normalised:
        with open(normalised, encoding="utf8") as lines:
            for row, line in zip(rows, lines, strict=True):
                row["text"] = json.loads(line)
    rows = [row for row in rows + list(extra) if row["text"].strip()]
    rows += planted_rows(rows)
    ids = clusters([r["text"] for r in rows])
    labels, exact = defaultdict(set), defaultdict(set)
    for row, c in zip(rows, ids):
        row["cluster"] = int(c)
        if row["channel"] == "user":
            labels[row["cluster"]].add(row["label"])
        exact[row["text"]].add(row["label"])
    kept, seen = [], Counter()
    for row in rows:
        key = (row["cluster"], row["label"], row["channel"])
        seen[key] += 1
        contradicts = len(exact[row["text"]]) > 1 or (row["channel"] == "user" and len(labels[row["cluster"]]) > 1)
        if seen[key] <= PER_CLUSTER and not contradicts:
            kept.append(row)
    return kept
