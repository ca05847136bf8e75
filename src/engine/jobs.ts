import type { MessagePort } from 'node:worker_threads';
import type { Limits } from '../core/budget.ts';
import type { Written } from './convert/write-safetensors.ts';
import type { FileInspection } from './inspect-file.ts';
import type { TreeInspection } from './inspect-tree.ts';
import type { Rule } from '../core/rule.ts';
import type { Format } from '../core/format.ts';
import type { Fact } from '../core/artifact.ts';

/** What a worker is asked to do: plain data, sent between threads. */
export type Job = FileJob | TreeJob | RulesJob | ConvertJob;

/** Asks which rules there are. Why a worker: only workers load scanners, which keeps the command line quick. */
export interface RulesJob {
  readonly kind: 'rules';
  readonly id: number;
  readonly limits: Limits;
}

/** Asks for the weights of a torch file as safetensors, without executing anything and without what is no tensor. */
export interface ConvertJob {
  readonly kind: 'convert';
  readonly id: number;
  /** The file to read, and the one to write. */
  readonly input: string;
  readonly output: string;
  readonly limits: Limits;
}

export interface FileJob {
  readonly kind: 'file';
  readonly id: number;
  /** As the report shows it. */
  readonly path: string;
  readonly content: LocalContent | MemoryContent | RemoteContent;
  readonly limits: Limits;
  readonly hash: boolean;
  /** Folder of the cache; undefined when it is off. */
  readonly cache: string | undefined;
}

export interface LocalContent {
  readonly kind: 'local';
  readonly absolute: string | Uint8Array;
}

/** A small file fetched whole. */
export interface MemoryContent {
  readonly kind: 'memory';
  readonly bytes: Uint8Array;
}

/** A large file behind a URL, whose ranges the main thread fetches while the worker waits. */
export interface RemoteContent {
  readonly kind: 'remote';
  readonly size: number;
  /** Its first bytes, fetched already. */
  readonly head: Uint8Array;
  /** Opens a channel. Why not one channel: a job that is given to a second worker needs another. */
  connect(): RemoteChannel;
}

/** The same as a worker gets it. */
export interface ConnectedContent {
  readonly kind: 'remote';
  readonly size: number;
  readonly head: Uint8Array;
  readonly channel: RemoteChannel;
}

/** A job as it is sent: plain data and ports. */
export type PostedJob = PostedFileJob | TreeJob | RulesJob | ConvertJob;

/** A file job whose remote content, if it has one, is connected. */
export interface PostedFileJob extends Omit<FileJob, 'content'> {
  readonly content: LocalContent | MemoryContent | ConnectedContent;
}

export interface RemoteChannel {
  readonly port: MessagePort;
  /** [0]: 0 waiting, 1 answered; [1]: bytes answered, or a negative error. */
  readonly state: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
}

export interface TreeJob {
  readonly kind: 'tree';
  readonly id: number;
  readonly entries: readonly TreeJobEntry[];
  readonly limits: Limits;
}

export interface TreeJobEntry {
  readonly path: string;
  /** Where its text can be read; undefined for large remote files. */
  readonly content: LocalContent | MemoryContent | undefined;
  readonly size: number;
  readonly format: Format;
  readonly sha256: string | null;
  readonly facts: readonly Fact[];
}

/** What a worker answers. */
export type JobResult = FileResult | TreeResult | RulesResult | ConvertResult | RefusedResult | FailedResult;

export interface ConvertResult {
  readonly kind: 'converted';
  readonly id: number;
  readonly written: Written;
}

/** The file cannot be converted, and why. */
export interface RefusedResult {
  readonly kind: 'refused';
  readonly id: number;
  readonly message: string;
}

export interface RulesResult {
  readonly kind: 'rules';
  readonly id: number;
  readonly rules: readonly Rule[];
  /** sha256 over them. */
  readonly digest: string;
}

export interface FileResult {
  readonly kind: 'file';
  readonly id: number;
  readonly sha256: string | null;
  readonly size: number;
  readonly inspection: FileInspection;
}

export interface TreeResult {
  readonly kind: 'tree';
  readonly id: number;
  readonly inspection: TreeInspection;
}

/** The job could not be done: the file cannot be opened, or the worker was ended at a limit. */
export interface FailedResult {
  readonly kind: 'failed';
  readonly id: number;
  readonly cause: 'unreadable' | 'timeout' | 'memory' | 'crash';
  readonly message: string;
}
