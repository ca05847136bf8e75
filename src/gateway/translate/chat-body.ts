import type { UpstreamKind } from '../../core/gateway-upstream-config.ts';
import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import { writeJson } from '../../formats/exact-json/write-json.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { compact } from './checked.ts';

/** Who knows the newer name of the limit, and refuses the older for some models. All others know the older one. */
const NEWER_LIMIT: ReadonlySet<UpstreamKind> = new Set<UpstreamKind>(['openai', 'azure-openai']);

/** A translated request for chat completions as a target takes it. */
export function chatBody({ max_completion_tokens: most, ...request }: JsonObject, { kind, model }: Target): Buffer {
  const limit = { [NEWER_LIMIT.has(kind) ? 'max_completion_tokens' : 'max_tokens']: most };
  return Buffer.from(writeJson(compact({ ...request, ...limit, model })));
}
