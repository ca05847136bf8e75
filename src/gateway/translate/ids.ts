import { createHash } from 'node:crypto';

/** What either provider takes for the id of a call. */
const CALL_ID = /^[A-Za-z0-9_-]{1,40}$/;
/** Characters of a name of a user that OpenAI takes. */
const MOST_USER = 64;

/** The id of a tool call, the same for the same call; one that the other provider would refuse becomes its digest. */
export function callId(id: string): string {
  return CALL_ID.test(id) ? id : `call_${digest(id).slice(0, 32)}`;
}

/** The name of an end user, the same for the same user; one that is too long becomes its digest. */
export function userName(name: string): string {
  return name.length <= MOST_USER ? name : digest(name);
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
