import { setFlagsFromString } from 'node:v8';

/** Why the last one: what is compiled later, with its first call, would be optimised again. */
const OPTIMISE = ['wasm-tier-up', 'wasm-dynamic-tiering', 'wasm-lazy-compilation'];
let isCompiled = false;

/**
 * Runs what makes undici compile its parser of answers, with the first connection. Compiled simply, not optimised later: V8 takes 38 MB to
 * optimise that one large function, which the C library does not all give back, and the parser is hardly faster for it. Only this module:
 * models and policies in WebAssembly are worth it.
 */
export function compileParserSimply(connect: () => void): void {
  if (isCompiled) return connect();
  isCompiled = true;
  for (const flag of OPTIMISE) setFlagsFromString(`--no-${flag}`);
  try {
    connect();
  } finally {
    for (const flag of OPTIMISE) setFlagsFromString(`--${flag}`);
  }
}
