import type { Report } from '../../../core/report.ts';
import { severityRank } from '../../../core/severity.ts';
import type { ManifestEntry } from '../manifest.ts';
import { isTrainingLeftover, safetensorsIndexName, safetensorsName, wholeNames } from './safetensors-names.ts';

/** A checkpoint and where its tensors go. */
export interface PlannedFile extends ManifestEntry {
  readonly target: string;
}

/** How a revision becomes one without checkpoints. */
export interface ConversionPlan {
  readonly convert: readonly PlannedFile[];
  /** Lists of shards, with their new names. */
  readonly indexes: readonly PlannedFile[];
  readonly leaveOut: readonly (ManifestEntry & { readonly because: string })[];
}

/** Why nothing is converted. */
export interface Refusal {
  readonly refusal: string;
}

/** From this severity on a finding says that code was found, not that a format can carry it. */
const CODE = severityRank('high');

/** What to convert, from what scanners said. Reads no bytes. */
export function planConversion(
  entries: readonly ManifestEntry[],
  report: Pick<Report, 'artifacts' | 'findings'>,
  malicious: boolean,
): ConversionPlan | Refusal {
  const pickled = new Set(
    report.artifacts
      .filter(({ format, facts }) => format === 'pickle' || facts.some(({ name }) => name === 'pickle.imports'))
      .map(({ path }) => path),
  );
  const checkpoints = entries.filter(({ path }) => pickled.has(path) && (safetensorsName(path) !== undefined || isTrainingLeftover(path)));
  if (checkpoints.length === 0) return { refusal: 'there is no checkpoint in it' };
  const paths = new Set(entries.map(({ path }) => path));
  const dangerous = report.findings.find(
    ({ location, severity, suppressed }) =>
      suppressed === undefined && severityRank(severity) >= CODE && checkpoints.some(({ path }) => path === location.path),
  );
  if (dangerous !== undefined && !malicious) return { refusal: `${dangerous.location.path}: ${dangerous.message} (${dangerous.rule})` };
  const unread = report.artifacts.find(
    ({ path, completeness }) => completeness !== 'complete' && checkpoints.some((one) => one.path === path),
  );
  if (unread !== undefined) return { refusal: `${unread.path} could not be scanned to its end` };
  const convert: PlannedFile[] = [];
  const leaveOut: (ManifestEntry & { readonly because: string })[] = [];
  for (const entry of checkpoints) {
    const target = safetensorsName(entry.path);
    const whole = wholeNames(entry.path).find((name) => paths.has(name));
    if (target === undefined) leaveOut.push({ ...entry, because: 'only training needs it' });
    else if (whole !== undefined) leaveOut.push({ ...entry, because: `${whole} is there` });
    else convert.push({ ...entry, target });
  }
  const twice = convert.find(({ target }, index) => convert.findIndex((other) => other.target === target) !== index);
  if (twice !== undefined) return { refusal: `two checkpoints would become ${twice.target}` };
  const indexes: PlannedFile[] = [];
  for (const entry of entries) {
    const target = safetensorsIndexName(entry.path);
    if (target === undefined) continue;
    if (paths.has(target) || leaveOut.some(({ path, because }) => isBeside(path, entry.path) && because.endsWith('is there')))
      leaveOut.push({ ...entry, because: 'it lists what is left out' });
    else indexes.push({ ...entry, target });
  }
  return { convert, indexes, leaveOut };
}

function isBeside(path: string, other: string): boolean {
  return path.slice(0, path.lastIndexOf('/') + 1) === other.slice(0, other.lastIndexOf('/') + 1);
}
