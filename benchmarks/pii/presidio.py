"""Runs Presidio's analyzer over JSON lines with `text` on stdin: `{"found": [{type, start, end, score}]}` a line, and the seconds on stderr.

Its default is a spaCy model for names and places. Where that model is installed it is used; where it is not, the pattern recognizers run
alone, with the text of a word in place of its lemma so that their context words still work, and `ner` in the last line says so.
"""
import json
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine


@spacy.Language.component("text_as_lemma")
def text_as_lemma(doc):
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class WithoutModel(SpacyNlpEngine):
    def __init__(self):
        super().__init__(ner_model_configuration=NerModelConfiguration())
        blank = spacy.blank("en")
        blank.add_pipe("text_as_lemma")
        self.nlp = {"en": blank}


def analyzer():
    if spacy.util.is_package("en_core_web_lg"):
        return AnalyzerEngine(), "en_core_web_lg"
    return AnalyzerEngine(nlp_engine=WithoutModel()), "none"


if __name__ == "__main__":
    engine, ner = analyzer()
    texts = [json.loads(line)["text"] for line in sys.stdin]
    engine.analyze(text="warm up 555-123-4567", language="en")
    started = time.perf_counter()
    found = [engine.analyze(text=text, language="en") for text in texts]
    seconds = time.perf_counter() - started
    for text, results in zip(texts, found):
        at = lambda offset: len(text[:offset].encode("utf-16-le")) // 2
        print(json.dumps({"found": [{"type": r.entity_type, "start": at(r.start), "end": at(r.end), "score": r.score} for r in results]}))
    print(json.dumps({"seconds": seconds, "ner": ner}))
