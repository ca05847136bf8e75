"""Operations of MLflow that a registry has to serve, one after the other, with the client unmodified.

MLFLOW_TRACKING_URI and MLFLOW_TRACKING_TOKEN say where; CORDON_URL is the server itself, CORDON_READER the token of
somebody who may only read. Prints one JSON line for each operation and ends with status 1 when one failed.
"""

import base64
import hashlib
import json
import os
import sys
import tempfile
import time
import traceback

import mlflow
import mlflow.pyfunc
import mlflow.sklearn
import numpy as np
import requests
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LogisticRegression

IS_3 = int(mlflow.__version__.split(".")[0]) >= 3
client = MlflowClient()
prefix = sys.argv[1]
work = tempfile.mkdtemp()
url = os.environ["CORDON_URL"]
headers = {"Authorization": f"Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}"}
results = []
X = np.array([[0.0], [1.0], [2.0], [3.0]])
y = [0, 0, 1, 1]


def check(operation, run):
    try:
        value = run()
        results.append(True)
        print(json.dumps({"operation": operation, "ok": True, "value": str(value)[:100]}), flush=True)
        return value
    except Exception as error:  # every failure is a result
        results.append(False)
        trace = traceback.format_exc()[-600:]
        line = {"operation": operation, "ok": False, "error": f"{type(error).__name__}: {error}"[:600], "trace": trace}
        print(json.dumps(line), flush=True)
        return None


def same(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} is not {expected!r}")
    return actual


def has(condition, what="unexpected"):
    if not condition:
        raise AssertionError(what)
    return condition


def refused(run, code, text=""):
    try:
        run()
    except MlflowException as error:
        has(error.error_code == code or code in str(error), f"{error.error_code}: {error}")
        return has(text in str(error) and str(error), f"{text!r} is not in {error}")
    except requests.HTTPError as error:
        body = error.response.json()
        same(body["error_code"], code)
        return has(text in body["message"] and body["message"], body)
    raise AssertionError("it was not refused")


