import type { Fact, Json } from '../core/artifact.ts';
import { type Budget, limitReached } from '../core/budget.ts';
import { CordonError, errorCode, errorMessage } from '../core/errors.ts';
import type { Observation } from '../core/finding.ts';
import type { Format } from '../core/format.ts';
import type { FileScanner, Member, ScanContext } from '../core/plugin.ts';
import type { PluginStatus } from '../core/report.ts';
import { type Severity, severityRank } from '../core/severity.ts';
import type { ByteSource } from '../core/source.ts';
import type { FileSubject } from '../core/subject.ts';
import { type Completeness, lesserCompleteness } from '../core/verdict.ts';
import { HEAD_BYTES } from '../formats/signature.ts';
import { sniff, sniffHidden } from '../formats/sniff.ts';
import { ENGINE_RULES, type EngineRuleId } from './rules.ts';
import { WorstKept } from './worst-kept.ts';

/** An observation with the chain of member names it was made in. */
export interface Sighting extends Observation {
  readonly members: readonly string[];
}

/** Everything one file yielded: plain data, so that it crosses threads and rests in the cache. */
export interface FileInspection {
  readonly format: Format;
  readonly completeness: Completeness;
  readonly reasons: readonly string[];
  readonly sightings: readonly Sighting[];
  readonly facts: readonly Fact[];
  readonly plugins: readonly PluginStatus[];
  /** Container members looked at. */
  readonly members: number;
  /** Findings left out because of the limit. */
  readonly cut: number;
}

const RULE_OF_ERROR: Partial<Record<ReturnType<typeof errorCode>, EngineRuleId>> = {
  'limit.reached': 'engine.limit-reached',
  'format.malformed': 'engine.malformed',
  'format.truncated': 'engine.malformed',
  'format.unsupported': 'engine.unsupported',
  'format.encrypted': 'engine.encrypted',
  'input.missing': 'engine.unreadable',
  'input.unreadable': 'engine.unreadable',
  'network.refused': 'engine.unreadable',
};

/** Why: an archive of 100,000 broken members has one thing to say, not 100,000. */
const MAX_REASONS = 100;
/** Why: facts of an archive of 100,000 members must not fill the report, the cache and the memory. */
const MAX_FACTS = 10_000;

/** Sniffs a file, runs every scanner that accepts it, and does the same for all nested members. Never throws. */
export function inspectFile(path: string, source: ByteSource, scanners: readonly FileScanner[], budget: Budget): FileInspection {
  return new Inspection(path, scanners, budget).run(source);
}

/** One file's inspection in progress: the accumulator behind {@link inspectFile}. */
class Inspection {
  readonly #path: string;
  readonly #scanners: readonly FileScanner[];
  readonly #budget: Budget;
  readonly #sightings: WorstKept<Sighting>;
  readonly #severities: ReadonlyMap<string, Severity>;
  readonly #facts: Fact[] = [];
  readonly #reasons = new Set<string>();
  readonly #plugins = new Map<string, PluginStatus>();
  #completeness: Completeness = 'complete';
  #members = 0;
  #moreReasons = 0;
  readonly #failures = new Set<string>();
  #readError: unknown;

  constructor(path: string, scanners: readonly FileScanner[], budget: Budget) {
    this.#path = path;
    this.#scanners = scanners;
    this.#budget = budget;
    this.#sightings = new WorstKept(budget.limits.findings);
    this.#severities = new Map([...ENGINE_RULES, ...scanners.flatMap(({ rules }) => rules)].map(({ id, severity }) => [id, severity]));
  }

