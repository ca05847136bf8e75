import { CordonError } from '../../core/errors.ts';

/** `convert.refused`, with the byte of the pickle where the reason is. */
export function refused(message: string, offset?: number): CordonError {
  return new CordonError('convert.refused', offset === undefined ? message : `${message}, at byte ${offset} of data.pkl`);
}

/** Text of the artifact for a message: quoted and cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
