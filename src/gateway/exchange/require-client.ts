import type { ServerResponse } from 'node:http';
import { CordonError } from '../../core/errors.ts';

/** Throws when the client has left: what is done for it is done for nobody. */
export function requireClient({ response }: { readonly response: ServerResponse }): void {
  if (response.destroyed) throw left();
}

/** Given when the client leaves. */
export function leaving({ response }: { readonly response: ServerResponse }): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => controller.abort(left());
  if (response.destroyed) stop();
  else response.once('close', stop);
  return controller.signal;
}

function left(): CordonError {
  return new CordonError('request.invalid', 'the client left');
}
