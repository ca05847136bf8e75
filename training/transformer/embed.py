"""Features of all windows from the int8 encoder: what the heads are trained on is what they read at run time."""

import numpy as np
import onnxruntime

from settings import CHUNK


def pieces(window):
    """Number of pieces of a window."""
    return len(window) // (CHUNK // 2) + 1


class Runner:
    """An ONNX model on one thread, one window at a time. Why one by one: activations are quantised by the range of the whole batch."""

    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(self, window):
        return self.session.run(None, {"input_ids": np.array([window]), "attention_mask": np.ones((1, len(window)), np.int64)})[0][0]


def store(model, windows, path, width, part=0, parts=1):
    """Writes the features of every `parts`-th window, beginning with `part`, half precision."""
    starts = np.cumsum([0, *map(pieces, windows)])
    out = np.lib.format.open_memmap(path, "r+" if path.exists() else "w+", np.float16, (int(starts[-1]), width))
    runner = Runner(model)
    for n in range(part, len(windows), parts):
        out[starts[n] : starts[n + 1]] = runner.run(windows[n])
    out.flush()
