import type { Json } from '../../core/artifact.ts';

/** One node of a skops schema: the type it declares and the loader that builds it. */
export interface SkopsNode {
  readonly type: string;
  readonly loader: string;
  /** What the node holds, as written. */
  readonly content: Json;
}

/** All nodes of a schema, without recursion. */
export function* skopsNodes(schema: Json): Generator<SkopsNode> {
  const queue: Json[] = [schema];
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
    if (Array.isArray(item)) {
      for (const child of item) queue.push(child as Json);
      continue;
    }
    const fields = fieldsOf(item);
    if (fields === undefined) continue;
    for (const child of Object.values(fields)) if (typeof child === 'object' && child !== null) queue.push(child);
    const { __class__: name, __module__: module, __loader__: loader } = fields;
    if (typeof loader === 'string') {
      yield {
        type: `${typeof module === 'string' ? module : '?'}.${typeof name === 'string' ? name : '?'}`,
        loader,
        content: fields['content'] ?? null,
      };
    }
  }
}

/** The fields of a JSON object; undefined for anything else. */
export function fieldsOf(value: Json | undefined): Readonly<Record<string, Json>> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, Json>>) : undefined;
}
