import { createRoute, type OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { RegistryEnv } from '../http/env.ts';

export type Api = OpenAPIHono<RegistryEnv>;

/** An RFC 9457 problem document, the only form of an error. */
const Problem = z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code: z.string() }).openapi('Problem');

const problem = { description: 'what is wrong', content: { 'application/problem+json': { schema: Problem } } };

/** A route of the API: what it takes, what it answers with, and the problems it may have. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- inferred from its argument, and longer than that
export function route<
  Method extends RouteConfig['method'],
  Path extends string,
  Request extends NonNullable<RouteConfig['request']>,
  Answer extends z.ZodType,
>(one: { readonly method: Method; readonly path: Path; readonly summary: string; readonly request: Request; readonly answer: Answer }) {
  return createRoute({
    method: one.method,
    path: one.path,
    summary: one.summary,
    security: [{ token: [] }],
    request: one.request,
    responses: {
      200: { description: one.summary, content: { 'application/json': { schema: one.answer } } },
      400: problem,
      401: problem,
      403: problem,
      404: problem,
      409: problem,
    },
  });
}

/** The body of a request, as JSON. */
export function json<Schema extends z.ZodType>(
  schema: Schema,
): { readonly required: true; readonly content: { readonly 'application/json': { readonly schema: Schema } } } {
  return { required: true, content: { 'application/json': { schema } } };
}
