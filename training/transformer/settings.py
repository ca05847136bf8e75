"""Settings. Chosen by leaving out whole sources; see the model card."""

SEED = 1
LAYERS = 6
# Layers whose output the heads read.
READ = (2, 3, 4, 5, 6)
# Tokens of a piece that is judged by itself; pieces overlap by half.
CHUNK = 32
# Tokens of a window with [CLS] and [SEP], and how far the next window begins behind it. Why 128: attention is quadratic, attacks are short.
WINDOW = 128
STRIDE = 96
MAX_WINDOWS = 8

# Rows of large, repetitive sources that take part, in training as in measuring. Why: everything here runs on a processor with two cores.
MOST_ROWS = {
    ("promptbook", "document", 0): 600,
    ("authored", "document", 1): 800,
    ("authored", "document", 0): 800,
    ("gpteacher", "user", 0): 2000,
    ("hh-rlhf", "user", 0): 2000,
    ("planted", "document", 1): 800,
}

# Sources of training/classifier that take no part: they were written after the features were made.
NOT_HERE = "own-hard-"

_HEAD = {
    "steps": 300,
    "batch": 96,
    "most_pieces": 8,
    "rate": 0.05,
    "decay": 1e-3,
    "dropout": 0.1,
    "smoothing": 0.02,
    # Weight of the over-defence loss, and share of a batch drawn among the benign rows that score highest.
    "overdefence": 0.5,
    "hard_share": 0.25,
}
HEAD = {"user": _HEAD, "document": _HEAD}
# Weight of the model's log odds beside those of the classifier.
SHARE = {"user": 0.35, "document": 0.35}
# From this far above the threshold on a text is blocked, in linear score of the classifier, which has it too: SURE_ABOVE of
# src/engine/guard/load-classifier.ts. Between the threshold and that is a reason for review.
SURE_ABOVE = {"user": 0.0, "document": 2.0}
# Where the model is asked in the mode `uncertain`: the natural benign texts below and above, as shares.
BAND = {"low_share": 0.5, "high_fpr": 0.002}
