import type { Json } from '../../core/artifact.ts';
import type { Budget } from '../../core/budget.ts';

/** A JSON object inside a configuration. */
export type JsonObject = { readonly [key: string]: Json };

/** One value of a configuration: an object, or a string directly under a key or in a short list under it. */
export type Visit =
  | { readonly kind: 'object'; readonly object: JsonObject; readonly place: string }
  | { readonly kind: 'string'; readonly key: string; readonly value: string; readonly place: string; readonly listed: boolean };

/** Why: longer lists are vocabularies, whose words may look like anything. */
const MAX_LISTED = 16;

/** True for a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All objects and strings of a configuration, parents before children, without recursion. */
export function* walkConfig(root: Json, budget: Budget): Generator<Visit> {
  const pending: { value: Json; key: string; place: string; listed: boolean }[] = [{ value: root, key: '', place: '', listed: false }];
  let steps = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (++steps % 4096 === 0) budget.charge('steps', 4096);
    const { value, key, place, listed } = next;
    if (typeof value === 'string') {
      yield { kind: 'string', key, value, place, listed };
    } else if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) {
        const item = value[i] as Json;
        if (typeof item === 'object' ? item !== null : typeof item === 'string' && value.length <= MAX_LISTED) {
          pending.push({ value: item, key, place, listed: true });
        }
      }
    } else if (isObject(value)) {
      const here = placeOf(value, place);
      yield { kind: 'object', object: value, place: here };
      for (const [name, child] of Object.entries(value).toReversed()) {
        if (typeof child === 'object' ? child !== null : typeof child === 'string') {
          pending.push({ value: child, key: name, place: here, listed: false });
        }
      }
    }
  }
}

/** Name of the nearest layer or object around, which is what a reviewer looks for. */
function placeOf(object: JsonObject, parent: string): string {
  const config = object['config'];
  const name = isObject(config) ? config['name'] : object['name'];
  return typeof name === 'string' && typeof object['class_name'] === 'string' ? name.slice(0, 80) : parent;
}