  run(unwatched: ByteSource): FileInspection {
    const source = this.#watched(unwatched);
    const name = this.#path.slice(this.#path.lastIndexOf('/') + 1);
    const format = this.#inspect({ name, source }, []);
    this.#inspectHidden({ name, source }, format);
    if (this.#readError !== undefined && !this.#failures.has('engine.unreadable')) this.#fail(this.#readError, undefined, []);
    return {
      format,
      completeness: this.#completeness,
      reasons: [...this.#reasons, ...(this.#moreReasons > 0 ? [`and ${this.#moreReasons} more reasons`] : [])],
      sightings: this.#sightings.items(),
      facts: this.#facts,
      plugins: [...this.#plugins.values()],
      members: this.#members,
      cut: this.#sightings.cut,
    };
  }

  /** Why watched: a probe may take a failing disk for content of another format, and then nothing would say so. */
  #watched(source: ByteSource): ByteSource {
    return {
      get size() {
        return source.size;
      },
      read: (offset, length) => {
        try {
          return source.read(offset, length);
        } catch (error) {
          this.#readError ??= error;
          throw error;
        }
      },
    };
  }

  #inspect(member: Member, members: readonly string[]): Format {
    try {
      const head = member.source.read(0, HEAD_BYTES).slice();
      const format = sniff(head, member.source, member.role === 'opaque');
      this.#inspectAs(format, member, members);
      return format;
    } catch (error) {
      this.#fail(error, undefined, members);
      return 'unknown';
    }
  }

  #inspectAs(format: Format, { name, source, role }: Member, members: readonly string[]): void {
    const head = new Uint8Array(source.read(0, HEAD_BYTES));
    const subject: FileSubject = { path: this.#path, members, name, format, head, source, opaque: role === 'opaque' };
    for (const scanner of this.#scanners) this.#runScanner(scanner, subject);
  }

  #inspectHidden(file: Member, format: Format): void {
    try {
      for (const hidden of sniffHidden(file.source, format)) this.#inspectAs(hidden, file, []);
    } catch (error) {
      this.#fail(error, undefined, []);
    }
  }

  #runScanner(scanner: FileScanner, subject: FileSubject): void {
    try {
      if (!scanner.accepts(subject)) return;
      for (const observation of scanner.inspect(subject, this.#context(subject))) this.#keep(observation, subject.members);
      this.#settle(scanner.id, 'succeeded');
    } catch (error) {
      // Why: raw numbers begin by chance like a stream of some format; that they do not go on like one says nothing.
      if (subject.opaque && (errorCode(error) === 'format.malformed' || errorCode(error) === 'format.truncated')) return;
      this.#fail(error, scanner.id, subject.members);
    }
  }

  #context(subject: FileSubject): ScanContext {
    return {
      budget: this.#budget,
      fact: (name: string, value: Json, basis: 'measured' | 'declared' = 'measured') =>
        this.#keepFact({ name, basis, value: value as Fact['value'] }, subject.members),
      descend: (member) => this.#descend(member, subject.members),
      inconclusive: (reason) => this.#lessen('inconclusive', reason, subject.members),
      notScanned: (reason) => this.#lessen('not-scanned', reason, subject.members),
    };
  }

  #descend(member: Member, parents: readonly string[]): void {
    const members = [...parents, member.name];
    if (members.length > this.#budget.limits.depth) {
      this.#fail(limitReached('depth', this.#budget.limits.depth), undefined, members);
      return;
    }
    this.#budget.charge('members');
    this.#members++;
    this.#inspect(member, members);
  }

  #keep(observation: Observation, members: readonly string[]): void {
    this.#sightings.add(
      { ...observation, members },
      severityRank(observation.severity ?? this.#severities.get(observation.rule) ?? 'critical'),
    );
  }

  #keepFact(fact: Fact, members: readonly string[]): void {
    if (this.#facts.length >= MAX_FACTS) return;
    this.#facts.push(members.length === 0 ? fact : { ...fact, member: members.join('!') });
  }

  #lessen(completeness: Completeness, reason: string, members: readonly string[]): void {
    this.#completeness = lesserCompleteness(this.#completeness, completeness);
    const whole = members.length === 0 ? reason : `${members.join('!')}: ${reason}`;
    if (this.#reasons.has(whole)) return;
    if (this.#reasons.size < MAX_REASONS) this.#reasons.add(whole);
    else this.#moreReasons++;
  }

  /** Why a finding beside the completeness: what stops a scanner must stop the gate, whatever the policy says of completeness. */
  #fail(error: unknown, scanner: string | undefined, members: readonly string[]): void {
    const message = errorMessage(error);
    const rule = RULE_OF_ERROR[errorCode(error)] ?? 'engine.scanner-failed';
    this.#failures.add(rule);
    const key = scanner ?? 'engine';
    this.#lessen(rule === 'engine.encrypted' ? 'not-scanned' : 'inconclusive', message, members);
    this.#keep({ rule, key, message: scanner === undefined ? message : `${scanner}: ${message}` }, members);
    if (scanner !== undefined) this.#settle(scanner, error instanceof CordonError ? 'partial' : 'failed', message);
  }

  #settle(id: string, status: PluginStatus['status'], reason?: string): void {
    const worst = this.#plugins.get(id);
    const order = ['succeeded', 'partial', 'failed'];
    if (worst !== undefined && order.indexOf(worst.status) >= order.indexOf(status)) return;
    this.#plugins.set(id, reason === undefined ? { id, status } : { id, status, reason });
  }
}
