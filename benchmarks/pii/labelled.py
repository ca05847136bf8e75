"""Makes a labelled set with the generator of presidio-evaluator (its templates, its records, Faker): one JSON object per line on stdout.

pip install presidio-evaluator==0.3.2 && python benchmarks/pii/labelled.py [rows per locale] > labelled.jsonl

`part` is `development` for every fifth template and `held-out` for the rest: rows of one template never stand on both sides.
"""
import contextlib
import hashlib
import json
import random
import sys
import warnings

from faker import Faker

warnings.filterwarnings("ignore")
with contextlib.redirect_stdout(sys.stderr):
    from presidio_evaluator.data_generator import PresidioSentenceFaker
    from presidio_evaluator.data_generator.presidio_sentence_faker import presidio_templates_file_path

LOCALES = ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "pt_BR", "sv_SE", "en_IN", "en_AU"]


# Why: the file writes line ends as `\\n`; the published set has real ones.
TEMPLATES = [line.strip().replace("\\n", "\n") for line in presidio_templates_file_path.read_text().splitlines()]


def rows(locale: str, count: int, seed: int):
    with contextlib.redirect_stdout(sys.stderr):
        maker = PresidioSentenceFaker(locale=locale, lower_case_ratio=0.05, sentence_templates=TEMPLATES, random_seed=seed)
        PresidioSentenceFaker.seed(seed)
        Faker.seed(seed)
        random.seed(seed)
        samples = maker.generate_new_fake_sentences(count)
    for sample in samples:
        text = sample.fake if hasattr(sample, "fake") else sample.full_text
        template = sample.template_id
        part = "development" if int(hashlib.sha256(str(template).encode()).hexdigest(), 16) % 5 == 0 else "held-out"
        # Why UTF-16: that is how JavaScript counts.
        at = lambda offset: len(text[:offset].encode("utf-16-le")) // 2
        labels = [{"type": span.entity_type, "start": at(span.start_position), "end": at(span.end_position)} for span in sample.spans]
        yield {"text": text, "labels": sorted(labels, key=lambda label: label["start"]), "template": template, "locale": locale, "part": part}


if __name__ == "__main__":
    per_locale = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for number, locale in enumerate(LOCALES):
        for row in rows(locale, per_locale * (4 if locale == "en_US" else 1), 1000 + number):
            print(json.dumps(row, ensure_ascii=False))
