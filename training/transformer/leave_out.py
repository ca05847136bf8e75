"""Scores of texts whose sources were left out, by the heads alone and together with the linear classifier."""

import numpy as np

from heads import train
from rows import CLASSIFIER_SETTINGS, evaluate, row_weights
from settings import HEAD


def fit(data, pieces, chosen, head):
    return train(data, pieces, chosen, row_weights(data, chosen, CLASSIFIER_SETTINGS[head]), HEAD[head])


def folds_of(data, head):
    """Rows that each fold leaves out, rows it trains on, and weights of its natural benign rows. The folds are those of training/classifier."""
    for sources in evaluate.FOLDS[head].values():
        out = (*sources, *evaluate.ALWAYS_OUT[head])
        home = np.isin(data.source, sources)
        test = np.isin(data.source, out)
        near = np.isin(data.cluster, data.cluster[test])
        made = np.array([any(parent in out for parent in parents) for parents in data.parents])
        yield home, np.flatnonzero(~test & ~near & ~made), evaluate.natural_weights(data, head, test)


def head_scores(data, pieces, head):
    """Raw scores by fold: for each its rows left out, and its natural benign rows."""
    result = []
    for home, chosen, natural in folds_of(data, head):
        weights, bias = fit(data, pieces, chosen, head)
        needed = np.flatnonzero((home & (data.channel == head)) | (natural > 0))
        raw = np.full(len(data.rows), np.nan)
        raw[needed] = pieces.row_scores(weights, bias, needed)
        result.append({"home": home, "natural": natural, "raw": raw})
    return result


def classifier_scores(full, numbers, data, head, stored):
    """The same of the linear classifier, for the same rows. `stored`: what evaluate.left_out_scores returned for all its rows."""
    scores, fold, folds = stored
    result = []
    for n, ((home, _, natural), (_, _, all_natural)) in enumerate(zip(folds_of(data, head), folds_of(full, head), strict=True)):
        raw = np.full(len(full.rows), np.nan)
        raw[fold == n] = scores[fold == n]
        raw[np.flatnonzero(all_natural)] = folds[n]["benign"]
        result.append({"home": home, "natural": natural, "raw": raw[numbers] + folds[n]["threshold"]})
    return result


def at_own_threshold(scored):
    """Distances from the threshold that 1 % of the natural benign rows of each fold reach: scores of differently trained models do not compare.

    Returns what evaluate.measure takes, and the mean threshold."""
    size = len(scored[0]["raw"])
    scores, fold, folds = np.full(size, np.nan), np.full(size, -1), []
    for n, one in enumerate(scored):
        benign = np.flatnonzero(one["natural"])
        raw, weights = one["raw"][benign], one["natural"][benign]
        threshold = evaluate.threshold_at(raw, weights, 0.01)
        scores[one["home"]] = one["raw"][one["home"]] - threshold
        fold[one["home"]] = n
        folds.append({"threshold": float(threshold), "benign": raw - threshold, "weights": weights})
    return (scores, fold, folds), float(np.mean([f["threshold"] for f in folds]))


def calibrated(data, head, scored):
    """Calibrates raw scores to log odds.

    Returns them by fold, each with the threshold of its own fold as what is calibrated; the same with the mean threshold, as a shipped
    model has it; slope and offset for a raw score; and the mean threshold in log odds.
    """
    measured, mean = at_own_threshold(scored)
    slope, offset = evaluate.platt(data, head, *measured)
    own = [{**one, "raw": slope * (one["raw"] - fold["threshold"]) + offset} for one, fold in zip(scored, measured[2])]
    shipped = [{**one, "raw": slope * (one["raw"] - mean) + offset} for one in scored]
    return own, shipped, (slope, offset - slope * mean), offset


def together(linear, model, share):
    """Weighted mean of two sorts of log odds."""
    return [{**a, "raw": (1 - share) * a["raw"] + share * b["raw"]} for a, b in zip(linear, model)]


# Added to the log odds of a text that the classifier decides alone, so that it lies on its side of any threshold.
_ALONE = 100.0


def cascade(linear, both, low, high):
    """The mode `uncertain`: below `low` and from `high` on (log odds) the classifier decides alone."""
    result = []
    for a, c in zip(linear, both):
        raw = np.where(a["raw"] >= high, _ALONE + a["raw"], np.where(a["raw"] < low, a["raw"] - _ALONE, c["raw"]))
        result.append({**c, "raw": np.where(np.isnan(c["raw"]), np.nan, raw)})
    return result


def at_one_threshold(data, head, scored, threshold):
    """What a single threshold for all folds gives, as whoever uses the model has it: mean recall over folds, mean false positive rate, and both by fold."""
    recall, fpr = [], []
    for one in scored:
        attacks = one["raw"][one["home"] & (data.label == 1) & (data.channel == head)]
        benign = one["natural"] > 0
        recall.append(float((attacks >= threshold).mean()))
        fpr.append(float((one["natural"] * (one["raw"] >= threshold))[benign].sum() / one["natural"].sum()))
    return {"recall": float(np.mean(recall)), "fpr": float(np.mean(fpr)), "recalls": recall, "fprs": fpr}


def band(linear, low_share, high_fpr):
    """Log odds of the classifier between which the model is asked: below are so many of the natural benign rows, from the upper end on so few."""
    raw = np.concatenate([one["raw"][one["natural"] > 0] for one in linear])
    weights = np.concatenate([one["natural"][one["natural"] > 0] for one in linear])
    return float(evaluate.threshold_at(raw, weights, 1 - low_share)), float(evaluate.threshold_at(raw, weights, high_fpr))
