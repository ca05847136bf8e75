"""Writes the npm package with the model: int8 ONNX, vocabulary, manifest; and golden numbers for the tests of what runs it."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime

from embed import Runner
from encoder import pretrained_folder
from rows import GOLDEN_TEXTS, tokenizer, windows
from settings import STRIDE, WINDOW

HEADS = ("user", "document")


def sigmoid(x):
    return float(1 / (1 + np.exp(-x)))


def write_package(folder, plain, quantise, measured, data, all_windows, first, pieces, final):
    """Returns the results for the model card, with how far the written file is from what was measured."""
    quantise(plain, folder / "model.onnx")
    shutil.copyfile(pretrained_folder() / "vocab.txt", folder / "vocab.txt")
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "vocab.txt")}
    (folder / "cordon-model.json").write_text(json.dumps(manifest(measured, digests), indent=2) + "\n")
    runner = Runner(folder / "model.onnx")
    golden(Path(__file__).resolve().parents[2] / "src/engine/guard/model/golden-minilm.json", runner, digests["model.onnx"])
    return {"heads": measured, "sha256": digests, "runtime": onnxruntime.__version__, "bytes": (folder / "model.onnx").stat().st_size, "deviation": deviation(runner, all_windows, first, pieces, final)}


def manifest(measured, digests):
    heads, combine = {}, {}
    for n, head in enumerate(HEADS):
        s = measured[head]["settings"]
        heads[head] = {"attack": [n], "among": [n], "slope": round(s["slope"], 6), "offset": round(s["offset"], 6), "threshold": round(sigmoid(s["model_threshold"]), 6)}
        combine[head] = {
            "low": round(sigmoid(s["low"]), 6),
            "high": round(sigmoid(s["high"]), 6),
            "classifier": 1 - s["share"],
            "model": s["share"],
            "offset": 0,
            "threshold": round(sigmoid(s["threshold"]), 6),
            "sure": round(sigmoid(s["sure"]), 6),
        }
    return {
        "schema": "cordon/guard-model/1",
        "name": "guard-minilm",
        "license": "Apache-2.0",
        "model": "model.onnx",
        "tokenizer": "vocab.txt",
        "lowercase": True,
        "sha256": digests,
        "window": WINDOW,
        "overlap": WINDOW - 2 - STRIDE,
        "maxWindows": 32,
        "batch": 1,
        "heads": heads,
        "combine": combine,
    }


def golden(path, runner, digest):
    """Token ids and outputs of some texts: the same must come out of the other implementation."""
    tok = tokenizer(pretrained_folder())
    cls, sep = tok.token_to_id("[CLS]"), tok.token_to_id("[SEP]")
    rows = []
    for text in (t for t in GOLDEN_TEXTS if t == t.encode("utf8", "replace").decode("utf8") and len(t) < 2000):
        cut = windows(tok.encode(text, add_special_tokens=False).ids, cls, sep)
        rows.append({"text": text, "ids": cut[0], "logits": [round(float(x), 4) for x in runner.run(cut[0])]})
    path.write_text(json.dumps({"sha256": digest, "rows": rows}, indent=1) + "\n")


def deviation(runner, all_windows, first, pieces, final, number=300, seed=5):
    """Largest and mean difference between the file that is shipped and the scores that were measured, over some texts."""
    chosen = np.random.default_rng(seed).choice(len(first) - 1, number, replace=False)
    differences = []
    for i in chosen:
        shipped = np.max([runner.run(w) for w in all_windows[first[i] : first[i + 1]]], 0)
        differences += [abs(float(shipped[n]) - float(pieces.row_scores(*final[head], [i])[0])) for n, head in enumerate(HEADS)]
    return {"largest": float(np.max(differences)), "mean": float(np.mean(differences)), "texts": number}
