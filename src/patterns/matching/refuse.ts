import { CordonError } from '../../core/errors.ts';

/** `config.invalid` for a regular expression, saying what and where. */
export function refuse(source: string, at: number, message: string): CordonError {
  return new CordonError('config.invalid', `The pattern /${source.slice(0, 120)}/ is refused: ${message} at offset ${at}.`);
}
