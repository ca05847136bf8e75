import type { Access } from '../http/access.ts';

/** Why: the JavaScript client sends no token that does not begin with `hf_`, so people put that before the token they were given. */
export function hubAccess(access: Access): Pick<Access, 'authenticate'> {
  return { authenticate: (header, request) => access.authenticate(header?.replace(/^(Bearer )hf_(?=cordon_)/i, '$1'), request) };
}
