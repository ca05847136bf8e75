"""Tunes the upper layers and both heads on the stored output of the frozen layers."""

import time

import numpy as np
import torch
import torch.nn.functional as F

from config import FROZEN, LAYERS, SEED, TRAINING
from dataset import row_weights
from encoder import Encoder, pad, pooled, pretrained_folder

HEADS = ("user", "document")


def store(windows, path, batch=64):
    """Writes the output of the frozen layers for all tokens of all windows, half precision, window after window."""
    encoder = Encoder(pretrained_folder(), FROZEN)
    starts = np.cumsum([0, *map(len, windows)])
    out = np.lib.format.open_memmap(path, "w+", np.float16, (int(starts[-1]), encoder.width))
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
    with torch.inference_mode():
        for s in range(0, len(order), batch):
            part = order[s : s + batch]
            ids, mask = pad([windows[i] for i in part])
            x = encoder.embed(ids)
            for n in range(FROZEN):
                x = encoder.layer(n, x, mask)
            x = x.half().numpy()
            for k, i in enumerate(part):
                out[starts[i] : starts[i + 1]] = x[k, : len(windows[i])]
    out.flush()


class States:
    """What `store` wrote, by window."""

    def __init__(self, path, windows):
        self.starts = np.cumsum([0, *map(len, windows)])
        self.flat = np.load(path, mmap_mode="r")

    def lengths(self, chosen):
        return self.starts[chosen + 1] - self.starts[chosen]

    def batch(self, chosen):
        lengths = self.lengths(chosen)
        x = torch.zeros(len(chosen), int(lengths.max()), self.flat.shape[1])
        mask = torch.zeros(x.shape[:2], dtype=torch.bool)
        for n, i in enumerate(chosen):
            x[n, : lengths[n]] = torch.from_numpy(self.flat[self.starts[i] : self.starts[i + 1]].astype(np.float32))
            mask[n, : lengths[n]] = True
        return x, mask


class Tuned:
    """The encoder with its heads; layers from FROZEN on are trained."""

    def __init__(self):
        self.encoder = Encoder(pretrained_folder(), LAYERS)
        self.weight = torch.zeros(2, self.encoder.width, requires_grad=True)
        self.bias = torch.zeros(2, requires_grad=True)
        above = tuple(f"encoder.layer.{n}." for n in range(FROZEN, LAYERS))
        self.tuned = [t.requires_grad_(True) for name, t in self.encoder.weights.items() if name.startswith(above)]

    def logits(self, x, mask, dropout=0.0):
        for n in range(FROZEN, LAYERS):
            x = self.encoder.layer(n, x, mask, dropout)
        return F.linear(F.dropout(pooled(x, mask), dropout), self.weight, self.bias)

    @torch.inference_mode()
    def score(self, states, chosen, batch=64):
        """Logits of the chosen windows, (windows, 2)."""
        out = np.zeros((len(chosen), 2), np.float32)
        order = np.argsort(states.lengths(chosen), kind="stable")
        for s in range(0, len(order), batch):
            part = order[s : s + batch]
            out[part] = self.logits(*states.batch(chosen[part])).numpy()
        return out


def train(data, states, first, chosen, configs):
    """Trains on the chosen rows. `configs` are the settings of training/classifier: they give the weights of rows for each head."""
    c = TRAINING
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    model = Tuned()
    optimiser = torch.optim.AdamW([{"params": model.tuned, "lr": c["rate"]}, {"params": [model.weight, model.bias], "lr": c["head_rate"]}], weight_decay=c["decay"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [c["rate"], c["head_rate"]], total_steps=c["steps"], pct_start=0.1)
    weights = [row_weights(data, chosen, config) for config in configs]
    weights = [w / w.sum() for w in weights]
    shown = np.array([rng.integers(first[i], first[i + 1]) for i in chosen])
    hard = [np.zeros(0, int), np.zeros(0, int)]
    started = time.time()
    for step in range(c["steps"]):
        if step == int(c["steps"] * c["choose_after"]):
            shown, hard = worst(model, data, states, first, chosen, weights, shown, rng)
        loss = 0
        for h in range(2):
            number = int(c["batch"][h] * c["hard_share"]) if len(hard[h]) else 0
            drawn = np.concatenate([rng.choice(len(chosen), c["batch"][h] - number, p=weights[h]), rng.choice(hard[h], number) if number else np.zeros(0, int)])
            z = model.logits(*states.batch(shown[drawn]), c["dropout"])[:, h]
            y = torch.tensor(data.label[chosen[drawn]]).float()
            loss = loss + F.binary_cross_entropy_with_logits(z, y * (1 - 2 * c["smoothing"]) + c["smoothing"]) + c["overdefence"] * overdefence(z, y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 40 == 0:
            print(f"  step {step}: loss {loss.item():.3f}, {time.time() - started:.0f} s", flush=True)
    return model


def overdefence(z, y):
    """Attacks are to score above the benign texts that score highest: mean pairwise logistic loss against the worst quarter of the benign."""
    attacks, benign = z[y == 1], z[y == 0]
    if len(attacks) == 0 or len(benign) == 0:
        return z.sum() * 0
    highest = benign.topk(max(1, len(benign) // 4)).values
    return F.softplus(1 - (attacks[:, None] - highest[None, :])).mean()


def worst(model, data, states, first, chosen, weights, shown, rng):
    """For each row the window that the model finds worst, of those looked at; for each head the benign rows that score highest."""
    c = TRAINING
    several = first[chosen + 1] - first[chosen] > 1
    benign = np.flatnonzero(data.label[chosen] == 0)
    looked = np.union1d(np.flatnonzero((data.label[chosen] == 1) & several), rng.choice(benign, min(len(benign), c["choose_benign"]), replace=False))
    picked, owner = [], []
    for n in looked:
        mine = np.arange(first[chosen[n]], first[chosen[n] + 1])
        picked.append(mine if len(mine) <= c["choose_among"] else rng.choice(mine, c["choose_among"], replace=False))
        owner += [n] * len(picked[-1])
    picked, owner = np.concatenate(picked), np.array(owner)
    z = model.score(states, picked)
    own = np.where(data.channel[chosen[owner]] == HEADS[0], z[:, 0], z[:, 1])
    order = np.lexsort((own, owner))
    best = order[np.flatnonzero(np.append(owner[order][1:] != owner[order][:-1], True))]
    shown = shown.copy()
    shown[owner[best]] = picked[best]
    hard = []
    for h in range(2):
        usable = best[(data.label[chosen[owner[best]]] == 0) & (weights[h][owner[best]] > 0)]
        hard.append(owner[usable[np.argsort(-z[usable, h])[: max(50, len(usable) // 10)]]])
    return shown, hard
