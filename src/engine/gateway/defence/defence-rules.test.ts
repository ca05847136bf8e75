import { expect, test } from 'vitest';
import { DefenceConfig } from '../../../core/gateway-defence-config.ts';
import { compileRules, type DetectionEvent } from './defence-rules.ts';

function fires(when: object, event: Partial<DetectionEvent>): boolean | undefined {
  const config = DefenceConfig.parse({ rules: [{ id: 'one', when, per: 'ip', action: 'block', for: '1m' }] });
  return compileRules(config)[0]?.fires({ effect: 'block', detectors: [], rules: [], ...event } as DetectionEvent);
}

test('a guard that failed has found nobody doing anything: only rules that name it count it', () => {
  const failed = { rules: ['outside', 'guard.failed'] };
  expect(fires({}, failed)).toBe(false);
  expect(fires({ rules: ['guard.failed'] }, failed)).toBe(true);
  expect(fires({ detectors: ['injection'] }, failed)).toBe(false);
  expect(fires({}, { rules: ['tool-policy'] })).toBe(true);
  expect(fires({}, { rules: ['injection.override', 'guard.failed'], detectors: ['injection'] })).toBe(true);
});
