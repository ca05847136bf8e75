"""Rows as a sparse matrix of windows, with the weight of every row."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from features import BITS, windows
from planted import REQUESTS

BUCKETS = 1 << BITS


@dataclass
class Dataset:
    rows: list
    matrix: sparse.csr_matrix  # one line a window
    first: np.ndarray  # first window of each row, and the end
    label: np.ndarray
    source: np.ndarray
    channel: np.ndarray
    kind: np.ndarray
    language: np.ndarray
    cluster: np.ndarray
    parents: list  # sources a made row is made of

    def row_scores(self, weights, bias):
        """Highest window score of each row."""
        return np.maximum.reduceat(self.matrix @ weights + bias, self.first[:-1])


def scaled(chars, words):
    """Columns and values of a window: each space divided by the square root of its distinct count."""
    c = np.sort(np.fromiter(chars, np.int32, len(chars)))
    w = np.sort(np.fromiter(words, np.int32, len(words))) + BUCKETS
    values = np.concatenate([np.full(len(c), max(1, len(c)) ** -0.5, np.float32), np.full(len(w), max(1, len(w)) ** -0.5, np.float32)])
    return np.concatenate([c, w]), values


def build(rows):
    columns, values, starts, first = [], [], [0], [0]
    for row in rows:
        for _, _, chars, words in windows(row["text"]):
            c, v = scaled(chars, words)
            columns.append(c)
            values.append(v)
            starts.append(starts[-1] + len(c))
        first.append(len(starts) - 1)
    matrix = sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), np.array(starts)), shape=(len(starts) - 1, 2 * BUCKETS))

    def field(name, default=""):
        return np.array([row.get(name) or default for row in rows])

    label = np.array([row["label"] for row in rows])
    return Dataset(rows, matrix, np.array(first), label, field("source"), field("channel"), field("kind"), field("language", "?"), np.array([row["cluster"] for row in rows]), [row.get("parents", ()) for row in rows])


def row_weights(data, chosen, config):
    """Weight of each chosen row: a source counts with a power of its size, rows of the other channel count less, both classes are balanced."""
    groups = defaultdict(list)
    for n, i in enumerate(chosen):
        groups[data.source[i], data.label[i], data.channel[i]].append(n)
    weights = np.zeros(len(chosen))
    for (source, label, channel), members in groups.items():
        mass = len(members) ** config["alpha"] * (config["own_factor"] if source.startswith("own-") else 1.0)
        if channel != config["channel"]:
            mass *= config["other_attacks"] if label else config["other_benign"]
        if source == "planted":
            mass *= config["planted_factor"]
        weights[members] = mass / len(members)
    if config["no_requests"]:
        weights[[n for n, i in enumerate(chosen) if data.channel[i] == "user" and data.source[i] in REQUESTS and data.label[i] == 0]] = 0
    for label, share in ((1, config["attack_share"]), (0, 1.0)):
        mine = data.label[chosen] == label
        weights[mine] *= share / weights[mine].sum()
    return weights
