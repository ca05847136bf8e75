import type { Hono } from 'hono';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { RegistryEnv } from '../http/env.ts';

/** Searches. */
export function addSearchRoutes(_app: Hono<RegistryEnv>, _context: RegistryContext): void {}
