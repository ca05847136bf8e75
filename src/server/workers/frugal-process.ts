/** The most that a worker may use for each half of the space where new objects are made, MiB. Node's own default is 16. */
const SEMI_SPACE_MB = 8;
const ARENAS = '2';

/** How a process is started. */
export interface ProcessSettings {
  readonly execArgv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Settings by which a worker needs some 20 to 40 MB less; whoever sets them in another way is not overruled. Why they cost next to nothing:
 * what survives a collection are the requests under way, and those are as many however often one looks; with half of that again each
 * request was seen to take longer. One heap of the C library for each thread keeps what a compiler thread once needed; two are enough.
 */
export function frugalSettings({
  execArgv,
  env,
}: {
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}): ProcessSettings {
  const isSet = [...execArgv, env['NODE_OPTIONS'] ?? ''].some((option) => /--(?:max|min)[-_]semi[-_]space[-_]size/.test(option));
  return {
    execArgv: isSet ? execArgv : [...execArgv, `--max-semi-space-size=${SEMI_SPACE_MB}`],
    environment: env['MALLOC_ARENA_MAX'] === undefined ? { MALLOC_ARENA_MAX: ARENAS } : {},
  };
}
