import { printable } from '../../core/printable.ts';
import { bytesText, countText } from '../../reporters/text/amounts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from './client.ts';
import { parseTarget, revisionPath } from './target.ts';

interface Flags extends ServerFlags {
  readonly json?: boolean;
}

interface Repository {
  readonly id: string;
  readonly updatedAt: string;
}

interface Version {
  readonly version: number;
  readonly stage: string;
  readonly admission: string;
  readonly reason: string;
  readonly createdAt: string;
}

interface File {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

interface Revision {
  readonly repository: string;
  readonly revision: string;
  readonly manifest: string;
  readonly omsDigest: string;
  readonly admission: string;
  readonly reason: string;
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly message: string }[];
  readonly files: readonly File[];
}

const PAGE = 1_000;

/** `cordon models list [SEARCH]`: the repositories that the credential may read. */
export async function modelsListCommand(
  search: string | undefined,
  { kind = 'model', namespace, ...flags }: Flags & { readonly kind?: string; readonly namespace?: string },
  io: Io,
): Promise<number> {
  const client = new Client(flags, io);
  const found: Repository[] = [];
  for (let after = ''; ;) {
    const query = new URLSearchParams({
      limit: String(PAGE),
      ...(search && { search }),
      ...(namespace && { namespace }),
      ...(after && { after }),
    });
    const page = await client.get<readonly Repository[]>(`/repositories/${encodeURIComponent(kind)}?${query}`);
    found.push(...page);
    if (page.length < PAGE) break;
    after = page.at(-1)?.id ?? '';
  }
  if (flags.json === true) io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else for (const { id, updatedAt } of found) io.stdout.write(`${printable(id)}  changed ${updatedAt}\n`);
  return EXIT.allowed;
}

/** `cordon models show NAME[@REVISION]`: the versions with their stages, and the files and findings of one revision. */
export async function modelsShowCommand(name: string, flags: Flags, io: Io): Promise<number> {
  const target = parseTarget(name);
  const client = new Client(flags, io);
  const revision = await client.get<Revision>(revisionPath(target));
  const versions = await client.get<readonly Version[]>(`${target.repository}/versions`);
  if (flags.json === true) {
    io.stdout.write(`${JSON.stringify({ ...revision, versions }, null, 2)}\n`);
    return EXIT.allowed;
  }
  const size = revision.files.reduce((sum, file) => sum + file.size, 0);
  const lines = [
    `${printable(revision.repository)} at ${printable(revision.revision)}: ${revision.admission}`,
    ...(revision.reason === '' ? [] : [`  ${printable(revision.reason)}`]),
    `  manifest ${revision.manifest}, root digest ${revision.omsDigest}`,
    `  ${countText(revision.files.length, 'file')}, ${bytesText(size)}`,
    ...revision.files.map((file) => `    ${file.sha256.slice(0, 12)}  ${bytesText(file.size)}  ${printable(file.path)}`),
    ...revision.findings.map(({ rule, severity, message }) => `  ${severity} ${printable(message)} (${rule})`),
    ...versions.map(
      (one) => `  version ${one.version}: ${one.admission}${one.stage === '' ? '' : `, ${one.stage}`}, sealed ${one.createdAt}`,
    ),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.allowed;
}

/** `cordon models diff FROM TO`: which files came, went and changed, by digest. 0 when they are the same, 1 when not. */
export async function modelsDiffCommand(from: string, to: string, flags: Flags, io: Io): Promise<number> {
  const client = new Client(flags, io);
  const [before, after] = [
    await client.get<Revision>(revisionPath(parseTarget(from))),
    await client.get<Revision>(revisionPath(parseTarget(to))),
  ];
  const former = new Map(before.files.map((file) => [file.path, file]));
  const changes: { readonly change: 'added' | 'removed' | 'changed'; readonly path: string; readonly from?: File; readonly to?: File }[] =
    [];
  for (const file of after.files) {
    const old = former.get(file.path);
    former.delete(file.path);
    if (old === undefined) changes.push({ change: 'added', path: file.path, to: file });
    else if (old.sha256 !== file.sha256) changes.push({ change: 'changed', path: file.path, from: old, to: file });
  }
  for (const file of former.values()) changes.push({ change: 'removed', path: file.path, from: file });
  const sizes = ({ from: old, to: made }: (typeof changes)[number]): string =>
    [old, made].flatMap((file) => (file === undefined ? [] : [`${file.sha256.slice(0, 12)} ${bytesText(file.size)}`])).join(' -> ');
  if (flags.json === true) io.stdout.write(`${JSON.stringify(changes, null, 2)}\n`);
  else if (changes.length === 0) io.stdout.write('the same files\n');
  else for (const one of changes) io.stdout.write(`${one.change}  ${printable(one.path)}  ${sizes(one)}\n`);
  return changes.length === 0 ? EXIT.allowed : EXIT.denied;
}
