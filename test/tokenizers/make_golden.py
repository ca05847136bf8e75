"""Writes golden.json: small tokenizers of every kind that Cordon reads, and what the reference implementation makes of some texts.

    pip install tokenizers==0.23.3 sentencepiece==0.2.2
    python test/tokenizers/make_golden.py
"""

import json
import random
import tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = Path(__file__).parent
CORPUS = [
    "The keeper of the lighthouse writes a letter every evening.",
    "Ships pass the harbour at night, and nobody answers the radio.",
    "Der Leuchtturmwärter schreibt jeden Abend einen Brief.",
    "Le gardien du phare écrit une lettre chaque soir.",
    "灯塔看守人每天晚上写一封信。",
    "Смотритель маяка пишет письмо каждый вечер.",
    "12 boats, 3 anchors & 450 ropes: who counts them?",
]
TEXTS = [
    "", " ", "  two  spaces   three ", "The keeper writes.", "THE KEEPER WRITES", "écrit e\u0301crit", "naïve café ÅNGSTRÖM", "ΟΔΟΣ οδος Σ",
    "灯塔看守人 writes", "каждый вечер", "İstanbul ıI", "tabs\tand\nlines\r\nend\n\n", "don't you're I'll we've", "x" * 101, "a" * 100, "letter" * 30,
    "[CLS] [SEP] [MASK] <s> </s> [UNK]", "price: $3.50 (50% off!)", "a\u200bb\u00adc\ufeffd", "null\0inside\x07bell", "full ｗｉｄｔｈ ﬁne ①", "emoji 👍🏽 👨‍👩‍👧 🇩🇪",
    "हिन्दी में", "العربية", "ไทย", "한국어 조선말", "\u3000wide\u3000spaces\u00a0here", "https://example.com/a?b=c&d=%20", "def f(x):\n    return x**2\n", "\ufffd\U0001f600\U00020000",
    "under_score-hyphen", "１２３ 4,5", "      six", "quote “this” ‘that’ — dash…", "\u0301 alone", "ǆ ǅ ß ẞ ŉ", "\u2028line\u2029para", "tail space ", " head",
]  # fmt: skip


def fuzzed(number=60, seed=3):
    """Texts of letters from many blocks. The file is the same each time."""
    rng = random.Random(seed)
    letters = [*"abcdefgh THE keeper,.!?'-_()[]", *"äöüßéÅçñ", *"灯塔看守", *"привет", *"ΑΣςσ", "\u0301", "\u200d", "\n", "\t", "  ", "\u00a0", "👍", "🏽", "ａ", "ﬁ", "١", "ก", "\u0e33"]
    return ["".join(rng.choice(letters) for _ in range(rng.randint(1, 60))) for _ in range(number)]


def word_piece(lowercase):
    tok = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tok.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tok.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tok.train_from_iterator(CORPUS * 3, trainers.WordPieceTrainer(vocab_size=240, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    tok.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tok


def unigram(byte_fallback, character_map):
    """As DeBERTa and XLM-R have it. The character map is made by SentencePiece from a few rules."""
    with tempfile.TemporaryDirectory() as folder:
        text, rules, prefix = Path(folder) / "text", Path(folder) / "rules.tsv", str(Path(folder) / "model")
        text.write_text("\n".join(CORPUS * 3), encoding="utf8")
        lines = [("\uff57", "w"), ("\uff41", "a"), ("\ufb01", "fi"), ("\u2460", "1"), ("e\u0301", "\u00e9"), ("\u3000", " "), ("\u00a0", " "), ("\t", " "), ("\n", " "), ("\u2026", "..."), ("\u200b", "")]
        rules.write_text("".join(" ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) + "\n" for a, b in lines))
        sentencepiece.SentencePieceTrainer.train(input=str(text), model_prefix=prefix, vocab_size=370 if byte_fallback else 110, model_type="unigram", byte_fallback=byte_fallback, normalization_rule_tsv=str(rules), minloglevel=2, num_threads=1)
        model = proto.ModelProto()
        model.ParseFromString(Path(prefix + ".model").read_bytes())
    tok = Tokenizer(models.Unigram([(p.piece, p.score) for p in model.pieces], unk_id=0, byte_fallback=byte_fallback))
    chain = [normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap)] if character_map else [normalizers.NFKC(), normalizers.Lowercase()]
    tok.normalizer = normalizers.Sequence([*chain, normalizers.Strip(left=False, right=True), normalizers.Replace(__import__("tokenizers").Regex(" {2,}"), "\u2581")])
    tok.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always" if character_map else "first")
    tok.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    return tok


def byte_pair():
    """As ModernBERT has it: bytes, and runs of spaces as tokens of their own."""
    tok = Tokenizer(models.BPE())
    tok.normalizer = normalizers.NFC()
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tok.decoder = decoders.ByteLevel()
    tok.train_from_iterator(CORPUS * 3, trainers.BpeTrainer(vocab_size=400, special_tokens=["[CLS]", "[SEP]"], initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False))
    tok.add_tokens([AddedToken(" " * n, normalized=False) for n in range(2, 6)] + [AddedToken("|||MAIL|||", normalized=True)])
    tok.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 1)])
    return tok


def main():
    made = {
        "word-piece": word_piece(True),
        "word-piece, cased": word_piece(False),
        "unigram": unigram(False, True),
        "unigram, bytes": unigram(True, False),
        "byte-pair": byte_pair(),
    }
    golden = {}
    for name, tok in made.items():
        tok.encode_special_tokens = True
        texts = TEXTS + fuzzed()
        golden[name] = {"tokenizer": json.loads(tok.to_str()), "ids": [tok.encode(t, add_special_tokens=False).ids for t in texts], "around": tok.encode("", add_special_tokens=True).ids}
    out = {"texts": TEXTS + fuzzed(), "tokenizers": golden}
    (HERE / "golden.json").write_text(json.dumps(out, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
