import { CordonError, errorMessage } from '../core/errors.ts';

/** Codes of both databases: SQLite's primary result codes as numbers, Postgres' SQLSTATE as text. */
interface DatabaseFailure {
  readonly errcode?: number;
  readonly code?: string;
}

const SQLITE = { busy: 5, locked: 6, readonly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;
const UNIQUE = new Set<unknown>([1555, 2067, '23505']);
const FOREIGN_KEY = new Set<unknown>([787, '23503']);
const CONFLICT = new Set(['40001', '40P01']);

/** True when a row with the same key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE.has(failureCode(error));
}

/** True when a row refers to one that is not there, or one that is referred to was to be deleted. */
export function isForeignKeyViolation(error: unknown): boolean {
  return FOREIGN_KEY.has(failureCode(error));
}

/** True when another process of the same machine holds the SQLite write lock. */
export function isBusy(error: unknown): boolean {
  const code = failureCode(error);
  return typeof code === 'number' && [SQLITE.busy, SQLITE.locked].includes((code & 0xff) as never);
}

/** True when Postgres ended a transaction for the sake of another one, so that it may be tried again. */
export function isConflict(error: unknown): boolean {
  return CONFLICT.has(String(failureCode(error)));
}

/** The same failure in the words of the catalogue where it is the machine's, unchanged where it is the statement's. */
export function databaseError(error: unknown): unknown {
  if (error instanceof CordonError) return error;
  const code = failureCode(error);
  const primary = typeof code === 'number' ? code & 0xff : code;
  const cause = { cause: error };
  switch (primary) {
    case SQLITE.busy:
    case SQLITE.locked:
      return new CordonError('storage.busy', 'another process has been writing to the database for too long', cause);
    case SQLITE.full:
    case '53100':
      return new CordonError('storage.full', 'the disk of the database is full', cause);
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
    case 'XX001':
      return new CordonError('storage.corrupt', `the database file is damaged: ${errorMessage(error)}`, cause);
    case SQLITE.readonly:
    case SQLITE.io:
    case SQLITE.cannotOpen:
      return new CordonError('storage.unavailable', `the database file cannot be used: ${errorMessage(error)}`, cause);
    default:
      return typeof code === 'string' && /^(08|57P|28|3D|E[A-Z]{3,})/.test(code)
        ? new CordonError('storage.unavailable', 'the database server does not answer, or refuses the login', cause)
        : error;
  }
}

/** Why the text too: the package that stands in for `node:sqlite` gives no number when a statement that answers rows fails. */
const BY_MESSAGE: readonly (readonly [RegExp, number])[] = [
  [/^UNIQUE constraint failed/, 2067],
  [/^FOREIGN KEY constraint failed/, 787],
  [/^database is locked/, SQLITE.busy],
  [/^database table is locked/, SQLITE.locked],
  [/^attempt to write a readonly database/, SQLITE.readonly],
  [/^disk I\/O error/, SQLITE.io],
  [/^database disk image is malformed/, SQLITE.corrupt],
  [/^database or disk is full/, SQLITE.full],
  [/^unable to open database file/, SQLITE.cannotOpen],
  [/^file is not a database/, SQLITE.notADatabase],
];

function failureCode(error: unknown): number | string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { errcode, code } = error as DatabaseFailure;
  if (errcode !== undefined) return errcode;
  return code === 'ERR_SQLITE_ERROR' ? BY_MESSAGE.find(([text]) => text.test(errorMessage(error)))?.[1] : code;
}
