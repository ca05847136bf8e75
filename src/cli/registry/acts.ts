import { printable } from '../../core/printable.ts';
import { bytesText, countText } from '../../reporters/text/amounts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from './client.ts';
import { type PromotionAnswer, promotionScreen } from './promotion-screen.ts';
import { parseTarget, revisionPath, versionPath } from './target.ts';

interface JsonFlag extends ServerFlags {
  readonly json?: boolean;
}

/** `cordon seal NAME@REVISION`: makes the next version of it. */
export async function sealCommand(name: string, flags: JsonFlag, io: Io): Promise<number> {
  const target = parseTarget(name);
  const client = new Client(flags, io);
  const made = await client.post<{ repository: string; version: number; manifest: string; admission: string; reason: string }>(
    `${target.repository}/versions`,
    { revision: target.revision },
  );
  if (flags.json === true) io.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
  else io.stdout.write(`${made.repository}@${made.version} is ${made.manifest} (${made.admission})\n`);
  return EXIT.allowed;
}

/** `cordon promote NAME@VERSION --to STAGE`: 0 promoted, 1 refused. */
export async function promoteCommand(
  name: string,
  flags: JsonFlag & { readonly to: string; readonly dryRun?: boolean; readonly keep?: boolean },
  io: Io,
): Promise<number> {
  const path = versionPath(parseTarget(name));
  const body = { stage: flags.to, dryRun: flags.dryRun ?? false, replaces: flags.keep !== true };
  const answer = await new Client(flags, io).post<PromotionAnswer>(`${path}/promote`, body);
  io.stdout.write(flags.json === true ? `${JSON.stringify(answer, null, 2)}\n` : promotionScreen(answer, body.dryRun));
  return answer.gate.effect === 'deny' ? EXIT.denied : EXIT.allowed;
}

/** `cordon approve NAME@VERSION --stage STAGE`. */
export async function approveCommand(
  name: string,
  flags: ServerFlags & { readonly stage: string; readonly comment?: string },
  io: Io,
): Promise<number> {
  const path = versionPath(parseTarget(name));
  const body = { stage: flags.stage, ...(flags.comment !== undefined && { comment: flags.comment }) };
  const { approval } = await new Client(flags, io).post<{ approval: string }>(`${path}/approvals`, body);
  io.stdout.write(`approved for ${flags.stage}: ${approval}\n`);
  return EXIT.allowed;
}

interface RecallAnswer {
  readonly manifest: string;
  readonly repositories: readonly string[];
  readonly elsewhere: readonly string[];
  readonly pulledBy: readonly { principal: string; client: string; repository: string; firstAt: number; lastAt: number; files: number }[];
}

/** `cordon recall NAME@VERSION --reason TEXT`: blocks it everywhere and lists who pulled it; `--lift` ends a recall. */
export async function recallCommand(
  name: string,
  flags: JsonFlag & { readonly reason?: string; readonly lift?: boolean },
  io: Io,
): Promise<number> {
  const client = new Client(flags, io);
  const content = /^sha256:([0-9a-f]{64})$/i.exec(name)?.[1]?.toLowerCase();
  if (content !== undefined) return recallContent(content, flags, client, io);
  const path = `${revisionPath(parseTarget(name))}/recall`;
  if (flags.lift === true) {
    await client.delete(path);
    io.stdout.write('the recall is lifted; the next reader has it decided again\n');
    return EXIT.allowed;
  }
  const answer = await client.post<RecallAnswer>(path, { reason: flags.reason ?? 'no reason given' });
  if (flags.json === true) {
    io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return EXIT.allowed;
  }
  io.stdout.write(`recalled ${answer.manifest} in ${answer.repositories.map(printable).join(', ')}\n`);
  if (answer.elsewhere.length > 0)
    io.stdout.write(`the same files are in ${answer.elsewhere.map(printable).join(', ')}, where somebody else has to recall them\n`);
  writePullers(answer.pulledBy, io);
  return EXIT.allowed;
}

interface ContentRecallAnswer extends Omit<RecallAnswer, 'manifest'> {
  readonly sha256: string;
  readonly scopes: readonly string[];
  readonly manifests: readonly string[];
}

