/**
 * How fast the guard is: `npx tsx benchmarks/guard-speed.ts [--quick]`. CPU time of one thread, the best of several runs, so that other work
 * on the machine shows as little as possible.
 */
import { createGuard } from '../src/engine/guard/guard.ts';
import { loadClassifier } from '../src/engine/guard/load-classifier.ts';
import { detect } from '../src/patterns/matching/detect.ts';
import { compilePatterns } from '../src/patterns/matching/compile.ts';
import { normalise } from '../src/patterns/normalise/normalise.ts';
import { findPhrases } from '../src/patterns/phrases/find-phrases.ts';
import { PII_PATTERNS } from '../src/patterns/pii/index.ts';
import { SECRET_PATTERNS } from '../src/patterns/secrets/index.ts';
import { planHold } from '../src/patterns/stream/hold.ts';
import { StreamFilter } from '../src/patterns/stream/stream-filter.ts';
import { views } from '../src/patterns/views/views.ts';
import { HOSTILE, ORDINARY } from './guard-texts.ts';

const quick = process.argv.includes('--quick');
const LONG = quick ? 1_000_000 : 10_000_000;
const guard = createGuard({
  config: { profiles: { long: { detectors: { limits: { maxCharacters: 100_000_000 } } } } },
  profile: 'long',
});

function cpuMicros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** A text as it comes out of JSON, not as the pieces that it was put together from. */
function flat(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

/** Time of one call for each text, in microseconds, the best of the runs; sorted. */
function latencies(texts: readonly string[], work: (text: string) => void): number[] {
  const best = texts.map(() => Infinity);
  for (let run = 0; run < 12; run++) {
    for (const [index, text] of texts.entries()) {
      const started = process.hrtime.bigint();
      work(text);
      best[index] = Math.min(best[index]!, Number(process.hrtime.bigint() - started) / 1000);
    }
  }
  return best.toSorted((a, b) => a - b);
}

function percentile(sorted: readonly number[], share: number): string {
  return `${(sorted[Math.ceil(sorted.length * share) - 1] ?? NaN).toFixed(0)}`.padStart(7);
}

function cut(kind: string, length: number, count: number): string[] {
  const long = ORDINARY[kind]!(length * count);
  return Array.from({ length: count }, (_, index) => flat(long.slice(index * length, (index + 1) * length)));
}

console.log('guard.check, default profile, µs        p50     p99');
for (const length of [200, 1_000, 4_096]) {
  for (const kind of Object.keys(ORDINARY)) {
    const channel = kind === 'chat' || kind === 'trigger words' ? 'user' : 'document';
    const times = latencies(cut(kind, length, 100), (text) => void guard.check({ text, channel }));
    console.log(`${String(length).padStart(6)} ${kind.padEnd(24)} ${percentile(times, 0.5)} ${percentile(times, 0.99)}`);
  }
}

console.log('\nits parts for 4,096 characters of chat, µs, p50');
const classifier = loadClassifier();
const pii = compilePatterns(PII_PATTERNS);
const secrets = compilePatterns(SECRET_PATTERNS);
const parts: Readonly<Record<string, (text: string) => void>> = {
  normalise: (text) => void normalise(text),
  'normalise and views': (text) => void views(normalise(text)),
  phrases: (text) => void findPhrases(text),
  classifier: (text) => void classifier.score(text, 'user'),
  'personal data': (text) => void detect(pii, text),
  secrets: (text) => void detect(secrets, text),
};
for (const [name, work] of Object.entries(parts))
  console.log(`${name.padEnd(31)} ${percentile(latencies(cut('chat', 4_096, 100), work), 0.5)}`);

console.log(`\nguard.check of ${LONG / 1e6} million characters, MB/s (UTF-8)`);
for (const [kind, make] of Object.entries(ORDINARY)) {
  const text = flat(make(LONG));
  const best = Math.min(...[0, 1, 2].map(() => cpuMicros(() => void guard.check({ text, channel: 'document' }))));
  console.log(`${kind.padEnd(31)} ${(Buffer.byteLength(text) / best).toFixed(1).padStart(7)}`);
}

console.log('\nstreaming filter, tokens of 4 characters, all patterns of personal data and secrets');
const plan = planHold(compilePatterns([...PII_PATTERNS, ...SECRET_PATTERNS]));
for (const [kind, make] of Object.entries(ORDINARY)) {
  const text = make(400_000);
  const tokens = Array.from({ length: text.length / 4 }, (_, index) => flat(text.slice(index * 4, index * 4 + 4)));
  let held = 0;
  let late = 0;
  const best = Math.min(
    ...[0, 1, 2, 3].map(() => {
      const filter = new StreamFilter(plan, () => 'X');
      held = late = 0;
      return cpuMicros(() => {
        for (const token of tokens) {
          filter.push(token);
          held += filter.held;
          if (filter.held > 8) late++;
        }
        filter.end();
      });
    }),
  );
  const mean = held / tokens.length / 4;
  console.log(
    `${kind.padEnd(16)} ${(best / tokens.length).toFixed(2)} µs a token; held back on average ${mean.toFixed(2)} tokens, more than two after ${((late / tokens.length) * 100).toFixed(1)} %`,
  );
}

console.log('\nworst cases of 1 million characters, s (the user and the document channel, the slower one)');
const worst = Object.entries(HOSTILE).map(([kind, make]): [string, number] => {
  const text = flat(make(1_000_000));
  const times = (['user', 'document'] as const).map((channel) =>
    Math.min(...[0, 1].map(() => cpuMicros(() => void guard.check({ text, channel })))),
  );
  return [kind, Math.max(...times) / 1e6];
});
for (const [kind, seconds] of worst.toSorted((a, b) => b[1] - a[1])) console.log(`${kind.padEnd(31)} ${seconds.toFixed(2).padStart(7)}`);
