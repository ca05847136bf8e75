import { setFlagsFromString } from 'node:v8';

/**
 * Tells V8 where objects of requests belong: into the young generation, all of them.
 *
 * Why: V8 counts which object literals outlive a collection, and makes them in the old generation from then on. What a request holds while
 * it waits for a model outlives one often; made there, it dies there unnoticed, and keeps everything that it refers to until the whole
 * heap is marked. With this and `MemberList` a collection takes a tenth of the time, and 20 KB of garbage for each request do not pile up.
 */
export function keepRequestsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
