/** Whose a task is, and the tool that it runs; undefined: none. */
interface Task {
  readonly principal: string;
  readonly tool: string | undefined;
}

/** Why: servers make ids up, and a process has memory for so many. The oldest go first. */
const MOST_TASKS = 20_000;

/**
 * Whose task is whose. Why: all callers come to a server with the credential of the gateway, so it shows everybody the tasks of all. What
 * is not known here belongs to nobody.
 */
export class McpTasks {
  readonly #tasks = new Map<string, Task>();

  /** Notes a task that a server began. The first who has an id keeps it. */
  note(server: string, id: string, task: Task): void {
    const key = keyOf(server, id);
    if (id.length > 256 || this.#tasks.has(key)) return;
    this.#tasks.set(key, task);
    if (this.#tasks.size > MOST_TASKS) this.#tasks.delete(this.#tasks.keys().next().value!);
  }

  /** The task, if it belongs to the principal. */
  find(principal: string, server: string, id: unknown): Task | undefined {
    const task = typeof id === 'string' ? this.#tasks.get(keyOf(server, id)) : undefined;
    return task?.principal === principal ? task : undefined;
  }
}

function keyOf(server: string, id: string): string {
  return `${server}\0${id}`;
}
