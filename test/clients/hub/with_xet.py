"""Downloads by Xet with an unmodified huggingface_hub and hf_xet: whole files, parts, what is cached, and what is refused.

HF_ENDPOINT and HF_TOKEN say where, HF_TOKEN_2 is the token of a stranger. Arguments: a repository of one's own, then those that
others uploaded. Prints one JSON line for each operation and ends with status 1 when one failed.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
import urllib.request

import huggingface_hub
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download, snapshot_download
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

api = HfApi()
repo, others = sys.argv[1], sys.argv[2:]
work = tempfile.mkdtemp()
results = []


def check(operation, run):
    try:
        value = run()
        results.append(True)
        print(json.dumps({"operation": operation, "ok": True, "value": str(value)[:100]}), flush=True)
        return value
    except Exception as error:  # every failure is a result
        results.append(False)
        trace = traceback.format_exc()[-600:]
        print(json.dumps({"operation": operation, "ok": False, "error": f"{type(error).__name__}: {error}"[:600], "trace": trace}), flush=True)
        return None


def expect(condition, what="unexpected"):
    if not condition:
        raise AssertionError(what)
    return condition


def refused(kind, run, text=""):
    try:
        run()
    except kind as error:
        return expect(text in str(error), f"{text!r} is not in {error}")
    raise AssertionError(f"{kind.__name__} was expected")


def fresh():
    return tempfile.mkdtemp(dir=work)


def noise(size):
    """Random, but never by chance the beginning of a format."""
    return b"\0" * 16 + os.urandom(size - 16)


def digest(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()


def pulls(revision="main"):
    root = os.environ["HF_ENDPOINT"].removesuffix("/hf")
    url = f"{root}/api/v1/repositories/model/{repo}/revisions/{revision}/pulls"
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['HF_TOKEN']}"})
    return [one["client"] for one in json.load(urllib.request.urlopen(asked))]


def recall(revision):
    root = os.environ["HF_ENDPOINT"].removesuffix("/hf")
    url = f"{root}/api/v1/repositories/model/{repo}/revisions/{revision}/recall"
    headers = {"Authorization": f"Bearer {os.environ['HF_TOKEN']}", "Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(url, json.dumps({"reason": "poisoned weights"}).encode(), headers))


large = noise(90_000_000)
floats = b"".join(number.to_bytes(4, "little") for number in range(1_000_000))
files = {
    "large.dat": large,
    "small.bin": noise(2_000),
    # A change in the middle: most chunks are those of the first.
    "changed.dat": large[:40_000_000] + noise(5_000) + large[40_000_000:],
    "floats.dat": floats,
    "zeros.dat": bytes(6_000_000),
    "words.dat": b"the same words again and again " * 100_000,
}
tree = fresh()
for path, content in files.items():
    with open(os.path.join(tree, path), "wb") as file:
        file.write(content)
expected = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}

api.create_repo(repo)
check("upload", lambda: api.upload_folder(repo_id=repo, folder_path=tree, commit_message="first"))
first = api.model_info(repo).sha
for path in files:
    check(f"download {path}", lambda path=path: expect(digest(hf_hub_download(repo, path, cache_dir=fresh())) == expected[path]))
check("it was by Xet", lambda: expect(any(client.startswith("xet ") for client in pulls()) and not any(client.startswith("hf ") for client in pulls()), pulls()))


def snapshot(revision=None):
    folder = snapshot_download(repo, revision=revision, cache_dir=fresh())
    return all(digest(os.path.join(folder, path)) == one for path, one in expected.items())


check("snapshot_download", lambda: expect(snapshot()))
check("snapshot_download by revision", lambda: expect(snapshot(first)))
check("into a folder", lambda: expect(digest(hf_hub_download(repo, "changed.dat", local_dir=fresh())) == expected["changed.dat"]))
cache = fresh()
check("into a cache", lambda: hf_hub_download(repo, "large.dat", cache_dir=cache))
check("from the cache", lambda: expect(digest(hf_hub_download(repo, "large.dat", cache_dir=cache)) == expected["large.dat"]))
check("by force", lambda: expect(digest(hf_hub_download(repo, "large.dat", cache_dir=cache, force_download=True)) == expected["large.dat"]))


def broken_off():
    """A download that ended in the middle is taken up again, or begun anew."""
    cache = fresh()
    path = hf_hub_download(repo, "large.dat", cache_dir=cache)
    blob = os.path.realpath(path)
    os.unlink(path)
    os.rename(blob, blob + ".incomplete")
    with open(blob + ".incomplete", "r+b") as file:
        file.truncate(30_000_001)
    return digest(hf_hub_download(repo, "large.dat", cache_dir=cache)) == expected["large.dat"]


check("after a download that broke off", lambda: expect(broken_off()))
system = HfFileSystem(skip_instance_cache=True)
check("a part", lambda: expect(system.cat_file(f"{repo}/large.dat", start=50_000_000, end=50_001_000) == large[50_000_000:50_001_000]))
second = {**files, "large.dat": large[:10_000_000] + noise(100) + large[10_000_100:]}
with open(os.path.join(tree, "large.dat"), "wb") as file:
    file.write(second["large.dat"])
check("upload of a change", lambda: api.upload_folder(repo_id=repo, folder_path=tree, commit_message="second"))
check("the change", lambda: expect(open(hf_hub_download(repo, "large.dat", cache_dir=cache), "rb").read() == second["large.dat"]))
check("what was before", lambda: expect(digest(hf_hub_download(repo, "large.dat", revision=first, cache_dir=fresh())) == expected["large.dat"]))

for other in others:
    for path in files:
        check(f"what others uploaded: {other} {path}", lambda: expect(digest(hf_hub_download(other, path, cache_dir=fresh())) == api.get_paths_info(other, path)[0].lfs.sha256))

api.create_branch(repo, branch="bad")
check("upload beside a dangerous file", lambda: api.upload_file(repo_id=repo, path_or_fileobj=b"cos\nsystem\n(S'id'\ntR.", path_in_repo="evil.pkl", revision="bad"))
check("refused, with the reason", lambda: refused(GatedRepoError, lambda: hf_hub_download(repo, "large.dat", revision="bad", cache_dir=fresh()), "os.system"))
check("refused as a snapshot", lambda: refused(GatedRepoError, lambda: snapshot_download(repo, revision="bad", cache_dir=fresh()), "os.system"))
stranger = os.environ["HF_TOKEN_2"]
check("a stranger", lambda: refused(RepositoryNotFoundError, lambda: hf_hub_download(repo, "large.dat", cache_dir=fresh(), token=stranger)))
recall(first)
check("recalled, with the reason", lambda: refused(GatedRepoError, lambda: hf_hub_download(repo, "zeros.dat", revision=first, cache_dir=fresh()), "poisoned weights"))
# Clients keep a token for minutes and ask for nothing else: it opens nothing any more, and a new process hears why.
check("recalled as a snapshot", lambda: refused(Exception, lambda: snapshot_download(repo, revision=first, cache_dir=fresh())))
again = f"import huggingface_hub as h; h.snapshot_download({repo!r}, revision={first!r}, cache_dir={fresh()!r})"
said = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True).stderr
check("recalled for a new process", lambda: expect("GatedRepoError" in said and "poisoned weights" in said, said[-400:]))
check("the other revision stays", lambda: expect(digest(hf_hub_download(repo, "zeros.dat", cache_dir=fresh())) == expected["zeros.dat"]))

print(json.dumps({"client": huggingface_hub.__version__, "operations": len(results), "failed": results.count(False)}))
sys.exit(0 if all(results) else 1)
