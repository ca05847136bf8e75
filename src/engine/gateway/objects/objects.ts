/** What providers keep and clients name by an id. */
export type ObjectKind = 'response' | 'message' | 'item' | 'audio' | 'completion' | 'container' | 'file' | 'batch' | 'message-batch';

/** Something that a provider keeps for a caller. */
export interface KeptObject {
  readonly kind: ObjectKind;
  /** As the provider made it. */
  readonly id: string;
  /** Id of the upstream that keeps it. */
  readonly upstream: string;
  /** Id of the principal that made it: nobody else learns that it exists. */
  readonly principal: string;
  /** Model that it was made with; empty where there is none. */
  readonly model: string;
  /** What a file is for. */
  readonly purpose: string;
  /** What the gateway has to know again, as plain JSON. */
  readonly detail: unknown;
  /** Epoch milliseconds. */
  readonly madeAt: number;
}

/** Which objects of a caller are listed. */
export interface ObjectQuery {
  readonly kind: ObjectKind;
  readonly principal: string;
  readonly purpose?: string | undefined;
  /** Id of the object after which the list goes on. */
  readonly after?: string | undefined;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

/** Whose is what. Why: all callers share the credential of the gateway, so the provider shows everybody everything. */
export interface Objects {
  /**
   * Notes objects soon, without anybody waiting; until then they are known in this process only. The first who made an id keeps it, and may
   * add a `detail` where there was none.
   */
  note(objects: readonly KeptObject[]): void;
  /** Notes an object; settles when it is durable. False: somebody else has one with this id. */
  keep(object: KeptObject): Promise<boolean>;
  /** The object, if it belongs to the principal. */
  find(principal: string, kind: ObjectKind, id: string): Promise<KeptObject | undefined>;
  list(query: ObjectQuery): Promise<readonly KeptObject[]>;
  forget(kind: ObjectKind, id: string): Promise<void>;
  close(): Promise<void>;
}

/** How ids of every provider look. Why so narrow: they become part of a path. */
export const OBJECT_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
