import cluster from 'node:cluster';
import {
  type CountQuestion,
  type FromWorker,
  type ToWorker,
  WORKER_FOLDER_VARIABLE,
  WORKER_VARIABLE,
  type WorkerTopic,
} from './messages.ts';

/** Which of the processes of a server this is. */
export interface WorkerPlace {
  /** From 0. The first one does what only one may do. */
  readonly number: number;
  readonly count: number;
}

/** The way of a worker process to the others. */
export interface WorkerLink {
  readonly place: WorkerPlace;
  /** Folder with what workers reach each other by. */
  readonly folder: string;
  /** Requests are answered from now on. */
  ready(): void;
  /** Asks the others. Settles when all have answered or `waitMs` are over, with the answers that there are; never rejects. */
  ask(topic: WorkerTopic, body: unknown, waitMs: number): Promise<readonly unknown[]>;
  /** What this process answers, as something that JSON can say; undefined: nothing. */
  onAsked(topic: WorkerTopic, answer: (body: unknown) => unknown): void;
  /** Counts together with the others. Undefined: nobody answered in time. */
  count(ask: CountQuestion, waitMs: number): Promise<boolean | undefined>;
}

/** Why longer than the other side waits: then it answers with what it has. */
const GRACE_MS = 1_000;

/** The link of this process; undefined where it is no worker. */
export function workerLink(): WorkerLink | undefined {
  const [, number, count] = /^(\d{1,3})\/(\d{1,3})$/.exec(process.env[WORKER_VARIABLE] ?? '') ?? [];
  const folder = process.env[WORKER_FOLDER_VARIABLE];
  if (!cluster.isWorker || number === undefined || count === undefined || folder === undefined) return undefined;
  const waiting = new Map<number, (answer: unknown) => void>();
  const answering = new Map<WorkerTopic, (body: unknown) => unknown>();
  let questions = 0;
  const tell = (message: FromWorker): void => {
    // Why the callback: a process that goes down at this moment is no error.
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
  };

  /** What is answered to a question; undefined after so long. */
  async function answerTo(waitMs: number, send: (question: number) => void): Promise<unknown> {
    const question = questions++;
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<unknown>((settled) => {
      waiting.set(question, settled);
      timer = setTimeout(settled, waitMs);
    });
    send(question);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      waiting.delete(question);
    }
  }

  process.on('message', (message: ToWorker) => {
    if (message.cordon === 'asked') {
      const { question, topic, body } = message;
      tell({ cordon: 'answer', question, body: answering.get(topic)?.(body) });
    }
    if (message.cordon === 'answers') waiting.get(message.question)?.(message.bodies);
    if (message.cordon === 'counted') waiting.get(message.question)?.(message.yes);
  });
  return {
    place: { number: Number(number), count: Number(count) },
    folder,
    ready: () => tell({ cordon: 'ready' }),
    async ask(topic, body, waitMs) {
      const bodies = await answerTo(waitMs + GRACE_MS, (question) => tell({ cordon: 'ask', question, topic, body, waitMs }));
      return Array.isArray(bodies) ? (bodies as unknown[]).filter((one) => one !== undefined && one !== null) : [];
    },
    onAsked: (topic, answer) => void answering.set(topic, answer),
    async count(ask, waitMs) {
      const yes = await answerTo(waitMs, (question) => tell({ cordon: 'count', question, ask }));
      return typeof yes === 'boolean' ? yes : undefined;
    },
  };
}
