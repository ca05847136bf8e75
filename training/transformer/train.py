"""Trains the heads, measures them on left-out sources alone and together with the classifier, and writes the package and the model card.

    python train.py --data FOLDER --normalised FILE --work FOLDER [--part N/M]

With `--part`, only computes every M-th window's features, so that several processes can share the work; without, it does what is missing.
"""

import argparse
import json
import pickle
from pathlib import Path

import numpy as np
import onnx
import torch

import embed
from encoder import Encoder, pretrained_folder
from package import write_package
from heads import Pieces
from leave_out import at_one_threshold, at_own_threshold, band, calibrated, cascade, classifier_scores, fit, head_scores, together
from onnx_graph import build, quantise
from rows import CLASSIFIER_SETTINGS, all_windows, build_matrix, evaluate, load, tokenizer
from settings import BAND, LAYERS, READ, SHARE, SURE_ABOVE
from transformer_card import write_card

ROOT = Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with train-attacks.jsonl.gz and train-benign.jsonl.gz")
    parser.add_argument("--normalised", help="what training/classifier/normalise.ts wrote for the same folder")
    parser.add_argument("--work", required=True, type=Path, help="folder for what is made on the way (1 GB)")
    parser.add_argument("--part", default="0/1")
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    full, data, numbers = load(options.data, options.normalised)
    windows, first = all_windows(data.rows, tokenizer(pretrained_folder()))
    features = options.work / "features.npy"
    done = options.work / f"done-{part}-{parts}"
    if not done.exists():
        embed.store(encoder_file(options.work), windows, features, Encoder.WIDTH * len(READ), part, parts)
        done.touch()
    if parts > 1:
        return
    starts = np.cumsum([0, *map(embed.pieces, windows)])
    pieces = Pieces(np.load(features, mmap_mode="r"), starts, first)
    heads = {head: measured(head, full, data, numbers, pieces, options.work) for head in ("user", "document")}
    final = {head: stored(options.work / f"final-{head}.pkl", lambda: fit(data, pieces, np.arange(len(data.rows)), head)) for head in heads}
    weights = np.stack([final[head][0] for head in heads]), np.array([final[head][1] for head in heads])
    plain = options.work / "plain.onnx"
    onnx.save(build(Encoder(pretrained_folder(), LAYERS), READ, weights), plain)
    results = write_package(ROOT / "packages/guard-minilm", plain, quantise, heads, data, windows, first, pieces, final)
    (Path(__file__).parent / "results.json").write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
    write_card(Path(__file__).parent / "model-card.md", results, data)


def encoder_file(work):
    path = work / "encoder.onnx"
    if not path.exists():
        onnx.save(build(Encoder(pretrained_folder(), LAYERS), READ), work / "encoder-plain.onnx")
        quantise(work / "encoder-plain.onnx", path)
    return path


def stored(path, make):
    """What was made before, or what is made now. Remove the file when settings change."""
    if not path.exists():
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())


def measured(head, full, data, numbers, pieces, work):
    """All numbers of a head: alone, together always, together where the classifier is uncertain; and the settings that follow."""
    left_out = stored(work / f"classifier-{head}.pkl", lambda: evaluate.left_out_scores(build_matrix(full.rows), head, CLASSIFIER_SETTINGS[head]))
    linear = classifier_scores(full, numbers, data, head, left_out)
    alone = stored(work / f"alone-{head}.pkl", lambda: head_scores(data, pieces, head))
    linear_own, linear_shipped, (linear_slope, _), linear_threshold = calibrated(data, head, linear)
    # The shipped threshold of the classifier has a margin.
    linear_threshold += linear_slope * CLASSIFIER_SETTINGS[head]["margin"]
    linear_sure = linear_threshold + linear_slope * SURE_ABOVE[head]
    model_own, model_shipped, (slope, offset), model_threshold = calibrated(data, head, alone)
    both_own, both_shipped = together(linear_own, model_own, SHARE[head]), together(linear_shipped, model_shipped, SHARE[head])
    low, high = band(linear_own, **BAND)
    high = max(high, linear_sure)
    some_own, some_shipped = cascade(linear_own, both_own, low, high), cascade(linear_shipped, both_shipped, low, high)
    # What the classifier is sure of blocks before the model is asked, in both modes.
    all_own, all_shipped = cascade(linear_own, both_own, -np.inf, high), cascade(linear_shipped, both_shipped, -np.inf, high)
    always, always_mean = at_own_threshold(all_own)
    uncertain, uncertain_mean = at_own_threshold(some_own)
    # One threshold serves both modes: the stricter one.
    threshold = max(always_mean, uncertain_mean)
    sure = threshold + linear_slope * SURE_ABOVE[head]
    asked = [float((one["natural"] * ((a["raw"] >= low) & (a["raw"] < high))).sum() / one["natural"].sum()) for a, one in zip(linear_own, both_own)]
    return {
        "linear": evaluate.measure(data, head, *at_own_threshold(linear)[0]),
        "alone": evaluate.measure(data, head, *at_own_threshold(alone)[0]),
        "always": evaluate.measure(data, head, *always),
        "uncertain": evaluate.measure(data, head, *uncertain),
        "one threshold": {
            "classifier": at_one_threshold(data, head, linear_shipped, linear_threshold),
            "model": at_one_threshold(data, head, model_shipped, model_threshold),
            "always": at_one_threshold(data, head, all_shipped, threshold),
            "uncertain": at_one_threshold(data, head, some_shipped, threshold),
            "classifier sure": at_one_threshold(data, head, linear_shipped, linear_sure),
            "uncertain sure": at_one_threshold(data, head, some_shipped, sure),
        },
        "asked": float(np.mean(asked)),
        "settings": {"slope": slope, "offset": offset, "model_threshold": model_threshold, "low": low, "high": high, "threshold": threshold, "sure": sure, "share": SHARE[head]},
    }


if __name__ == "__main__":
    main()
