"""Trains a head: a linear score of pieces; a window, and a text, is as bad as its worst piece.

Rows are drawn by weight, a quarter of the benign ones among those that score highest. The loss adds to the logistic one an over-defence
loss: attacks are to score above the benign texts that score highest.
"""

import numpy as np
import torch
import torch.nn.functional as F

from settings import SEED


class Pieces:
    """Features of all pieces, and which belong to a row."""

    def __init__(self, features, starts, first):
        self.features = features
        self.start = starts[first[:-1]]
        self.end = starts[first[1:]]

    def row_scores(self, weights, bias, rows):
        """Highest score of a piece of each row."""
        out = np.empty(len(rows), np.float32)
        for n, i in enumerate(rows):
            out[n] = (self.features[self.start[i] : self.end[i]].astype(np.float32) @ weights).max() + bias
        return out

    def batch(self, rows, most, rng):
        """Features of the pieces of some rows, at most so many of each, and the row that each belongs to."""
        chosen, owner = [], []
        for n, i in enumerate(rows):
            mine = np.arange(self.start[i], self.end[i])
            if len(mine) > most:
                mine = np.sort(rng.choice(mine, most, replace=False))
            chosen.append(mine)
            owner.append(np.full(len(mine), n))
        chosen = np.concatenate(chosen)
        return torch.from_numpy(self.features[chosen].astype(np.float32)), torch.from_numpy(np.concatenate(owner))


def train(data, pieces, chosen, weights, config):
    """Weights over the features, and the bias."""
    rng = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    chosen, weights = chosen[weights > 0], weights[weights > 0]
    probabilities = weights / weights.sum()
    labels = data.label[chosen]
    sample, _ = pieces.batch(chosen[rng.choice(len(chosen), 1500, p=probabilities)], 4, rng)
    mean, scale = sample.mean(0), (sample.std(0) + 1e-3) * sample.shape[1] ** 0.5
    w = torch.zeros(sample.shape[1], requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    optimiser = torch.optim.Adam([w, b], lr=config["rate"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config["rate"], total_steps=config["steps"], pct_start=0.1)
    average, counted, hard = torch.zeros_like(w), 0, np.zeros(0, int)
    average_bias = 0.0
    for step in range(config["steps"]):
        if step in (config["steps"] // 3, 2 * config["steps"] // 3):
            hard = _hard(data, pieces, chosen, labels, w, mean, scale, rng)
        number = int(config["batch"] * config["hard_share"]) if len(hard) else 0
        drawn = np.concatenate([rng.choice(len(chosen), config["batch"] - number, p=probabilities), rng.choice(hard, number) if number else np.zeros(0, int)])
        x, owner = pieces.batch(chosen[drawn], config["most_pieces"], rng)
        scores = F.dropout((x - mean) / scale, config["dropout"]) @ w + b
        z = torch.full((len(drawn),), -torch.inf).scatter_reduce(0, owner, scores, "amax")
        y = torch.from_numpy(labels[drawn]).float()
        loss = F.binary_cross_entropy_with_logits(z, y * (1 - 2 * config["smoothing"]) + config["smoothing"])
        loss = loss + config["overdefence"] * overdefence(z, y) + config["decay"] * (w * w).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step >= config["steps"] // 2:
            average, average_bias, counted = average + w.detach(), average_bias + float(b.detach()), counted + 1
    final = average / counted / scale
    return final.numpy(), average_bias / counted - float(final @ mean)


def overdefence(z, y):
    """Mean pairwise logistic loss of attacks against the worst quarter of the benign texts."""
    attacks, benign = z[y == 1], z[y == 0]
    if len(attacks) == 0 or len(benign) == 0:
        return z.sum() * 0
    highest = benign.topk(max(1, len(benign) // 4)).values
    return F.softplus(1 - (attacks[:, None] - highest[None, :])).mean()


def _hard(data, pieces, chosen, labels, w, mean, scale, rng, looked=2500, kept=250):
    """Places, in `chosen`, of benign rows that score highest among some."""
    weights = (w.detach() / scale).numpy()
    benign = np.flatnonzero(labels == 0)
    some = rng.choice(benign, min(looked, len(benign)), replace=False)
    return some[np.argsort(-pieces.row_scores(weights, 0.0, chosen[some]))[:kept]]
