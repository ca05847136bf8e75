"""Trains with each fold of sources left out and once with all, exports every model to int8 ONNX, and scores what was left out with it.

    python train.py --data FOLDER --normalised FILE --work FOLDER [--folds 0,1,2,3,4,all]

Folds that the work folder already has are not trained again, so several processes can share them out.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnx
import torch

from config import ALWAYS_OUT, FOLDS
from encoder import pretrained_folder
from onnx_graph import build, quantise
from onnx_score import Scorer
from rows import all_windows, classifier_settings, load, tokenizer
from tune import States, store, train


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with train-attacks.jsonl.gz and train-benign.jsonl.gz")
    parser.add_argument("--normalised", help="what training/classifier/normalise.ts wrote for the same folder")
    parser.add_argument("--work", required=True, type=Path, help="folder for what is made on the way (4 GB)")
    parser.add_argument("--folds", default="0,1,2,3,4,all")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    data, numbers = load(options.data, options.normalised)
    windows, first = all_windows(data.rows, tokenizer(pretrained_folder()))
    print(len(data.rows), "rows,", len(windows), "windows,", sum(map(len, windows)), "tokens", flush=True)
    np.save(options.work / "rows.npy", numbers)
    states = options.work / "states.npy"
    if not states.exists():
        store(windows, options.work / "states.part.npy")
        (options.work / "states.part.npy").rename(states)
    states = States(states, windows)
    for fold in options.folds.split(","):
        one(data, windows, states, first, fold, options.work)


def one(data, windows, states, first, fold, work):
    """A model and its scores: `model-FOLD.onnx`, `scores-FOLD.npy` (rows, 2), nan for rows that were not left out."""
    if (work / f"scores-{fold}.npy").exists():
        return
    started = time.time()
    test = np.zeros(len(data.rows), bool)
    chosen = np.arange(len(data.rows))
    if fold != "all":
        sources = (*list(FOLDS.values())[int(fold)], *ALWAYS_OUT)
        test = np.isin(data.source, sources)
        near = np.isin(data.cluster, data.cluster[test])
        made = np.array([any(parent in sources for parent in parents) for parents in data.parents])
        chosen = np.flatnonzero(~test & ~near & ~made)
    model = train(data, states, first, chosen, classifier_settings())
    plain, small = work / f"plain-{fold}.onnx", work / f"model-{fold}.onnx"
    onnx.save(build(model.encoder, model.weight.detach().numpy(), model.bias.detach().numpy()), plain)
    quantise(plain, small)
    scores = np.full((len(data.rows), 2), np.nan, np.float32)
    scorer = Scorer(small)
    for i in np.flatnonzero(test):
        scores[i] = scorer.score(windows[first[i] : first[i + 1]])
    np.save(work / f"scores-{fold}.npy", scores)
    print("fold", fold, json.dumps({"trained on": len(chosen), "left out": int(test.sum()), "seconds": round(time.time() - started)}), flush=True)


if __name__ == "__main__":
    main()
