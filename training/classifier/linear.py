"""Trains one head: logistic regression on windows, by averaged stochastic gradient descent.

A row is an attack when one of its windows is (multiple-instance learning): after a first round on all windows of an attack, further
rounds keep only those that the model finds most suspicious. Several runs with different orders are averaged; a mean of linear models is
one linear model, so it costs nothing at run time.
"""

import numpy as np
from sklearn.linear_model import SGDClassifier

from dataset import row_weights


def train(data, chosen, config):
    """Weights over both bucket spaces and the bias."""
    runs = [_run(data, chosen, config, config["seed"] + n) for n in range(config["runs"])]
    return np.mean([w for w, _ in runs], 0), float(np.mean([b for _, b in runs]))


def _run(data, chosen, config, seed):
    weights = row_weights(data, chosen, config)
    chosen, weights = chosen[weights > 0], weights[weights > 0]
    rng = np.random.default_rng(seed)
    picked, owner = [], []
    for n, i in enumerate(chosen):
        mine = np.arange(data.first[i], data.first[i + 1])
        if data.label[i] == 0 and len(mine) > config["benign_windows"]:
            mine = np.sort(rng.choice(mine, config["benign_windows"], replace=False))
        picked.append(mine)
        owner += [n] * len(mine)
    owner = np.array(owner)
    matrix = data.matrix[np.concatenate(picked)]
    attack = data.label[chosen][owner] == 1
    keep = np.ones(len(owner), bool)
    for round_ in range(config["rounds"] + 1):
        count = np.bincount(owner[keep], minlength=len(chosen))
        share = np.where(attack, count[owner], count[owner] ** config["window_power"])
        sample = weights[owner[keep]] / share[keep]
        model = SGDClassifier(loss="log_loss", alpha=config["alpha_l2"], max_iter=config["epochs"], tol=None, average=True, random_state=seed)
        model.fit(matrix[keep], attack[keep], sample_weight=sample / sample.mean())
        w, b = model.coef_[0], float(model.intercept_[0])
        score = matrix @ w + b
        best = np.full(len(chosen), -np.inf)
        np.maximum.at(best, owner, score)
        keep = ~attack | (score >= best[owner] - config["slack"])
    return w, b