def write(name, content):
    path = os.path.join(work, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def log_model(model, name, **options):
    if IS_3:
        return mlflow.sklearn.log_model(model, name=name, **options)
    return mlflow.sklearn.log_model(model, artifact_path=name, **options)


# Experiments

experiment = check("create_experiment", lambda: client.create_experiment(f"{prefix}-one", tags={"team": "a"}))
check("create_experiment twice", lambda: refused(lambda: client.create_experiment(f"{prefix}-one"), "RESOURCE_ALREADY_EXISTS"))
check("get_experiment", lambda: same(client.get_experiment(experiment).name, f"{prefix}-one"))
check("get_experiment_by_name", lambda: same(client.get_experiment_by_name(f"{prefix}-one").tags["team"], "a"))
check("get_experiment_by_name of none", lambda: same(client.get_experiment_by_name(f"{prefix}-none"), None))
check("set_experiment_tag", lambda: client.set_experiment_tag(experiment, "kind", "test"))
check("rename_experiment", lambda: client.rename_experiment(experiment, f"{prefix}-two"))
check("experiment in a namespace", lambda: same(client.get_experiment(client.create_experiment(f"acme/{prefix}")).name, f"acme/{prefix}"))
doomed = check("create_experiment for deletion", lambda: client.create_experiment(f"{prefix}-doomed"))
check("delete_experiment", lambda: client.delete_experiment(doomed))
check("deleted experiment", lambda: same(client.get_experiment(doomed).lifecycle_stage, "deleted"))
check("create_run in a deleted experiment", lambda: refused(lambda: client.create_run(doomed), "INVALID_PARAMETER_VALUE"))
check("restore_experiment", lambda: client.restore_experiment(doomed))
check(
    "search_experiments",
    lambda: same(
        [e.name for e in client.search_experiments(filter_string=f"name LIKE '{prefix}%' AND tags.team = 'a'")], [f"{prefix}-two"]
    ),
)
check(
    "search_experiments in pages",
    lambda: has(client.search_experiments(max_results=1, order_by=["name ASC"]).token is not None),
)
check("experiment that is not there", lambda: refused(lambda: client.get_experiment("999"), "RESOURCE_DOES_NOT_EXIST"))
check("default experiment", lambda: same(client.get_experiment("0").name, "Default"))

# Runs

run = check("create_run", lambda: client.create_run(experiment, tags={"a": "b"}, run_name="first"))
id = run.info.run_id
check("get_run", lambda: same(client.get_run(id).info.run_name, "first"))
check("log_param", lambda: client.log_param(id, "lr", "0.1"))
check("log_param again", lambda: client.log_param(id, "lr", "0.1"))
check("log_param with another value", lambda: refused(lambda: client.log_param(id, "lr", "0.2"), "INVALID_PARAMETER_VALUE", "lr"))
check("log_metric", lambda: [client.log_metric(id, "loss", 1 / (step + 1), step=step) for step in range(5)])
check("log_metric of NaN", lambda: client.log_metric(id, "odd", float("nan")))
check("log_metric of infinity", lambda: client.log_metric(id, "large", float("inf")))
check("set_tag", lambda: client.set_tag(id, "stage", "dev"))
check("delete_tag", lambda: client.delete_tag(id, "a"))
check("delete_tag of none", lambda: refused(lambda: client.delete_tag(id, "a"), "RESOURCE_DOES_NOT_EXIST"))
now = int(time.time() * 1000)
check(
    "log_batch",
    lambda: client.log_batch(
        id,
        metrics=[Metric(f"m{i}", i, now, 0) for i in range(800)],
        params=[Param(f"p{i}", str(i)) for i in range(100)],
        tags=[RunTag(f"t{i}", str(i)) for i in range(100)],
    ),
)
check("metrics, params, tags", lambda: same((len(client.get_run(id).data.metrics), client.get_run(id).data.params["p99"]), (803, "99")))
check("NaN comes back", lambda: has(np.isnan(client.get_run(id).data.metrics["odd"])))
check("infinity comes back", lambda: same(client.get_run(id).data.metrics["large"], float("inf")))
check("get_metric_history", lambda: same([m.step for m in client.get_metric_history(id, "loss")], [0, 1, 2, 3, 4]))
check("latest metric", lambda: same(client.get_run(id).data.metrics["loss"], 0.2))
check("update_run", lambda: client.update_run(id, name="renamed"))
check("set_terminated", lambda: client.set_terminated(id))
check("run is finished", lambda: same((client.get_run(id).info.status, client.get_run(id).info.run_name), ("FINISHED", "renamed")))


def search(text, **options):
    return [r.info.run_id for r in client.search_runs([experiment], text, **options)]


for text, found in [
    ("metrics.loss < 0.3", True),
    ("metrics.loss > 0.3", False),
    ("metrics.`loss` = 0.2 AND params.lr = '0.1'", True),
    ("params.lr LIKE '0.%'", True),
    ("params.lr != '0.1'", False),
    ("tags.stage ILIKE 'DEV'", True),
    ("tags.stage LIKE 'DEV'", False),
    ("attributes.status = 'FINISHED'", True),
    ("attributes.run_name = 'renamed'", True),
    (f"attributes.run_id IN ('{id}', 'x')", True),
    (f"attributes.run_id NOT IN ('{id}')", False),
    ("attributes.start_time > 0", True),
]:
    check(f"search_runs {text}", lambda text=text, found=found: same(search(text) == [id], found))
check("search_runs with a broken filter", lambda: refused(lambda: search("metrics.loss >"), "INVALID_PARAMETER_VALUE"))
second = check("second run", lambda: client.create_run(experiment, run_name="second"))
check("metrics of the second run", lambda: client.log_metric(second.info.run_id, "loss", 9))
check("search_runs ordered", lambda: same(search("", order_by=["metrics.loss DESC"]), [second.info.run_id, id]))
check("search_runs in pages", lambda: same(len(client.search_runs([experiment], max_results=1, page_token=client.search_runs([experiment], max_results=1).token)), 1))
check("delete_run", lambda: client.delete_run(second.info.run_id))
check("search_runs without deleted ones", lambda: same(search(""), [id]))
check("search_runs with deleted ones", lambda: same(len(search("", run_view_type=ViewType.ALL)), 2))
check("log to a deleted run", lambda: refused(lambda: client.log_metric(second.info.run_id, "x", 1), "INVALID_PARAMETER_VALUE"))
check("restore_run", lambda: client.restore_run(second.info.run_id))
check("run that is not there", lambda: refused(lambda: client.get_run("0" * 32), "RESOURCE_DOES_NOT_EXIST"))
check("search_runs as a table", lambda: same(len(mlflow.search_runs([experiment])), 2))

# Artifacts

check("log_artifact", lambda: client.log_artifact(id, write("note.txt", "hello")))
check("log_artifact in a folder", lambda: client.log_artifact(id, write("note.txt", "hello"), "notes/deep"))
write("tree/a/one.txt", "1"), write("tree/two.txt", "2"), write("tree/leer zeichen ü.txt", "3")
check("log_artifacts", lambda: client.log_artifacts(id, os.path.join(work, "tree"), "tree"))
check("log_dict", lambda: client.log_dict(id, {"a": 1}, "config.json"))
check("log_text", lambda: client.log_text(id, "# Report", "report.md"))
check("list_artifacts", lambda: same([a.path for a in client.list_artifacts(id)], ["config.json", "note.txt", "notes", "report.md", "tree"]))
check("list_artifacts of a folder", lambda: same([(a.path, a.is_dir) for a in client.list_artifacts(id, "tree")], [("tree/a", True), ("tree/leer zeichen ü.txt", False), ("tree/two.txt", False)]))
check("download_artifacts of a file", lambda: same(open(client.download_artifacts(id, "tree/leer zeichen ü.txt", work)).read(), "3"))
check("download_artifacts of a folder", lambda: same(open(os.path.join(client.download_artifacts(id, "tree", work), "a/one.txt")).read(), "1"))
check("load_dict", lambda: same(mlflow.artifacts.load_dict(f"runs:/{id}/config.json"), {"a": 1}))
check("download_artifacts by address", lambda: same(open(mlflow.artifacts.download_artifacts(f"runs:/{id}/note.txt", dst_path=work)).read(), "hello"))


def proxy(method, path, **options):
    return requests.request(method, f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow-artifacts/{path}", headers=headers, **options)


for path in ["../x", "a/../../x", "%2e%2e/x", "a%00b", ".git/config", "a%5Cb", "/x"]:
    check(f"the path {path} is refused", lambda path=path: has(proxy("PUT", f"artifacts/{experiment}/{id}/artifacts/{path}", data=b"x").status_code in (400, 404)))
check("multipart uploads", lambda: same(proxy("POST", f"mpu/create/{experiment}/{id}/artifacts/x", json={}).status_code, 501))
check("another experiment in the address", lambda: same(proxy("GET", f"artifacts/1/{id}/artifacts/note.txt").text, "hello"))

# Models

mlflow.set_experiment(f"{prefix}-models")
model = LogisticRegression().fit(X, y)
name = f"{prefix}-iris"


def train(**options):
    with mlflow.start_run() as active:
        mlflow.log_params({"C": 1.0})
        mlflow.log_metric("acc", 1.0)
        return active.info.run_id, log_model(model, "model", **options)


trained = check("log_model with registered_model_name", lambda: train(registered_model_name=name, input_example=X))
run_id, info = trained
version = check("get_model_version", lambda: client.get_model_version(name, "1"))
check("version is ready", lambda: same((version.status, version.version, version.current_stage), ("READY", "1", "None")))
check("version knows its run", lambda: same(version.run_id, run_id))
check("load_model by address of the model", lambda: same(list(mlflow.pyfunc.load_model(info.model_uri).predict(X)), y))
check("load_model by run", lambda: same(list(mlflow.sklearn.load_model(f"runs:/{run_id}/model").predict(X)), y))
check("load_model by version", lambda: same(list(mlflow.pyfunc.load_model(f"models:/{name}/1").predict(X)), y))
check("load_model latest", lambda: same(list(mlflow.pyfunc.load_model(f"models:/{name}/latest").predict(X)), y))
check("get_model_info", lambda: has("sklearn" in mlflow.models.get_model_info(f"models:/{name}/1").flavors))
check("set_registered_model_alias", lambda: client.set_registered_model_alias(name, "challenger", 1))
check("get_model_version_by_alias", lambda: same(client.get_model_version_by_alias(name, "challenger").version, "1"))
check("load_model by alias", lambda: same(list(mlflow.sklearn.load_model(f"models:/{name}@challenger").predict(X)), y))
check("aliases of a version", lambda: same(client.get_model_version(name, "1").aliases, ["challenger"]))
check("aliases of a model", lambda: same(client.get_registered_model(name).aliases, {"challenger": "1"}))
check("delete_registered_model_alias", lambda: client.delete_registered_model_alias(name, "challenger"))
check("alias that is not there", lambda: refused(lambda: client.get_model_version_by_alias(name, "challenger"), "RESOURCE_DOES_NOT_EXIST"))
check("register_model by run", lambda: same(mlflow.register_model(f"runs:/{run_id}/model", name, tags={"by": "run"}).version, "2"))
check("tags of a version", lambda: same(client.get_model_version(name, "2").tags, {"by": "run"}))
check("create_model_version", lambda: same(client.create_model_version(name, client.get_model_version(name, "1").source, run_id, description="third").version, "3"))
check("create_registered_model", lambda: client.create_registered_model(f"acme/{prefix}", tags={"k": "v"}, description="text"))
check("create_registered_model twice", lambda: refused(lambda: client.create_registered_model(f"acme/{prefix}"), "RESOURCE_ALREADY_EXISTS"))
check("get_registered_model", lambda: same((client.get_registered_model(f"acme/{prefix}").tags, client.get_registered_model(f"acme/{prefix}").description), ({"k": "v"}, "text")))
check("update_registered_model", lambda: same(client.update_registered_model(f"acme/{prefix}", "other").description, "other"))
check("set_registered_model_tag", lambda: client.set_registered_model_tag(f"acme/{prefix}", "x", "y"))
check("delete_registered_model_tag", lambda: client.delete_registered_model_tag(f"acme/{prefix}", "k"))
check("tags of a model", lambda: same(client.get_registered_model(f"acme/{prefix}").tags, {"x": "y"}))
check("copy_model_version", lambda: same(client.copy_model_version(f"models:/{name}/1", f"acme/{prefix}").version, "1"))
check("load_model in a namespace", lambda: same(list(mlflow.pyfunc.load_model(f"models:/acme--{prefix}/1").predict(X)), y))
check("set_model_version_tag", lambda: client.set_model_version_tag(name, "1", "good", "yes"))
check("delete_model_version_tag", lambda: client.delete_model_version_tag(name, "2", "by"))
check("update_model_version", lambda: same(client.update_model_version(name, "1", "best").description, "best"))
check("search_model_versions by name", lambda: same([v.version for v in client.search_model_versions(f"name = '{name}'")], ["3", "2", "1"]))
check("search_model_versions by run", lambda: has(len(client.search_model_versions(f"run_id IN ('{run_id}')")) >= 2))
check("search_model_versions by tag", lambda: same([v.version for v in client.search_model_versions(f"name = '{name}' AND tags.good = 'yes'")], ["1"]))
check("search_model_versions by number", lambda: same([v.version for v in client.search_model_versions(f"name = '{name}' AND version_number > 1", order_by=["version_number ASC"])], ["2", "3"]))
check("search_registered_models", lambda: same([m.name for m in client.search_registered_models(f"name LIKE '{prefix}-ir%'")], [name]))
check("search_registered_models by tag", lambda: same([m.name for m in client.search_registered_models("tags.x = 'y' AND name ILIKE 'ACME/%'")], [f"acme/{prefix}"]))
check("search_registered_models in pages", lambda: has(client.search_registered_models(max_results=1).token))
check("rename_registered_model", lambda: client.rename_registered_model(f"acme/{prefix}", f"acme/{prefix}-new"))
check("old name", lambda: refused(lambda: client.get_registered_model(f"acme/{prefix}"), "RESOURCE_DOES_NOT_EXIST"))
check("version by the new name", lambda: same(client.get_model_version(f"acme/{prefix}-new", 1).status, "READY"))

# Stages

check("transition to Staging", lambda: same(client.transition_model_version_stage(name, "1", "Staging").current_stage, "Staging"))
check("get_latest_versions of a stage", lambda: same([v.version for v in client.get_latest_versions(name, ["Staging"])], ["1"]))
check("load_model by stage", lambda: same(list(mlflow.pyfunc.load_model(f"models:/{name}/Staging").predict(X)), y))
check("transition that replaces", lambda: same(client.transition_model_version_stage(name, "2", "staging", archive_existing_versions=True).current_stage, "Staging"))
check("the replaced one is archived", lambda: same(client.get_model_version(name, "1").current_stage, "Archived"))
check("transition to Production needs an approval", lambda: refused(lambda: client.transition_model_version_stage(name, "2", "Production"), "PERMISSION_DENIED", "approvals"))
check("so does the alias production", lambda: refused(lambda: client.set_registered_model_alias(name, "production", 2), "PERMISSION_DENIED", "approvals"))
check("transition to None", lambda: same(client.transition_model_version_stage(name, "2", "None").current_stage, "None"))
check("transition to no stage there is", lambda: refused(lambda: client.transition_model_version_stage(name, "2", "Nowhere"), "INVALID_PARAMETER_VALUE"))

# What is registered is frozen

before = hashlib.sha256(open(mlflow.artifacts.download_artifacts(f"models:/{name}/1/MLmodel", dst_path=tempfile.mkdtemp()), "rb").read()).hexdigest()
root = client.get_model_version_download_uri(name, "1").split("mlflow-artifacts:/")[1]
check("upload into a version", lambda: same(proxy("PUT", f"artifacts/{root}/MLmodel", data=b"x").json()["error_code"], "PERMISSION_DENIED"))
check("delete in a version", lambda: same(proxy("DELETE", f"artifacts/{root}/MLmodel").json()["error_code"], "PERMISSION_DENIED"))
logged = info.model_id if IS_3 else None
where = f"{client.get_run(run_id).info.experiment_id}/models/{logged}/artifacts" if IS_3 else f"{client.get_run(run_id).info.experiment_id}/{run_id}/artifacts/model"
check("log an artifact again", lambda: same(proxy("PUT", f"artifacts/{where}/MLmodel", data=b"changed: true").status_code, 200))
check("the version stays", lambda: same(hashlib.sha256(open(mlflow.artifacts.download_artifacts(f"models:/{name}/1/MLmodel", dst_path=tempfile.mkdtemp()), "rb").read()).hexdigest(), before))
check("delete_run behind a version", lambda: client.delete_run(run_id))
check("load_model without its run", lambda: same(list(mlflow.pyfunc.load_model(f"models:/{name}/1").predict(X)), y))

# Other protocols

check("the version over the Hub API", lambda: same(hashlib.sha256(requests.get(f"{url}/hf/mlflow/{name}/resolve/v1/MLmodel", headers=headers).content).hexdigest(), before))


def push():
    files = {}
    folder = mlflow.artifacts.download_artifacts(f"models:/{name}/1", dst_path=tempfile.mkdtemp())
    for base, _, names in os.walk(folder):
        for one in names:
            files[os.path.relpath(os.path.join(base, one), folder)] = open(os.path.join(base, one), "rb").read()
    files.pop("registered_model_meta", None)
    requests.post(f"{url}/hf/api/repos/create", headers=headers, json={"name": f"{prefix}-hub", "organization": "acme", "type": "model"}).raise_for_status()
    lines = [{"key": "header", "value": {"summary": "push"}}]
    for path, content in files.items():
        lines.append({"key": "file", "value": {"path": path, "content": base64.b64encode(content).decode(), "encoding": "base64"}})
    body = "\n".join(json.dumps(line) for line in lines)
    answer = requests.post(f"{url}/hf/api/models/acme/{prefix}-hub/commit/main", headers={**headers, "Content-Type": "application/x-ndjson"}, data=body)
    answer.raise_for_status()
    sealed = requests.post(f"{url}/api/v1/repositories/model/acme/{prefix}-hub/versions", headers=headers, json={"revision": "main"})
    sealed.raise_for_status()
    return sealed.json()


check("push over the Hub API and seal", push)
check("version pushed over the Hub", lambda: same(client.get_model_version(f"acme/{prefix}-hub", "1").status, "READY"))
check("it is found", lambda: same([m.name for m in client.search_registered_models(f"name = 'acme/{prefix}-hub'")], [f"acme/{prefix}-hub"]))
check("load_model pushed over the Hub", lambda: same(list(mlflow.pyfunc.load_model(f"models:/acme--{prefix}-hub/1").predict(X)), y))

# What is refused. The pickle calls os.system('id') if anybody loads it; nobody does.

EVIL = b"cos\nsystem\n(S'id'\ntR."
def requests_get(path):
    answer = proxy("GET", f"artifacts/{path}")
    answer.raise_for_status()
    return answer


bad = check("run with a malicious model", lambda: client.create_run(experiment))
write("evil/MLmodel", "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n")
write("evil/model.pkl", EVIL)
check("log a malicious model", lambda: client.log_artifacts(bad.info.run_id, os.path.join(work, "evil"), "model"))
check("download it from the run", lambda: refused(lambda: requests_get(f"{experiment}/{bad.info.run_id}/artifacts/model/model.pkl"), "PERMISSION_DENIED", "model.pkl"))


check("nor its other files", lambda: refused(lambda: requests_get(f"{experiment}/{bad.info.run_id}/artifacts/model/MLmodel"), "PERMISSION_DENIED"))
check("register it", lambda: refused(lambda: mlflow.register_model(f"runs:/{bad.info.run_id}/model", f"{prefix}-evil"), "INTERNAL_ERROR", "model.pkl"))
check("its status", lambda: same(client.get_model_version(f"{prefix}-evil", "1").status, "FAILED_REGISTRATION"))
check("its reason", lambda: has("model.pkl" in client.get_model_version(f"{prefix}-evil", "1").status_message))
check("get_model_version_download_uri of it", lambda: refused(lambda: client.get_model_version_download_uri(f"{prefix}-evil", "1"), "PERMISSION_DENIED", "model.pkl"))
check("load it", lambda: refused(lambda: mlflow.pyfunc.load_model(f"models:/{prefix}-evil/1"), "PERMISSION_DENIED", "model.pkl"))
check("alias for it", lambda: refused(lambda: client.set_registered_model_alias(f"{prefix}-evil", "staging", 1), "PERMISSION_DENIED"))
check("register from elsewhere", lambda: refused(lambda: client.create_model_version(name, "s3://bucket/model"), "INVALID_PARAMETER_VALUE"))

# Deleting

check("delete_model_version", lambda: client.delete_model_version(name, "3"))
check("deleted version", lambda: refused(lambda: client.get_model_version(name, "3"), "RESOURCE_DOES_NOT_EXIST"))
check("its number is not used again", lambda: same(client.create_model_version(name, f"models:/{name}/1").version, "4"))
check("delete_registered_model", lambda: client.delete_registered_model(f"acme/{prefix}-new"))
check("deleted model", lambda: refused(lambda: client.get_registered_model(f"acme/{prefix}-new"), "RESOURCE_DOES_NOT_EXIST"))

# More of the tracking

check("log_input", lambda: (mlflow.start_run(), mlflow.log_input(mlflow.data.from_numpy(X, name="numbers"), context="training"), mlflow.end_run()))
last = mlflow.last_active_run().info.run_id
check("inputs of a run", lambda: same(client.get_run(last).inputs.dataset_inputs[0].dataset.name, "numbers"))
check("search_runs by dataset", lambda: same([r.info.run_id for r in client.search_runs([client.get_run(last).info.experiment_id], "datasets.name = 'numbers' AND dataset.context = 'training'")], [last]))
check("autolog", lambda: (mlflow.sklearn.autolog(log_datasets=False), LogisticRegression().fit(X, y), mlflow.sklearn.autolog(disable=True)))
def nested():
    with mlflow.start_run():
        with mlflow.start_run(nested=True) as child:
            mlflow.log_metric("x", 1)
    return has(client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"])


check("nested runs", lambda: nested())


check("log_figure", lambda: (mlflow.start_run(), mlflow.log_table({"a": [1]}, "table.json"), mlflow.end_run()))


class Plus(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input + 1


def with_model_metric():
    with mlflow.start_run():
        mlflow.log_metric("f1", 0.5, model_id=logged)


if IS_3:
    write("plus.py", "import mlflow\n\nclass Plus(mlflow.pyfunc.PythonModel):\n    def predict(self, context, model_input, params=None):\n        return model_input + 1\n\nmlflow.models.set_model(Plus())\n")

    def from_code():
        with mlflow.start_run():
            return mlflow.pyfunc.log_model(name="plus", python_model=os.path.join(work, "plus.py"), registered_model_name=f"{prefix}-plus")

    coded = check("log_model from code", from_code)
    check("load_model from code", lambda: same(mlflow.pyfunc.load_model(f"models:/{prefix}-plus/1").predict(np.array([1]))[0], 2))
    check("search_logged_models", lambda: has(len(mlflow.search_logged_models(experiment_ids=[client.get_run(run_id).info.experiment_id], output_format="list")) >= 1))
    check("search_logged_models with a filter", lambda: same([m.model_id for m in mlflow.search_logged_models(experiment_ids=[client.get_run(run_id).info.experiment_id], filter_string=f"model_id = '{logged}'", output_format="list")], [logged]))
    check("get_logged_model", lambda: same(client.get_logged_model(logged).status.value, "READY"))
    check("set_logged_model_tags", lambda: client.set_logged_model_tags(logged, {"a": "b"}))
    check("delete_logged_model_tag", lambda: client.delete_logged_model_tag(logged, "a"))
    check("log_metric on a model", lambda: with_model_metric())
    check("metrics of a logged model", lambda: same([m.value for m in client.get_logged_model(logged).metrics if m.key == "f1"], [0.5]))
    check("delete_logged_model", lambda: client.delete_logged_model(logged))
    check("deleted logged model", lambda: refused(lambda: client.get_logged_model(logged), "RESOURCE_DOES_NOT_EXIST"))


# Credentials

check("user name and password", lambda: same(requests.get(f"{url}/mlflow/api/2.0/mlflow/experiments/get?experiment_id={experiment}", auth=("anybody", os.environ["MLFLOW_TRACKING_TOKEN"])).status_code, 200))
check("no credential", lambda: same(requests.get(f"{url}/mlflow/api/2.0/mlflow/experiments/get?experiment_id={experiment}").status_code, 401))
check("ajax-api", lambda: same(requests.get(f"{url}/mlflow/ajax-api/2.0/mlflow/experiments/get?experiment_id={experiment}", headers=headers).status_code, 200))
check("health", lambda: same(requests.get(f"{url}/mlflow/health").text, "OK"))

print(json.dumps({"operations": len(results), "failed": results.count(False), "mlflow": mlflow.__version__}))
sys.exit(0 if all(results) else 1)
