import { attributeOf, mixedValue, pathValue, resultOf, textValue, UNKNOWN, type Value } from './value.ts';

const SAME_TEXT = new Set(['decode', 'encode', 'strip', 'lstrip', 'rstrip', 'lower', 'format', 'casefold']);

/** A string method whose result is a constant because its inputs are; undefined when it is not one. */
export function textMethod(receiver: Value, method: string, inputs: readonly Value[]): Value | undefined {
  if (receiver.text === undefined) return undefined;
  if (SAME_TEXT.has(method)) return method === 'lower' ? textValue(receiver.text.toLowerCase()) : receiver;
  if (method === 'join' && inputs.length === 1 && inputs[0]!.paths.length === 0 && inputs[0]!.sources.length === 0) {
    return textValue(inputs[0]!.texts.join(receiver.text));
  }
  const [from, to] = inputs;
  if (method === 'replace' && from?.text !== undefined && to?.text !== undefined && from.text !== '') {
    return textValue(receiver.text.replaceAll(from.text, to.text).slice(0, 4096));
  }
  return undefined;
}

/**
 * The result of calling `callee`, following the ways in which Python hands out modules and attributes by name. A name that
 * is computed rather than written becomes `<computed>`.
 */
export function callResult(callee: Value, inputs: readonly Value[]): Value {
  const [first, second] = inputs;
  for (const path of callee.paths) {
    if (path.endsWith('.__getattribute__')) {
      const owner = second === undefined ? pathValue(path.slice(0, -'.__getattribute__'.length)) : (first ?? UNKNOWN);
      return attributeOf(owner, (second ?? first)?.text ?? '<computed>');
    }
    switch (path) {
      case 'builtins.__import__':
      case 'importlib.__import__':
        return first?.text === undefined ? computed('<module>', inputs) : pathValue(first.text.split('.')[0]!);
      case 'importlib.import_module':
        return first?.text === undefined ? computed('<module>', inputs) : pathValue(first.text);
      case 'builtins.getattr':
        if (first === undefined || second === undefined) break;
        return second.text === undefined ? attributeOf(first, '<computed>') : attributeOf(first, second.text);
      case 'sys.modules.get':
      case 'sys.modules.pop':
        return first?.text === undefined ? computed('<module>', inputs) : pathValue(first.text);
      case 'builtins.vars':
      case 'functools.partial':
      case 'functools.cache':
      case 'functools.lru_cache':
      case 'staticmethod':
        if (first !== undefined) return first;
        break;
      case 'operator.attrgetter()':
        if (first !== undefined && callee.texts[0] !== undefined) return attributeOf(first, callee.texts[0]);
        break;
    }
  }
  return resultOf(callee, inputs);
}

/** The item of a value under a constant or unknown index. */
export function itemOf(value: Value, index: Value, lookup: (name: string) => Value): Value {
  for (const path of value.paths) {
    if (path === 'sys.modules') return index.text === undefined ? computed('<module>', [index]) : pathValue(index.text);
    if (path === 'builtins.globals()' || path === 'builtins.locals()')
      return index.text === undefined ? mixedValue([index]) : lookup(index.text);
    if (path.endsWith('.__globals__'))
      return index.text === undefined ? computed('<module>', [index]) : pathValue(index.text.replace(/^__builtins__$/, 'builtins'));
    if (path.endsWith('.__builtins__')) return attributeOf(pathValue('builtins'), index.text ?? '<computed>');
    if (path === 'builtins' || MODULES_BY_DICT.has(path)) return attributeOf(value, index.text ?? '<computed>');
  }
  const paths = value.paths.filter((path) => path !== 'os.environ' && !path.startsWith('~'));
  return { ...mixedValue([value, index]), paths };
}

/** Modules whose `__dict__` is worth following. */
const MODULES_BY_DICT = new Set([
  'os',
  'posix',
  'nt',
  'subprocess',
  'sys',
  'importlib',
  'ctypes',
  'pty',
  'shutil',
  'socket',
  'runpy',
  'marshal',
  'pickle',
]);

function computed(name: string, inputs: readonly Value[]): Value {
  return { ...mixedValue(inputs), paths: [name] };
}
