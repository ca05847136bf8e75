"""Counts the two tables that the decoders of src/patterns/views judge by, and writes them as TypeScript.

    python3 count.py OUT_DIRECTORY ROWS.jsonl.gz...

Rows: {"text", "language", "source"}. Only sources whose licence lets derived statistics be shipped are read (SOURCES below).
* english-words.ts: English words found in at least 2 sources and 5 texts, most frequent first.
* letter-pairs.ts: -2*log2 P(next letter | letter) in base 36, over 8 languages in Latin script, marks stripped; English weighs
  as much as three others. `{` stands for the border of a word.
"""
import collections
import gzip
import json
import math
import re
import sys
import unicodedata

SOURCES = {'promptbook', 'openssl-man', 'arena-hard-v01', 'gpteacher', 'oasst', 'authored', 'pi-firewall', 'langchain-pi', 'bipia'}
UNMARKED_ENGLISH = {'bipia', 'langchain-pi', 'pi-firewall'}
PAIR_LANGUAGES = ('en', 'nl', 'de', 'it', 'fr', 'es', 'pt', 'tr')
ALPHABET = 'abcdefghijklmnopqrstuvwxyz{'


def fold(text):
    return ''.join(c for c in unicodedata.normalize('NFKD', text) if not unicodedata.combining(c))


def count(paths):
    words, sources = collections.Counter(), collections.defaultdict(set)
    pairs = {language: collections.Counter() for language in PAIR_LANGUAGES}
    for path in paths:
        for line in gzip.open(path, 'rt'):
            row = json.loads(line)
            if row['source'] not in SOURCES:
                continue
            text, language = fold(row['text']), row.get('language')
            if row['source'] == 'promptbook' and language in pairs:
                for word in re.findall('[A-Za-z]+', text):
                    word = '{' + word.lower() + '{'
                    pairs[language].update(a + b for a, b in zip(word, word[1:]))
            if language == 'en' or (language is None and row['source'] in UNMARKED_ENGLISH):
                for word in set(re.findall(r"(?<![A-Za-z'@/._-])[a-z]{2,16}(?![A-Za-z'@/_-])", text)):
                    words[word] += 1
                    sources[word].add(row['source'])
    return [w for w, n in words.most_common() if len(sources[w]) >= 2 and n >= 5], pairs


def pair_rows(pairs):
    mixed = collections.Counter()
    for language, counter in pairs.items():
        total, weight = sum(counter.values()), 3 if language == 'en' else 1
        for pair, n in counter.items():
            mixed[pair] += weight * n / total
    for a in ALPHABET:
        total = sum(mixed[a + b] for b in ALPHABET) + 1e-9
        yield ''.join(digit(-2 * math.log2((mixed[a + b] + total * 1e-5) / total)) for b in ALPHABET)


def digit(cost):
    return '0123456789abcdefghijklmnopqrstuvwxyz'[min(35, round(cost))]


def wrap(words, width=138):
    line = ''
    for word in words:
        if len(line) + len(word) + 1 > width:
            yield line
            line = ''
        line = f'{line} {word}' if line else word
    yield line


def write(out, words, pairs):
    with open(f'{out}/english-words.ts', 'w') as file:
        file.write('/** Common English words, most frequent first. Made by training/text-statistics/count.py: change that, not this. */\n')
        file.write('export const ENGLISH_WORDS = `\n' + '\n'.join(wrap(words)) + '\n`;\n')
    with open(f'{out}/letter-pairs.ts', 'w') as file:
        file.write('/**\n * Cost of each letter after each letter, a to z and the border of a word, in half bits, one base 36 digit each.\n')
        file.write(' * Made by training/text-statistics/count.py: change that, not this.\n */\n')
        file.write('export const LETTER_PAIRS = [\n' + ''.join(f"  '{row}',\n" for row in pair_rows(pairs)) + '];\n')


if __name__ == '__main__':
    write(sys.argv[1], *count(sys.argv[2:]))
