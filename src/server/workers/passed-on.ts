import type { IncomingMessage } from 'node:http';
import type { PeerCertificate } from 'node:tls';
import { hash, timingSafeEqual } from 'node:crypto';
import { type Peer, peerOf, tellPeer } from '../../identity/certificates/vouched-name.ts';

/** By which a worker shows another that it is one, and says who is at the other end. */
const HEADER = 'x-cordon-worker';
/** What belongs to a connection and not to a request. */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'expect', 'te', 'trailer', HEADER]);
/** Written by every connection for itself. */
const OF_ANSWER = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date', 'upgrade', 'trailer']);

/** Headers of a request for another worker: as they came, with the word of this worker about the other end. `length`: of a body read. */
export function headersToPassOn(request: IncomingMessage, secret: string, length: number | undefined): string[] {
  const { address, certificate, isEncrypted } = peerOf(request);
  const headers: string[] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at]!.toLowerCase();
    if (OF_CONNECTION.has(name)) continue;
    if (length !== undefined && (name === 'content-length' || name === 'transfer-encoding')) continue;
    headers.push(request.rawHeaders[at]!, request.rawHeaders[at + 1]!);
  }
  if (length !== undefined) headers.push('content-length', `${length}`);
  const { subject, subjectaltname, fingerprint256, valid_to } = certificate ?? {};
  const told = { address, isEncrypted, ...(certificate && { certificate: { subject, subjectaltname, fingerprint256, valid_to } }) };
  headers.push(HEADER, `${secret}.${Buffer.from(JSON.stringify(told)).toString('base64url')}`);
  return headers;
}

/** Takes over what another worker said of a request. False: it is no worker. */
export function takePassedOn(request: IncomingMessage, secret: string): boolean {
  const header = request.headers[HEADER];
  const dot = typeof header === 'string' ? header.indexOf('.') : -1;
  if (typeof header !== 'string' || dot < 0 || !isSame(header.slice(0, dot), secret)) return false;
  const told = JSON.parse(Buffer.from(header.slice(dot + 1), 'base64url').toString()) as Omit<Peer, 'certificate'> & {
    readonly certificate?: unknown;
  };
  const at = request.rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === HEADER);
  request.rawHeaders.splice(at, 2);
  delete request.headers[HEADER];
  tellPeer(request, {
    address: told.address,
    isEncrypted: told.isEncrypted,
    certificate: told.certificate as PeerCertificate | undefined,
    rawHeaders: request.rawHeaders,
  });
  return true;
}

/** Headers of an answer for the client, as they came. */
export function headersToBringBack(rawHeaders: readonly string[]): string[] {
  const headers: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    if (!OF_ANSWER.has(rawHeaders[at]!.toLowerCase())) headers.push(rawHeaders[at]!, rawHeaders[at + 1]!);
  return headers;
}

function isSame(one: string, other: string): boolean {
  // Why digests: they are of one length.
  return timingSafeEqual(Buffer.from(hash('sha256', one)), Buffer.from(hash('sha256', other)));
}
