import { expect, test } from 'vitest';
import type { Logger } from '../core/logger.ts';
import { readiness } from './readiness.ts';

test('names what is missing, and says why once for each change', async () => {
  const lines: string[] = [];
  const say = (fields: object, text: string): void => void lines.push(`${text} ${JSON.stringify(fields)}`);
  const log: Logger = { info: say, warn: say, error: say };
  let problem: string | undefined;
  const ready = readiness(
    [
      { name: 'database', check: () => undefined },
      {
        name: 'records',
        check: async () => {
          if (problem !== undefined) throw new Error(problem);
        },
      },
    ],
    log,
  );
  expect(await ready()).toEqual([]);
  problem = 'the disk is full';
  expect(await ready()).toEqual(['records']);
  expect(await ready()).toEqual(['records']);
  problem = undefined;
  expect(await ready()).toEqual([]);
  expect(lines).toEqual(['not ready {"needed":"records","error":"the disk is full"}', 'ready again {"needed":"records"}']);
});
