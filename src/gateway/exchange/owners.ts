import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Which of the processes of a server remembers a conversation. Why one each: what is remembered must be seen by every request of the
 * conversation, whichever process it reaches, and in their order.
 */
export interface Owners {
  /** The process that keeps what has this name; undefined: this one. */
  elsewhere(name: string): number | undefined;
  /**
   * Has another process answer a request, with everything that it decides and writes down; settles when the answer is over. `body`: what
   * was read of it already. Throws `gateway.unavailable` when the process cannot be reached.
   */
  passOn(owner: number, request: IncomingMessage, response: ServerResponse, body?: Buffer): Promise<void>;
}

/** A server of one process. */
export const ONE_PROCESS: Owners = {
  elsewhere: () => undefined,
  passOn: async () => undefined,
};

/** The name under which all processes look for the owner of a conversation. */
export function conversation(principal: string, place: string, name: string): string {
  return `${principal}\0${place}\0${name}`;
}
