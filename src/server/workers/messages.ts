/** What workers ask each other: metrics, a stop that counts at once, a wrong password, what a tool policy knows of a conversation. */
export type WorkerTopic = 'metrics' | 'stop' | 'password' | 'tool-session';

/** Counts something in the process that started the workers, where they are counted together. */
export interface CountQuestion {
  /** `hit`: one more, and is it the last that was missing? `again`: did it happen lately? */
  readonly kind: 'hit' | 'again';
  readonly key: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly count: number;
  readonly withinMs: number;
  /** How many keys are kept at once. */
  readonly max: number;
}

/** What a worker process tells the process that started it. */
export type FromWorker =
  | { readonly cordon: 'ready' }
  /** Asks all others. */
  | { readonly cordon: 'ask'; readonly question: number; readonly topic: WorkerTopic; readonly body: unknown; readonly waitMs: number }
  | { readonly cordon: 'answer'; readonly question: string; readonly body: unknown }
  | { readonly cordon: 'count'; readonly question: number; readonly ask: CountQuestion };

/** What it is told. */
export type ToWorker =
  | { readonly cordon: 'asked'; readonly question: string; readonly topic: WorkerTopic; readonly body: unknown }
  /** Answers of the others; of those that gave none in time, none. */
  | { readonly cordon: 'answers'; readonly question: number; readonly bodies: readonly unknown[] }
  | { readonly cordon: 'counted'; readonly question: number; readonly yes: boolean };

/** The variable by which a worker process learns which one it is: number and count, with a slash between. */
export const WORKER_VARIABLE = 'CORDON_WORKER';
/** The variable with the folder in which workers find the secret and the sockets that they reach each other by. */
export const WORKER_FOLDER_VARIABLE = 'CORDON_WORKER_FOLDER';
