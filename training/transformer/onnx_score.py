"""Scores windows with an ONNX model as the guard does: one window at a time on one thread."""

import numpy as np
import onnxruntime


class Scorer:
    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def score(self, windows):
        """Highest logit of each head. Why one by one: activations are quantised by the range of the whole batch."""
        return np.max([self.session.run(["logits"], {"input_ids": np.array([w]), "attention_mask": np.ones((1, len(w)), np.int64)})[0][0] for w in windows], 0)
