import type { Detector } from './detector.ts';
import { extraction } from './extraction/detector.ts';
import { indirect } from './indirect/detector.ts';
import { injection } from './injection/detector.ts';
import { limits } from './limits/detector.ts';
import { pii } from './pii/detector.ts';
import { secrets } from './secrets/detector.ts';
import { topics } from './topics/detector.ts';
import { unsafeOutput } from './unsafe-output/detector.ts';

/** Every detector. Order is the order in which detections are listed where they start at the same place. */
export const DETECTORS: readonly Detector[] = [injection, indirect, extraction, pii, secrets, unsafeOutput, topics, limits];
