"""Hashed features of a text, block by block. src/patterns/classifier/features.ts computes the very same numbers."""

import numpy as np

from text_classes import CLASS, FOLD, IDEOGRAPH, MARK, SPACE

BITS = 18
MASK = 0xFFFFFFFF
FNV_OFFSET, FNV_PRIME = 0x811C9DC5, 0x01000193
MIX = 0x2C1B3C6D
PAIR = 0x9E3779B1
GAP = 0x85EBCA6B

# A block ends at the first sentence or line end after MIN_BLOCK units, at the first space after SOFT_BLOCK, and in any case at HARD_BLOCK.
MIN_BLOCK, SOFT_BLOCK, HARD_BLOCK = 140, 200, 300
# Longer runs are encoded data: only their beginning gives character n-grams.
LONGEST_WORD = 40
_ENDS = {0x0A, 0x21, 0x2E, 0x3F, 0x3002, 0xFF01, 0xFF1F, 0x06D4, 0x061F, 0x0964}

_class = CLASS.tolist()
_fold = FOLD.tolist()
_words = {}


def units(text):
    """UTF-16 code units of a text, as JavaScript sees it."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16).tolist()


def blocks(u):
    """Borders of the blocks of a text: [start, end) pairs."""
    out, start, n = [], 0, len(u)
    for i in range(n):
        length = i + 1 - start
        if length < MIN_BLOCK:
            continue
        if u[i] in _ENDS or length >= HARD_BLOCK or (length >= SOFT_BLOCK and _class[u[i]] == SPACE):
            out.append((start, i + 1))
            start = i + 1
    if start < n:
        out.append((start, n))
    return out


def mix(h):
    return ((((h ^ (h >> 15)) * MIX) & MASK) >> (32 - BITS))


def _chars(run):
    """Buckets of the 3- to 5-grams of a word with a mark at both ends, and the hash of the word."""
    cached = _words.get(run)
    if cached is not None:
        return cached
    head = run[:LONGEST_WORD] if _class[run[0]] != IDEOGRAPH else run
    padded = (32, *head, 32)
    out = []
    for i in range(len(padded) - 2):
        h = FNV_OFFSET
        for n, unit in enumerate(padded[i : i + 5]):
            h = ((h ^ unit) * FNV_PRIME) & MASK
            if n >= 2:
                out.append(mix(h))
    word = FNV_OFFSET
    for unit in run:
        word = ((word ^ unit) * FNV_PRIME) & MASK
    cached = (frozenset(out), word)
    _words[run] = cached
    return cached


def block_features(u, start, end, skip_grams=True):
    """Distinct buckets of a block in the two spaces: character n-grams, word n-grams."""
    chars, tokens = set(), []
    i = start
    while i < end:
        kind = _class[u[i]]
        if kind == SPACE:
            i += 1
            continue
        if kind == MARK:
            unit = u[i]
            while i < end and u[i] == unit:
                i += 1
            tokens.append(((FNV_OFFSET ^ unit) * FNV_PRIME) & MASK)
            continue
        j = i
        while j < end and _class[u[j]] == kind:
            j += 1
        run = tuple([_fold[x] for x in u[i:j]])
        grams, word = _chars(run)
        chars |= grams
        if kind == IDEOGRAPH:
            tokens += [((FNV_OFFSET ^ unit) * FNV_PRIME) & MASK for unit in run]
        else:
            tokens.append(word)
        i = j
    words = set()
    one = two = 0
    for n, t in enumerate(tokens):
        words.add(mix(t))
        if n >= 1:
            words.add(mix(((one * PAIR) & MASK) ^ t))
        if n >= 2:
            words.add(mix((((((two * PAIR) & MASK) ^ one) * PAIR) & MASK) ^ t))
            if skip_grams:
                words.add(mix(((two * GAP) & MASK) ^ t))
        two, one = one, t
    return chars, words


def windows(text, **options):
    """Features of the windows of a text: each two neighbouring blocks, or the only one. Yields (start, end, chars, words)."""
    u = units(text)
    b = blocks(u)
    f = [block_features(u, s, e, **options) for s, e in b]
    if len(b) == 1:
        yield (*b[0], *f[0])
    for (s, _), (_, e), (c1, w1), (c2, w2) in zip(b, b[1:], f, f[1:]):
        yield s, e, c1 | c2, w1 | w2
