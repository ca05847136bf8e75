"""Trains both heads, measures them on left-out sources, writes weights, golden vectors and the numbers of the model card.

    python train.py --data FOLDER --normalised FILE [--skip-evaluation]
"""

import argparse
import json
from pathlib import Path

import numpy as np

import corpus
from config import HEADS
from dataset import build
from evaluate import left_out_scores, measure, platt
from export import golden, write
from golden_texts import TEXTS
from linear import train
from model_card import write_card
from own_hard import hard_rows
from own_text import own_rows

ROOT = Path(__file__).resolve().parents[2]
CLASSIFIER = ROOT / "src/patterns/classifier"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with train-attacks.jsonl.gz and train-benign.jsonl.gz")
    parser.add_argument("--normalised", help="what normalise.ts wrote for the same folder")
    options = parser.parse_args()
    data = build(corpus.load(options.data, own_rows() + hard_rows(), options.normalised))
    heads, results = {}, {}
    for head, config in HEADS.items():
        scores, fold, folds = left_out_scores(data, head, config)
        results[head] = measure(data, head, scores, fold, folds)
        slope, offset = platt(data, head, scores, fold, folds)
        weights, bias = train(data, np.arange(len(data.rows)), config)
        # The slope and offset count from the mean threshold of the folds; the file counts from the score.
        threshold = 1 / (1 + np.exp(-(offset + slope * config["margin"])))
        offset -= slope * results[head]["threshold"]
        heads[head] = {"weights": weights, "bias": bias, "slope": slope, "offset": offset, "threshold": float(threshold)}
        print(head, json.dumps(results[head]["macro"]), flush=True)
    rounded, digest = write(CLASSIFIER / "weights.bin", heads)
    golden(CLASSIFIER / "golden.json", rounded, digest, TEXTS)
    (Path(__file__).parent / "results.json").write_text(json.dumps({"digest": digest, "heads": results}, indent=1, sort_keys=True) + "\n")
    write_card(ROOT / "training/model-card.md", digest, data, results, rounded)


if __name__ == "__main__":
    main()
