import type { Observation } from '../../core/finding.ts';
import type { ScanContext } from '../../core/plugin.ts';
import { bufferSource } from '../../formats/bytes/source.ts';
import { quote, type MetadataEntry } from '../../formats/safetensors/header.ts';
import { sniff } from '../../formats/sniff.ts';
import { type Decoding, decodings } from './encoded.ts';
import type { SafetensorsRuleId } from './rules.ts';

/** Formats that hold code, objects or members. Images are ordinary: the modelspec standard puts a thumbnail here. */
const CARRIERS = new Set(['pickle', 'zip', 'tar', 'gzip', 'bzip2', 'xz', '7z', 'rar', 'zstd', 'lz4', 'hdf5', 'executable', 'npy']);

/** `_target_` of Hydra and `class_path` of jsonargparse as JSON or YAML keys, then what they name. */
const TARGET = /["']?\b(_target_|class_path)\\*["']?\s*[:=]\s*\\*["']?\s*([\w.]{1,200})/g;
const YAML_TAG = /!!python\/(?:[\w/]+:)?[\w.]{0,200}/g;

/** Roots of names whose call from a configuration runs code or touches the system. */
const DANGEROUS_ROOT =
  /^(?:builtins|__builtin__|os|posix|nt|sys|subprocess|shutil|pty|socket|importlib|runpy|code|ctypes|pickle|marshal|operator|webbrowser|urllib|http|multiprocessing|asyncio|threading|timeit|pydoc|pdb|eval|exec|open|compile|__import__)(?:\.|$)/;

/** Looks for code that metadata names or carries. */
export function* inspectMetadata(metadata: readonly MetadataEntry[], context: ScanContext): Iterable<Observation<SafetensorsRuleId>> {
  for (const { key: name, value } of metadata) {
    const key = name.slice(0, 120);
    context.budget.charge('steps', value.length);
    yield* targets(key, value);
    yield* payloads(key, value, context);
  }
}

function* targets(key: string, value: string): Iterable<Observation<SafetensorsRuleId>> {
  const rule = 'safetensors.metadata-target';
  const named = new Set<string>();
  const isTargetKey = key === '_target_' || key === 'class_path';
  if (isTargetKey && /^[\w.]+$/.test(value)) named.add(value);
  for (const match of value.matchAll(TARGET)) if (match[2]?.includes('.') === true || match[1] === '_target_') named.add(match[2] ?? '');
  for (const name of [...named].slice(0, 20)) {
    const isDangerous = DANGEROUS_ROOT.test(name) || name.includes('__');
    const message = `Metadata ${quote(key)} asks to instantiate ${name}`;
    yield { rule, key: name, message, evidence: { metadata: key, target: name }, ...(isDangerous && { severity: 'critical' as const }) };
  }
  for (const tag of [...new Set(value.match(YAML_TAG))].slice(0, 20)) {
    yield { rule, severity: 'high', key: tag, message: `Metadata ${quote(key)} has the YAML tag ${tag}`, evidence: { metadata: key, tag } };
  }
}

function* payloads(key: string, value: string, context: ScanContext): Iterable<Observation<SafetensorsRuleId>> {
  for (const { encoding, bytes } of decodings(value)) {
    const source = bufferSource(bytes);
    const format = sniff(bytes.subarray(0, 4096), source);
    if (!CARRIERS.has(format) || !isPlausible(encoding, format, bytes)) continue;
    const message = `Metadata ${quote(key)} is ${encoding} of ${format}`;
    yield { rule: 'safetensors.metadata-payload', key, message, evidence: { metadata: key, encoding, format, bytes: bytes.length } };
    context.descend({ name: `__metadata__/${key}`, source });
    return;
  }
}

/** Longest digest that is written down, SHA-512, in bytes. */
const DIGEST_BYTES = 64;

/** Why: metadata is full of digests, which begin like any header now and then. A pickle that short still ends in its STOP. */
function isPlausible(encoding: Decoding['encoding'], format: string, bytes: Uint8Array): boolean {
  return encoding === 'text' || bytes.length > DIGEST_BYTES || (format === 'pickle' && bytes.at(-1) === 0x2e);
}