/** `cordon recall sha256:DIGEST`: blocks whatever holds the content. */
async function recallContent(
  sha256: string,
  flags: JsonFlag & { readonly reason?: string; readonly lift?: boolean },
  client: Client,
  io: Io,
): Promise<number> {
  const path = `/contents/${sha256}/recall`;
  if (flags.lift === true) {
    await client.delete(path);
    io.stdout.write('the recall is lifted; the next reader has what holds the content decided again\n');
    return EXIT.allowed;
  }
  const answer = await client.post<ContentRecallAnswer>(path, { reason: flags.reason ?? 'no reason given' });
  if (flags.json === true) {
    io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return EXIT.allowed;
  }
  const where = answer.scopes.map((scope) => (scope === '*' ? 'everywhere' : printable(scope))).join(', ');
  io.stdout.write(`recalled the content ${sha256} (${where}): ${countText(answer.manifests.length, 'set')} of files blocked`);
  io.stdout.write(answer.repositories.length === 0 ? '\n' : ` in ${answer.repositories.map(printable).join(', ')}\n`);
  if (answer.elsewhere.length > 0)
    io.stdout.write(`it is also in ${answer.elsewhere.map(printable).join(', ')}, where somebody else has to recall it\n`);
  writePullers(answer.pulledBy, io);
  return EXIT.allowed;
}

function writePullers(pulledBy: RecallAnswer['pulledBy'], io: Io): void {
  if (pulledBy.length === 0) io.stdout.write('nobody had pulled it\n');
  for (const { principal, client: agent, repository, lastAt, files } of pulledBy) {
    const when = new Date(lastAt).toISOString();
    io.stdout.write(
      `  ${printable(principal)} pulled ${files} files of ${printable(repository)} with ${printable(agent)}, last at ${when}\n`,
    );
  }
}

interface RetroAnswer {
  readonly decided: number;
  readonly outdated: number;
  readonly changed: readonly { repository: string; kind: string; manifest: string; before: string; after: string; reason: string }[];
}

interface RescanAnswer {
  readonly rules: string;
  readonly decided: number;
  readonly outdated: { readonly manifests: number; readonly files: number; readonly bytes: number };
  readonly state: 'none' | 'waiting' | 'running' | 'done' | 'failed';
  readonly problem: string;
}

/** `cordon retro --status`: 1 while something is decided by what older scanners saw. */
async function retroStatus(flags: JsonFlag, io: Io): Promise<number> {
  const answer = await new Client(flags, io).get<RescanAnswer>('/retro');
  const { decided, outdated, state, problem, rules } = answer;
  if (flags.json === true) io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else if (outdated.manifests === 0)
    io.stdout.write(`all ${decided} revisions were scanned by the scanners of today (${rules.slice(0, 16)})\n`);
  else {
    const left = `${countText(outdated.files, 'file')}, ${bytesText(outdated.bytes)}`;
    io.stdout.write(`${outdated.manifests} of ${decided} revisions are decided by what older scanners saw; to be read again: ${left}\n`);
    io.stdout.write(`reading again: ${state}${problem === '' ? '' : ` (${printable(problem)})`}\n`);
  }
  return outdated.manifests > 0 ? EXIT.denied : EXIT.allowed;
}

/** `cordon retro`: decides again about everything stored; 1 when something is quarantined by it. */
export async function retroCommand(
  flags: JsonFlag & { readonly dryRun?: boolean; readonly rescan?: boolean; readonly status?: boolean },
  io: Io,
): Promise<number> {
  if (flags.status === true) return retroStatus(flags, io);
  const body = { dryRun: flags.dryRun ?? false, rescan: flags.rescan ?? false };
  const answer = await new Client(flags, io).post<RetroAnswer>('/retro', body);
  const quarantined = answer.changed.filter(({ after }) => after === 'quarantined');
  if (flags.json === true) io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else {
    for (const { repository, manifest, before, after, reason } of answer.changed) {
      io.stdout.write(
        `${printable(repository)} ${manifest.slice(0, 16)}: ${before} -> ${after}${reason === '' ? '' : `: ${printable(reason)}`}\n`,
      );
    }
    const would = body.dryRun ? 'would change' : 'changed';
    io.stdout.write(`decided ${answer.decided}, ${answer.changed.length} ${would}`);
    io.stdout.write(
      answer.outdated > 0
        ? `, ${answer.outdated} were scanned by older scanners (they are read again in the background; --rescan does it now)\n`
        : '\n',
    );
  }
  return quarantined.length > 0 ? EXIT.denied : EXIT.allowed;
}
