import { expect, test } from 'vitest';
import { PII_PATTERNS } from '../../src/patterns/pii/index.ts';
import { SECRET_PATTERNS } from '../../src/patterns/secrets/index.ts';
import { createGuard } from '../../src/engine/guard/guard.ts';
import { GuardStream } from '../../src/engine/guard/guard-stream.ts';
import { PseudonymMap } from '../../src/patterns/redact/pseudonyms.ts';
import { cut } from './stream-case.ts';
import { madeValues } from './made-values.ts';
import { randomFrom } from './sample-match.ts';

const guard = createGuard({
  config: { profiles: { redacting: { detectors: { pii: { threshold: 0 }, secrets: { threshold: 0 } } } }, profile: 'redacting' },
});

function streamed(pieces: readonly string[]): string {
  const stream = new GuardStream(guard, { pseudonyms: new PseudonymMap() });
  return pieces.map((piece) => stream.push(piece)).join('') + stream.end();
}

test.each(madeValues([...PII_PATTERNS, ...SECRET_PATTERNS]).map((made) => [made.name, made.text] as const))(
  '%s: whatever the cut, nothing more passes than from the whole text',
  (name, text) => {
    const whole = streamed([text]);
    expect(whole, 'the value is replaced').not.toBe(text);
    for (let at = 1; at < text.length; at++) expect(streamed([text.slice(0, at), text.slice(at)])).toBe(whole);
    const random = randomFrom(name.length);
    for (let count = 0; count < 5; count++) expect(streamed(cut(text, random))).toBe(whole);
    expect(streamed(text.split(''))).toBe(whole);
  },
);
