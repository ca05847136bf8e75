"""Rows of both channels, as training/classifier reads and clusters them, and their windows of tokens."""

import sys
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from settings import MAX_WINDOWS, MOST_ROWS, NOT_HERE, SEED, STRIDE, WINDOW

CLASSIFIER = Path(__file__).resolve().parents[1] / "classifier"
sys.path.append(str(CLASSIFIER))
import corpus  # noqa: E402
import evaluate  # noqa: E402, F401
from config import HEADS as CLASSIFIER_SETTINGS  # noqa: E402, F401
from dataset import Dataset, row_weights  # noqa: E402, F401
from dataset import build as build_matrix  # noqa: E402, F401
from golden_texts import TEXTS as GOLDEN_TEXTS  # noqa: E402, F401
from own_hard import hard_rows  # noqa: E402
from own_text import own_rows  # noqa: E402


def load(folder, normalised):
    """The rows of training/classifier without features, those that take part here, and the numbers of the latter among the former."""
    rows = corpus.load(folder, own_rows() + hard_rows(), normalised)
    rng = np.random.default_rng(SEED)
    keep = np.array([not row["source"].startswith(NOT_HERE) for row in rows])
    for (source, channel, label), most in MOST_ROWS.items():
        mine = np.flatnonzero([r["source"] == source and r["channel"] == channel and r["label"] == label for r in rows])
        if len(mine) > most:
            keep[rng.choice(mine, len(mine) - most, replace=False)] = False
    numbers = np.flatnonzero(keep)
    return fields(rows), fields([rows[i] for i in numbers]), numbers


def fields(rows):
    def field(name, default=""):
        return np.array([row.get(name) or default for row in rows])

    label, cluster = np.array([row["label"] for row in rows]), np.array([row["cluster"] for row in rows])
    return Dataset(rows, None, None, label, field("source"), field("channel"), field("kind"), field("language", "?"), cluster, [row.get("parents", ()) for row in rows])


def tokenizer(folder):
    """The tokenizer without truncation and padding: windows are cut here.

    A special token that a text spells out is one here and ordinary text in the guard; about one row in a thousand does that.
    """
    result = Tokenizer.from_file(str(folder / "tokenizer.json"))
    result.no_truncation()
    result.no_padding()
    return result


def windows(ids, cls, sep):
    """Windows of one text, each with [CLS] and [SEP]. The last one ends with the text."""
    inside, out, start = WINDOW - 2, [], 0
    while True:
        out.append([cls, *ids[start : start + inside], sep])
        if start + inside >= len(ids) or len(out) == MAX_WINDOWS:
            return out
        start += STRIDE


def all_windows(rows, tok):
    """Windows of every row, and the first window of each row with the end at last."""
    cls, sep = tok.token_to_id("[CLS]"), tok.token_to_id("[SEP]")
    out, first = [], [0]
    for encoded in tok.encode_batch_fast([row["text"] for row in rows], add_special_tokens=False):
        out += windows(encoded.ids, cls, sep)
        first.append(len(out))
    return out, np.array(first)
