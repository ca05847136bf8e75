"""Every operation of huggingface_hub that a registry has to serve, one after the other, with the client unmodified.

HF_ENDPOINT and HF_TOKEN say where; HF_TOKEN_2 is the token of somebody else who may approve. Prints one JSON line for
each operation and ends with status 1 when one failed.
"""

import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

import huggingface_hub
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    HfFileSystem,
    ModelCard,
    hf_hub_download,
    hf_hub_url,
    get_hf_file_metadata,
    snapshot_download,
)
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

api = HfApi()
other = HfApi(token=os.environ.get("HF_TOKEN_2"))
name = sys.argv[1]
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


def refused(kind, run, text=None):
    try:
        run()
    except kind as error:
        return expect(text is None or text in str(error), f"{text!r} is not in {error}")
    raise AssertionError(f"{kind.__name__} was expected")


def noise(size):
    """Random, but never by chance the beginning of a format."""
    return b"\0" * 16 + os.urandom(size - 16)


def digest(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()


def hf(*arguments):
    """What the command of this client says."""
    command = os.path.join(os.path.dirname(sys.executable), "hf")
    done = subprocess.run([command, *arguments], capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


def put(path, content):
    full = os.path.join(work, "tree", path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(content)
    return full


def run_all(kind):
    repo = f"acme/{name}-{kind}"
    on = {"repo_id": repo, "repo_type": kind}
    shutil.rmtree(os.path.join(work, "tree"), ignore_errors=True)
    cache = tempfile.mkdtemp(dir=work)
    large = noise(3_000_000)
    put("config.json", b'{"model_type": "bert"}')
    put("README.md", b"---\nlicense: mit\ntags:\n- text\nlanguage: en\n---\n# Test\n")
    put("weights/large.dat", large)
    put("weights/sub/one byte.lfs.dat", b"x")
    put("empty.txt", b"")
    put("names/\u00e4\u00f6 \u65e5\u672c+%41.txt", b"unicode")

    def c(operation, run):
        return check(f"{kind} {operation}", run)

    c("whoami", lambda: expect(api.whoami()["name"]))
    c("repo_exists before", lambda: expect(api.repo_exists(**on) is False))
    c("create_repo", lambda: api.create_repo(**on, **({"space_sdk": "static"} if kind == "space" else {})))
    c("create_repo exist_ok", lambda: api.create_repo(**on, exist_ok=True, **({"space_sdk": "static"} if kind == "space" else {})))
    c("create_repo again", lambda: refused(HfHubHTTPError, lambda: api.create_repo(**on, **({"space_sdk": "static"} if kind == "space" else {}))))
    c("repo_exists", lambda: expect(api.repo_exists(**on)))
    c("repo_info empty", lambda: api.repo_info(**on).id)
    c("hf_hub_download of an empty repository", lambda: refused(EntryNotFoundError, lambda: hf_hub_download(**on, filename="README.md")))
    c("auth_check", lambda: api.auth_check(**on))
    folder = os.path.join(work, "tree")
    c("upload_folder", lambda: api.upload_folder(**on, folder_path=folder, commit_message="first", commit_description="all"))
    sha = c("repo_info", lambda: api.repo_info(**on).sha)
    c("repo_info at revision", lambda: expect(api.repo_info(**on, revision=sha).sha == sha))
    c("repo_info files_metadata", lambda: expect(any(s.lfs and s.lfs.sha256 == hashlib.sha256(large).hexdigest() for s in api.repo_info(**on, files_metadata=True).siblings)))
    c("list_repo_files", lambda: expect(len(api.list_repo_files(**on)) == 6, api.list_repo_files(**on)))
    c("list_repo_tree", lambda: expect({e.path for e in api.list_repo_tree(**on)} >= {"weights", "config.json"}))
    c("list_repo_tree folder", lambda: expect([e.path for e in api.list_repo_tree(**on, path_in_repo="weights/sub")] == ["weights/sub/one byte.lfs.dat"]))
    c("list_repo_tree recursive expand", lambda: expect(all(e.last_commit.oid == sha for e in api.list_repo_tree(**on, recursive=True, expand=True))))
    c("list_repo_tree missing folder", lambda: refused(EntryNotFoundError, lambda: list(api.list_repo_tree(**on, path_in_repo="nope"))))
    c("get_paths_info", lambda: expect([e.path for e in api.get_paths_info(**on, paths=["config.json", "weights", "nope"])] == ["config.json", "weights"]))
    c("get_paths_info expand", lambda: expect(api.get_paths_info(**on, paths="config.json", expand=True)[0].security.safe))
    c("file_exists", lambda: expect(api.file_exists(**on, filename="config.json")))
    c("file_exists not", lambda: expect(api.file_exists(**on, filename="nope.json") is False))
    c("revision_exists", lambda: expect(api.revision_exists(**on, revision="main") and not api.revision_exists(**on, revision="nope")))
    get = {**on, "cache_dir": cache}
    for path in ["config.json", "weights/large.dat", "weights/sub/one byte.lfs.dat", "empty.txt", "names/\u00e4\u00f6 \u65e5\u672c+%41.txt"]:
        c(f"hf_hub_download {path}", lambda path=path: expect(digest(hf_hub_download(**get, filename=path)) == digest(os.path.join(folder, path))))
    c("hf_hub_download cached", lambda: hf_hub_download(**get, filename="config.json"))
    c("hf_hub_download force", lambda: hf_hub_download(**get, filename="weights/large.dat", force_download=True))
    c("hf_hub_download offline copy", lambda: hf_hub_download(**get, filename="config.json", local_files_only=True))
    c("hf_hub_download missing file", lambda: refused(EntryNotFoundError, lambda: hf_hub_download(**get, filename="nope")))
    c("hf_hub_download missing revision", lambda: refused(RevisionNotFoundError, lambda: hf_hub_download(**get, filename="config.json", revision="nope")))
    c("hf_hub_download missing repository", lambda: refused(RepositoryNotFoundError, lambda: hf_hub_download("acme/none", "config.json", repo_type=kind)))
    local = os.path.join(work, f"local-{kind}")
    c("hf_hub_download local_dir", lambda: expect(digest(hf_hub_download(**on, filename="weights/large.dat", local_dir=local)) == hashlib.sha256(large).hexdigest()))
    c("snapshot_download", lambda: expect(digest(os.path.join(snapshot_download(**get), "weights/large.dat")) == hashlib.sha256(large).hexdigest()))
    c("snapshot_download patterns", lambda: snapshot_download(**on, local_dir=local + "-2", allow_patterns="*.json"))
    c("get_hf_file_metadata", lambda: expect(get_hf_file_metadata(hf_hub_url(**on, filename="weights/large.dat")).size == 3_000_000))
    c("upload_file bytes", lambda: api.upload_file(**on, path_or_fileobj=b"hello", path_in_repo="hello.txt"))
    c("upload_file unchanged", lambda: api.upload_file(**on, path_or_fileobj=b"hello", path_in_repo="hello.txt"))
    c("create_commit", lambda: api.create_commit(**on, commit_message="two", operations=[CommitOperationAdd("a/b.txt", b"b"), CommitOperationAdd("a/c.dat", noise(1_200_000)), CommitOperationDelete("hello.txt")]))
    c("create_commit stale parent", lambda: refused(HfHubHTTPError, lambda: api.create_commit(**on, commit_message="no", operations=[CommitOperationAdd("x.txt", b"x")], parent_commit=sha)))
    head = c("repo_info head", lambda: api.repo_info(**on).sha)
    c("create_commit with parent", lambda: api.create_commit(**on, commit_message="three", operations=[CommitOperationAdd("x.txt", b"x")], parent_commit=head))
    c("copy", lambda: api.create_commit(**on, commit_message="copy", operations=[CommitOperationCopy("weights/large.dat", "copy.dat"), CommitOperationCopy("a/b.txt", "a/d.txt")]))
    c("copy is the same", lambda: expect(digest(hf_hub_download(**get, filename="copy.dat")) == hashlib.sha256(large).hexdigest()))
    c("copy from revision", lambda: api.create_commit(**on, commit_message="copy", operations=[CommitOperationCopy("weights/large.dat", "copy2.dat", src_revision=sha)]))
    if "src_repo_id" in {field.name for field in dataclasses.fields(CommitOperationCopy)}:
        apart = f"{repo}-apart"
        api.create_repo(apart, repo_type=kind, **({"space_sdk": "static"} if kind == "space" else {}))
        there = {"repo_id": apart, "repo_type": kind}

        def from_here(path, into):
            return CommitOperationCopy(path, into, src_repo_id=repo, src_repo_type=kind)

        c("copy from another repository", lambda: api.create_commit(**there, commit_message="copy", operations=[from_here("config.json", "copied.json")]))
        c("that copy is the same", lambda: expect(digest(hf_hub_download(**there, cache_dir=cache, filename="copied.json")) == digest(os.path.join(folder, "config.json"))))
        if os.environ.get("HF_HUB_DISABLE_XET") != "1":
            c("large copy from another repository", lambda: api.create_commit(**there, commit_message="copy", operations=[from_here("weights/large.dat", "a/large.dat")]))
            c("that large copy is the same", lambda: expect(digest(hf_hub_download(**there, cache_dir=cache, filename="a/large.dat")) == hashlib.sha256(large).hexdigest()))
            c("copy to another kind", lambda: api.create_repo(f"{repo}-other", repo_type="model", exist_ok=True) and api.create_commit(f"{repo}-other", commit_message="copy", operations=[from_here("weights/large.dat", "large.dat")]))
        c("copy of a missing file", lambda: refused(EntryNotFoundError, lambda: api.create_commit(**there, commit_message="copy", operations=[from_here("nope", "nope")])))
    duplicate = getattr(api, "duplicate_repo", None) or (kind == "space" and (lambda one, to, repo_type, **more: api.duplicate_space(one, to, **more)))
    if duplicate:
        c("duplicate_repo", lambda: duplicate(repo, f"{repo}-again", repo_type=kind))
        c("duplicate_repo exist_ok", lambda: duplicate(repo, f"{repo}-again", repo_type=kind, exist_ok=True))
        c("duplicate_repo that exists", lambda: refused(HfHubHTTPError, lambda: duplicate(repo, f"{repo}-again", repo_type=kind)))
        c("the duplicate is the same", lambda: expect({e.path: e.blob_id for e in api.list_repo_tree(f"{repo}-again", repo_type=kind, recursive=True) if hasattr(e, "size")} == {e.path: e.blob_id for e in api.list_repo_tree(**on, recursive=True) if hasattr(e, "size")}))
        c("the duplicate can be downloaded", lambda: expect(digest(hf_hub_download(f"{repo}-again", "weights/large.dat", repo_type=kind, cache_dir=cache)) == hashlib.sha256(large).hexdigest()))
    c("delete_file", lambda: api.delete_file("copy.dat", **on))
    c("delete_folder", lambda: api.delete_folder("a", **on))
    c("delete_files", lambda: api.delete_files(**on, delete_patterns=["copy2*"]))
    c("list_repo_commits", lambda: expect(len(api.list_repo_commits(**on)) >= 7))
    c("list_repo_commits formatted", lambda: api.list_repo_commits(**on, formatted=True))
    c("path escapes", lambda: refused((HfHubHTTPError, ValueError), lambda: api.upload_file(**on, path_or_fileobj=b"x", path_in_repo="a/../../x.txt")))
    c("create_branch", lambda: api.create_branch(**on, branch="dev"))
    c("create_branch from revision", lambda: api.create_branch(**on, branch="feature/one", revision=sha))
    c("create_branch exist_ok", lambda: api.create_branch(**on, branch="dev", exist_ok=True))
    c("upload to branch", lambda: api.upload_file(**on, path_or_fileobj=b"dev", path_in_repo="dev.txt", revision="dev"))
    c("download from branch", lambda: expect(open(hf_hub_download(**get, filename="dev.txt", revision="dev")).read() == "dev"))
    c("download from branch with slash", lambda: hf_hub_download(**get, filename="config.json", revision="feature/one"))
    c("create_tag", lambda: api.create_tag(**on, tag="t1", tag_message="one"))
    c("create_tag at revision", lambda: api.create_tag(**on, tag="t0", revision=sha))
    c("create_tag again", lambda: refused(HfHubHTTPError, lambda: api.create_tag(**on, tag="t1")))
    c("download from tag", lambda: hf_hub_download(**get, filename="config.json", revision="t0"))
    c("list_repo_refs", lambda: expect({b.name for b in api.list_repo_refs(**on).branches} == {"main", "dev", "feature/one"} and {t.name for t in api.list_repo_refs(**on).tags} == {"t0", "t1"}))
    c("delete_tag", lambda: api.delete_tag(**on, tag="t0"))
    c("delete_branch", lambda: api.delete_branch(**on, branch="feature/one"))
    c("super_squash_history", lambda: (api.super_squash_history(**on, branch="dev"), expect(len(api.list_repo_commits(**on, revision="dev")) == 1)))

    pr = c("create_commit create_pr", lambda: api.create_commit(**on, commit_message="proposed", operations=[CommitOperationAdd("pr.txt", b"pr"), CommitOperationAdd("pr.dat", noise(1_500_000))], create_pr=True))
    c("pr not on main", lambda: expect(not api.file_exists(**on, filename="pr.txt")))
    number = c("pr_num", lambda: pr.pr_num) or 1
    c("download from pr", lambda: expect(open(hf_hub_download(**get, filename="pr.txt", revision=f"refs/pr/{number}")).read() == "pr"))
    c("upload to pr", lambda: api.upload_file(**on, path_or_fileobj=b"more", path_in_repo="pr2.txt", revision=f"refs/pr/{number}"))
    c("get_discussion_details", lambda: expect(api.get_discussion_details(**on, discussion_num=number).is_pull_request))
    c("comment_discussion", lambda: expect(api.comment_discussion(**on, discussion_num=number, comment="looks good").content == "looks good"))
    c("rename_discussion", lambda: expect(api.rename_discussion(**on, discussion_num=number, new_title="better").new_title == "better"))
    c("close", lambda: expect(api.change_discussion_status(**on, discussion_num=number, new_status="closed").new_status == "closed"))
    c("merge closed", lambda: refused(HfHubHTTPError, lambda: api.merge_pull_request(**on, discussion_num=number)))
    c("reopen", lambda: api.change_discussion_status(**on, discussion_num=number, new_status="open"))
    c("merge_pull_request", lambda: api.merge_pull_request(**on, discussion_num=number, comment="merged"))
    c("pr on main", lambda: expect(api.file_exists(**on, filename="pr2.txt")))
    c("merged status", lambda: expect(api.get_discussion_details(**on, discussion_num=number).status == "merged"))
    c("create_pull_request", lambda: expect(api.create_pull_request(**on, title="draft").status == "draft"))
    clash = c("pr that conflicts", lambda: api.create_commit(**on, commit_message="clash", operations=[CommitOperationAdd("x.txt", b"theirs")], create_pr=True))
    c("main moves", lambda: api.upload_file(**on, path_or_fileobj=b"ours", path_in_repo="x.txt"))
    c("conflicts are listed", lambda: expect(api.get_discussion_details(**on, discussion_num=clash.pr_num).conflicting_files == ["x.txt"]))
    c("merge refuses conflicts", lambda: refused(HfHubHTTPError, lambda: api.merge_pull_request(**on, discussion_num=clash.pr_num), "x.txt"))
    apart = c("pr beside", lambda: api.create_commit(**on, commit_message="beside", operations=[CommitOperationAdd("beside.txt", b"1")], create_pr=True))
    c("main moves elsewhere", lambda: api.upload_file(**on, path_or_fileobj=b"y", path_in_repo="y.txt"))
    c("merge of what is apart", lambda: (api.merge_pull_request(**on, discussion_num=apart.pr_num), expect(api.file_exists(**on, filename="beside.txt") and api.file_exists(**on, filename="y.txt"))))
    c("create_discussion", lambda: expect(not api.create_discussion(**on, title="talk", description="about").is_pull_request))
    c("get_repo_discussions", lambda: expect(len(list(api.get_repo_discussions(**on))) == 5, len(list(api.get_repo_discussions(**on)))))
    c("get_repo_discussions filtered", lambda: expect(len(list(api.get_repo_discussions(**on, discussion_type="pull_request", discussion_status="open"))) == 2))

    api.create_branch(**on, branch="bad")
    c("upload of a dangerous file", lambda: api.upload_file(**on, path_or_fileobj=b"cos\nsystem\n(S'id'\ntR.", path_in_repo="evil.pkl", revision="bad"))
    c("blocked, with the reason", lambda: refused(GatedRepoError, lambda: hf_hub_download(**get, filename="evil.pkl", revision="bad"), "os.system"))
    c("blocked for its neighbours", lambda: refused(GatedRepoError, lambda: hf_hub_download(**get, filename="config.json", revision="bad"), "os.system"))
    c("blocked as a snapshot", lambda: refused(GatedRepoError, lambda: snapshot_download(**on, cache_dir=tempfile.mkdtemp(dir=work), revision="bad"), "os.system"))
    if int(huggingface_hub.__version__.split(".")[0]) >= 1:
        c("the hf command shows the reason", lambda: expect("os.system" in hf("download", repo, "evil.pkl", "--revision", "bad", "--repo-type", kind), "no reason"))
    c("the hf command downloads", lambda: expect("config.json" in hf("download", repo, "config.json", "--repo-type", kind)))
    c("security of the file", lambda: expect(api.get_paths_info(**on, paths="evil.pkl", revision="bad", expand=True)[0].security.status == "unsafe"))
    if hasattr(api, "list_user_repos"):
        c("list_user_repos", lambda: expect(any(one.id == repo and one.type == kind and one.storage > 3_000_000 for one in api.list_user_repos())))
        c("list_user_repos of a namespace", lambda: expect({one.id.split("/")[0] for one in api.list_user_repos("acme")} == {"acme"}))
    if kind == "model":
        c("securityStatus", lambda: expect(api.model_info(repo, revision="bad", securityStatus=True).security_repo_status["filesWithIssues"][0]["path"] == "evil.pkl"))

        def sealed():
            root = os.environ["HF_ENDPOINT"].removesuffix("/hf")
            headers = {"Authorization": f"Bearer {os.environ['HF_TOKEN']}", "Content-Type": "application/json"}
            urllib.request.urlopen(urllib.request.Request(f"{root}/api/v1/repositories/model/{repo}/versions", b"{}", headers))
            for _ in range(50):
                found = api.model_info(repo, securityStatus=True).security_repo_status["cordon"]["attestations"]
                if found:
                    return found
                time.sleep(0.1)

        signed = c("what was signed", lambda: expect(sealed()))
        c("a signature as a file", lambda: expect(digest(hf_hub_download(**get, filename=signed[0]["path"])) in signed[0]["path"]))
        c("a signature into a folder", lambda: expect(digest(hf_hub_download(**on, filename=signed[0]["path"], local_dir=local + "-4")) in signed[0]["path"]))
        c("model_info card", lambda: expect(api.model_info(repo).card_data.license == "mit" and "license:mit" in api.model_info(repo).tags))
        c("list_models", lambda: expect(repo in [m.id for m in api.list_models(author="acme", search=name)]))
        c("list_models sorted", lambda: expect(repo in [m.id for m in api.list_models(author="acme", sort="last_modified", limit=200)]))
        c("list_models filtered", lambda: expect(repo in [m.id for m in api.list_models(author="acme", search=name, filter="license:mit")]))
        c("ModelCard.load", lambda: expect(ModelCard.load(repo).data.license == "mit"))
    if kind == "dataset":
        c("list_datasets", lambda: expect(repo in [m.id for m in api.list_datasets(author="acme")]))
    if kind == "space":
        c("list_spaces", lambda: expect(repo in [m.id for m in api.list_spaces(author="acme")]))
    prefix = {"model": "", "dataset": "datasets/", "space": "spaces/"}[kind]
    files = HfFileSystem(skip_instance_cache=True)
    c("HfFileSystem.ls", lambda: expect(len(files.ls(f"{prefix}{repo}", detail=False)) > 3))
    c("HfFileSystem.glob", lambda: expect(len(files.glob(f"{prefix}{repo}/**/*.dat")) >= 2))
    c("HfFileSystem range", lambda: expect(files.open(f"{prefix}{repo}/weights/large.dat").read(1000) == large[:1000]))
    c("HfFileSystem.read_text", lambda: expect("bert" in files.read_text(f"{prefix}{repo}/config.json")))
    c("HfFileSystem.write", lambda: files.write_text(f"{prefix}{repo}/written.txt", "written"))
    if hasattr(api, "upload_large_folder") and kind == "model":
        c("upload_large_folder", lambda: api.upload_large_folder(repo, folder_path=folder, repo_type=kind, print_report=False))
    c("update_repo_settings", lambda: api.update_repo_settings(**on, private=True))
    c("private", lambda: expect(api.repo_info(**on).private))
    c("move_repo", lambda: api.move_repo(repo, repo + "-moved", repo_type=kind))
    c("moved", lambda: expect(api.repo_exists(repo + "-moved", repo_type=kind)))
    c("delete_repo", lambda: api.delete_repo(repo + "-moved", repo_type=kind))
    c("delete_repo missing_ok", lambda: api.delete_repo(repo, repo_type=kind, missing_ok=True))
    c("deleted", lambda: refused(RepositoryNotFoundError, lambda: api.repo_info(**on)))


for one in ["model", "dataset", "space"]:
    run_all(one)
check("somebody without a token", lambda: refused(Exception, lambda: HfApi(token="cordon_wrong").whoami()))
shutil.rmtree(work, ignore_errors=True)
print(json.dumps({"client": huggingface_hub.__version__, "operations": len(results), "failed": results.count(False)}))
sys.exit(0 if all(results) else 1)
