import type { z } from 'zod';
import type { Json } from './artifact.ts';
import type { Budget } from './budget.ts';
import type { Observation } from './finding.ts';
import type { Rule } from './rule.ts';
import type { ByteSource } from './source.ts';
import type { FileSubject, TreeSubject } from './subject.ts';

/** A member that a container scanner found and hands to the engine, which sniffs it and runs every scanner on it. */
export interface Member {
  /** Name as the container spells it; shown after `!` in locations. */
  readonly name: string;
  readonly source: ByteSource;
  /**
   * `opaque`: raw numbers by the container's own account (a tensor storage). Still sniffed, but bytes that only look like
   * the start of a stream are not reported as broken.
   */
  readonly role?: 'opaque';
}

/** What the engine gives a plugin beside its subject. */
export interface ScanContext {
  readonly budget: Budget;
  /** Records a fact measured from the bytes, or declared by the artifact of itself. */
  fact(name: string, value: Json, basis?: 'measured' | 'declared'): void;
  /** Scans a nested member now, before it returns. The engine counts members and depth. */
  descend(member: Member): void;
  /** Marks the artifact inconclusive: something was not read to its end. */
  inconclusive(reason: string): void;
  /** Marks the artifact not scanned: its content is absent or sealed (LFS pointer, encrypted member). */
  notScanned(reason: string): void;
}

/**
 * Everything Cordon checks with. A plugin never opens files, sockets or databases: it reads the subject it is given and
 * yields what it observes. An exception means "failed", which the report says and which is never clean.
 */
export interface Plugin<Subject, Rules extends readonly Rule[] = readonly Rule[]> {
  readonly id: string;
  readonly title: string;
  /** Capabilities that the host may lack. */
  readonly needs?: readonly 'network'[];
  readonly rules: Rules;
  readonly options?: z.ZodType;
  accepts(subject: Subject): boolean;
  inspect(subject: Subject, context: ScanContext): Iterable<Observation<Rules[number]['id']>>;
}

/** A plugin that reads one file or container member. */
export type FileScanner<Rules extends readonly Rule[] = readonly Rule[]> = Plugin<FileSubject, Rules>;
/** A plugin that reasons across the files of a repository. */
export type TreeScanner<Rules extends readonly Rule[] = readonly Rule[]> = Plugin<TreeSubject, Rules>;

/** Declares a file scanner; infers its rule ids, so that a misspelt one does not compile. */
export function fileScanner<const Rules extends readonly Rule[]>(scanner: FileScanner<Rules>): FileScanner<Rules> {
  return scanner;
}

/** Declares a tree scanner; infers its rule ids, so that a misspelt one does not compile. */
export function treeScanner<const Rules extends readonly Rule[]>(scanner: TreeScanner<Rules>): TreeScanner<Rules> {
  return scanner;
}
