import * as z from 'zod';
import type { Observation } from '../../core/finding.ts';
import { treeScanner } from '../../core/plugin.ts';
import { severityRank } from '../../core/severity.ts';
import type { TreeSubject } from '../../core/subject.ts';
import { MALICIOUS, sinkDoes, sinkSeverity } from '../../patterns/python-sinks/describe.ts';
import type { Sink } from '../../patterns/python-sinks/sink.ts';
import { importClosure } from './closure.ts';
import { asksForTrust, type CodeReference } from './references.ts';
import { folderOf, Repository } from './repository.ts';
import { type CodeRoot, fileOf, otherRoots, referencesOf } from './roots.ts';
import { REMOTE_CODE_RULES } from './rules.ts';

type RemoteObservation = Observation<(typeof REMOTE_CODE_RULES)[number]['id']>;

/** Code that a model repository makes its loader run: who names it, whether it is there, and what it does. */
export const remoteCodeScanner = treeScanner({
  id: 'remote-code',
  title: 'Code that a model repository runs',
  rules: REMOTE_CODE_RULES,
  accepts: () => true,
  *inspect(tree) {
    const repository = new Repository(tree);
    const references = referencesOf(tree, repository);
    yield* reportReferences(references, repository);
    yield* reportFlags(tree, repository);
    const others = otherRoots(tree, repository);
    yield* reportPickles(others);
    const named = references.flatMap((reference) => fileOf(repository, reference) ?? []);
    const roots = new Set([...named, ...others.map((root) => root.path)]);
    // Why: whoever names a single file wants to know about that file.
    if (tree.entries.length === 1) roots.add(tree.entries[0]!.path);
    const running = importClosure(repository, roots);
    for (const path of running.keys()) yield* reportSinks(repository, path, true);
    for (const { path } of tree.entries) {
      if (!running.has(path) && repository.modelFolders.has(folderOf(path))) yield* reportSinks(repository, path, false);
    }
  },
});

function* reportReferences(references: readonly CodeReference[], repository: Repository): Generator<RemoteObservation> {
  const local = new Map<string, Set<string>>();
  const said = new Set<string>();
  for (const reference of references) {
    const at = { path: reference.from };
    if (reference.repository !== undefined) {
      const key = `${reference.from} ${reference.repository} ${reference.module}`;
      if (said.has(key)) continue;
      said.add(key);
      yield {
        rule: 'remote-code.other-repository',
        key: `${reference.repository}--${reference.module}`,
        message: `${reference.key} takes ${reference.module} from the repository ${reference.repository}.`,
        at,
        evidence: { reference: reference.text, repository: reference.repository },
      };
      continue;
    }
    const file = fileOf(repository, reference);
    if (file === undefined) {
      if (!said.has(`${reference.from} ${reference.module}`)) {
        yield {
          rule: 'remote-code.missing-file',
          key: reference.module,
          message: `${reference.key} names ${reference.text}, but there is no such Python file.`,
          at,
          evidence: { reference: reference.text },
        };
      }
      said.add(`${reference.from} ${reference.module}`);
      continue;
    }
    const files = local.get(reference.from) ?? new Set();
    local.set(reference.from, files.add(file));
  }
  for (const [from, files] of local) {
    const sorted = [...files].toSorted();
    yield {
      rule: 'remote-code.custom-code',
      key: sorted.join(' '),
      message: `Loaders that trust this repository run ${sorted.join(', ')}.`,
      at: { path: from },
      evidence: { files: sorted },
    };
  }
}

function* reportFlags(tree: TreeSubject, repository: Repository): Generator<RemoteObservation> {
  for (const { path, format } of tree.entries) {
    if (format !== 'json' || !path.endsWith('config.json') || !repository.modelFolders.has(folderOf(path))) continue;
    const config = repository.json(path);
    if (config === undefined || !asksForTrust(config)) continue;
    yield {
      rule: 'remote-code.trust-flag',
      key: 'trust_remote_code',
      message: 'The configuration sets "trust_remote_code": true.',
      at: { path },
    };
  }
}

function* reportPickles(roots: readonly CodeRoot[]): Generator<RemoteObservation> {
  for (const { path, pickle } of roots) {
    if (pickle === undefined) continue;
    yield {
      rule: 'remote-code.pickle-module',
      key: pickle.module,
      message: `Loading it imports ${pickle.module}, which is ${path}.`,
      at: { path: pickle.path },
      evidence: { module: pickle.module, file: path },
    };
  }
}

const Sinks = z.array(z.object({ kind: z.string(), callee: z.string(), line: z.number(), runsAt: z.enum(['import', 'main', 'call']) }));

function* reportSinks(repository: Repository, path: string, runs: boolean): Generator<RemoteObservation> {
  const fact = repository.entries.get(path)?.facts.find(({ name, member }) => name === 'python.sinks' && member === undefined);
  if (fact === undefined) return;
  for (const sink of Sinks.parse(fact.value) as Sink[]) {
    const severity = sinkSeverity(sink);
    if (severityRank(severity) < severityRank('medium') || MALICIOUS.has(sink.kind)) continue;
    if (!runs && (sink.runsAt !== 'import' || severity === 'medium')) continue;
    yield {
      rule: runs ? 'remote-code.dangerous-code' : 'remote-code.import-effect',
      severity: runs ? severity : 'medium',
      key: `${sink.kind} ${sink.callee}`,
      message: `The file ${sinkDoes(sink)}.`,
      at: { path, line: sink.line },
      evidence: { callee: sink.callee, runs: sink.runsAt },
    };
  }
}
