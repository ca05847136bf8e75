"""What people do with transformers and a registry: push a model and its tokenizer, load them again, be refused what is dangerous.

HF_ENDPOINT and HF_TOKEN say where; the argument is a folder for caches. Prints one JSON line for each operation and ends
with status 1 when one failed.
"""

import json
import os
import pickle
import sys
import tempfile
import traceback

import torch
import transformers
from huggingface_hub import HfApi
from transformers import AutoConfig, AutoModel, AutoTokenizer, BertConfig, BertModel, BertTokenizerFast, pipeline

api = HfApi()
work = sys.argv[1]
results = []
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "world"]


def check(operation, run):
    try:
        value = run()
        results.append(True)
        print(json.dumps({"operation": operation, "ok": True, "value": str(value)[:100]}), flush=True)
        return value
    except Exception as error:  # every failure is a result
        results.append(False)
        trace = traceback.format_exc()[-900:]
        print(json.dumps({"operation": operation, "ok": False, "error": f"{type(error).__name__}: {error}"[:900], "trace": trace}), flush=True)
        return None


def expect(condition, what="unexpected"):
    if not condition:
        raise AssertionError(what)
    return condition


def refused(run, *texts):
    try:
        run()
    except Exception as error:
        for text in texts:
            expect(text in str(error), f"{text!r} is not in {error}")
        return type(error).__name__
    raise AssertionError("a refusal was expected")


def fresh():
    return tempfile.mkdtemp(dir=work)


def same(one, other):
    theirs = other.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in one.state_dict().items())


def bert(words=len(WORDS)):
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    return BertModel(BertConfig(vocab_size=words, max_position_embeddings=32, **sizes)).eval()


vocabulary = os.path.join(fresh(), "vocab.txt")
with open(vocabulary, "w") as file:
    file.write("\n".join(WORDS))
tokenizer = BertTokenizerFast(vocabulary)
model = bert()
repo = "acme/tiny-bert"

check("push_to_hub of a model", lambda: model.push_to_hub(repo))
check("push_to_hub of its tokenizer", lambda: tokenizer.push_to_hub(repo))
first = check("the revision", lambda: api.model_info(repo).sha)
loaded = check("from_pretrained by main", lambda: AutoModel.from_pretrained(repo, cache_dir=fresh()))
check("the same weights", lambda: expect(same(model, loaded)))
words = check("tokenizer from_pretrained", lambda: AutoTokenizer.from_pretrained(repo, cache_dir=fresh()))
check("the same tokens", lambda: expect(words("hello world")["input_ids"] == tokenizer("hello world")["input_ids"]))
check("config from_pretrained", lambda: expect(AutoConfig.from_pretrained(repo, cache_dir=fresh()).hidden_size == 16))
changed = bert()
check("push_to_hub of other weights", lambda: changed.push_to_hub(repo, commit_message="other weights"))
check("main has moved", lambda: expect(same(changed, AutoModel.from_pretrained(repo, cache_dir=fresh()))))
check("from_pretrained by revision", lambda: expect(same(model, AutoModel.from_pretrained(repo, revision=first, cache_dir=fresh()))))
api.create_tag(repo, tag="first", revision=first)
check("from_pretrained by tag", lambda: expect(same(model, AutoModel.from_pretrained(repo, revision="first", cache_dir=fresh()))))
check("push_to_hub to a branch", lambda: model.push_to_hub(repo, revision="dev"))
check("from_pretrained by branch", lambda: expect(same(model, AutoModel.from_pretrained(repo, revision="dev", cache_dir=fresh()))))
check("push_to_hub as a proposed change", lambda: model.push_to_hub(repo, create_pr=True))
check("from_pretrained of a proposed change", lambda: expect(same(model, AutoModel.from_pretrained(repo, revision="refs/pr/1", cache_dir=fresh()))))
folder = fresh()
check("save_pretrained and load", lambda: (loaded.save_pretrained(folder), expect(same(loaded, AutoModel.from_pretrained(folder)))))
check("the same outputs", lambda: expect(torch.equal(model(**words("hello", return_tensors="pt"))[0], loaded(**words("hello", return_tensors="pt"))[0])))
check("pipeline", lambda: expect(len(pipeline("feature-extraction", model=repo, revision=first)("hello")[0]) == 3))
cache = fresh()
check("into a cache", lambda: AutoModel.from_pretrained(repo, cache_dir=cache))
check("from the cache alone", lambda: AutoModel.from_pretrained(repo, cache_dir=cache, local_files_only=True))
check("push_to_hub with several shards", lambda: bert(5000).push_to_hub("acme/sharded", max_shard_size="200KB"))
check("from_pretrained with several shards", lambda: expect(AutoModel.from_pretrained("acme/sharded", cache_dir=fresh()).config.vocab_size == 5000))

# A checkpoint in pickle that does nothing but hold tensors is served; one that would run something is not.
plain = fresh()
model.config.save_pretrained(plain)
torch.save(model.state_dict(), os.path.join(plain, "pytorch_model.bin"))
api.create_repo("acme/pickled", exist_ok=True)
check("upload of a plain checkpoint", lambda: api.upload_folder(repo_id="acme/pickled", folder_path=plain))
check("from_pretrained of a plain checkpoint", lambda: expect(same(model, AutoModel.from_pretrained("acme/pickled", cache_dir=fresh()))))


class Call:
    """Never unpickled: the scanner reads what it would call."""

    def __reduce__(self):
        return (os.system, ("id",))


evil = fresh()
model.config.save_pretrained(evil)
with open(os.path.join(evil, "pytorch_model.bin"), "wb") as file:
    pickle.dump(Call(), file)
api.create_repo("acme/evil", exist_ok=True)
check("upload of a dangerous checkpoint", lambda: api.upload_folder(repo_id="acme/evil", folder_path=evil))
why = ("pytorch_model.bin", "system")
check("a dangerous model is refused, with the reason", lambda: refused(lambda: AutoModel.from_pretrained("acme/evil", cache_dir=fresh()), *why))
check("its config too", lambda: refused(lambda: AutoConfig.from_pretrained("acme/evil", cache_dir=fresh()), *why))
check("a tokenizer from it too", lambda: refused(lambda: AutoTokenizer.from_pretrained("acme/evil", cache_dir=fresh()), *why))
check("nobody's repository", lambda: refused(lambda: AutoModel.from_pretrained("acme/none", cache_dir=fresh())))

print(json.dumps({"client": transformers.__version__, "operations": len(results), "failed": results.count(False)}))
sys.exit(0 if all(results) else 1)
