/** Where the running server reports what an operator should know. Never given secrets or contents. */
export interface Logger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Says nothing: for libraries and tests. */
export const SILENT: Logger = { info: () => {}, warn: () => {}, error: () => {} };
