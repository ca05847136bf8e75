import { CordonError } from '../../core/errors.ts';
import type { GatewayConfig } from '../../core/gateway-config.ts';
import { changed as withFields } from '../../formats/exact-json/exact-numbers.ts';
import { isKeptBelow, writeJson } from '../../formats/exact-json/write-json.ts';
import { tokensAtMost } from '../../engine/gateway/limits/tokens-at-most.ts';
import { type MediaAsked, withMedia } from '../../engine/gateway/prices/media-price.ts';
import { costAtMost, type Price, tierPrice } from '../../engine/gateway/prices/price.ts';
import type { Target, UpstreamRequest } from '../../engine/gateway/upstreams/upstreams.ts';
import type { AssessCall, Guard } from '../../engine/guard/guard.ts';
import type { CacheKey } from '../../engine/gateway/cache/cache-key.ts';
import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { guardPlaces, textsLeft } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { isPassedOn } from '../../identity/certificates/vouched-name.ts';
import { upstreamHeaders } from '../http/request-headers.ts';
import { checkNames } from '../json/asked-for.ts';
import { filesNamed } from '../json/files-named.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { otherModels } from '../json/other-models.ts';
import { markUntrusted } from '../places/mark-untrusted.ts';
import type { Places } from '../places/places.ts';
import type { Made, Protocol, RequestView } from '../protocol.ts';
import type { Translated } from '../translate/translation.ts';
import type { FormBody } from '../multipart/form-body.ts';
import { noteMade } from '../stored/note-made.ts';
import { referencesIn, resolveReferences } from '../stored/references.ts';
import { admitCall } from './admit-call.ts';
import { plantCanary } from './canary.ts';
import { deliver } from './deliver.ts';
import type { Exchange } from './exchange.ts';
import { requireGoing } from './require-going.ts';
import { leaving, requireClient } from './require-client.ts';
import { identifyCaller } from './identify-caller.ts';
import { conversation } from './owners.ts';
import { receive } from './receive.ts';
import { openToolCalls } from './tool-calls.ts';
import { isTranslated, translatedFor } from './translated-for.ts';
import type { AtMost } from './unknown-output.ts';

/** Why: names of models end up in logs, metrics and the ledger. */
const MODEL = /^[\w.:@/+-]{1,256}$/;
const SESSION = /^[\x21-\x7e]{1,200}$/;

/** Takes one request of a text protocol through everything. Throws what is answered as an error. */
export async function runExchange(exchange: Exchange, protocol: Protocol): Promise<void> {
  const { services, policy, request } = exchange;
  const refusal = services.audit.refusal();
  if (refusal !== undefined) throw refusal;
  await identifyCaller(exchange);
  exchange.session = sessionOf(request.headers['x-cordon-session']);
  if (exchange.session !== undefined) {
    const owner = services.owners.elsewhere(conversation(exchange.call.caller.principal.id, 'guard', exchange.session));
    if (owner !== undefined && !isPassedOn(request)) return services.owners.passOn(owner, request, exchange.response);
  }
  const { body, bytes, length, form } = await receive(exchange, protocol);
  checkNames(body);
  const view = protocol.request(body);
  if (!MODEL.test(view.model)) throw new CordonError('request.invalid', 'model must be the name of a model');
  exchange.model = view.model;
  exchange.stream = view.stream;
  exchange.tier = tierOf(body);
  exchange.media = { asked: form === undefined ? view.media : { ...view.media, bytes: sizeOf(form) } };
  authorize(exchange, view, otherModels(body));
  const references = referencesIn(body);
  const named = references.length === 0 ? undefined : await resolveReferences(exchange, references);
  const pinned = named?.target;
  inspect(exchange, view, body);
  const unseen = filesNamed(body) * policy.config.maxFileTokens + (named?.tokens ?? 0);
  const inputTokens = await admit(exchange, view, textBytes(length, form) + unseen);
  const guard = guardFor(exchange);
  const pseudonyms = new PseudonymMap();
  // Why: judges have few places, and whoever has left must not hold one.
  const call: AssessCall = { pseudonyms, ...(guard.hasJudges && { signal: leaving(exchange) }) };
  const { guard: settings } = policy.config;
  const session =
    exchange.session === undefined
      ? {}
      : {
          session: services.sessions.of(exchange.call.caller.principal.id, exchange.session, {
            minutes: settings.sessionMinutes,
            most: settings.maxSessions,
          }),
        };
  // Why no system prompt: an earlier answer that repeats it is with the client already; refusing would end the conversation for good.
  const asked = { ...call, ...session, systemPrompt: '', operatorData: settings.operatorText === 'guarded' };
  const { decision, changed } = await guardPlaces(guard, view.places, asked);
  // Why before it counts: judges that were not waited for have failed.
  requireClient(exchange);
  exchange.decided('request', decision);
  const isKept = policy.config.audit.content === 'redacted';
  if (isKept) exchange.content.request = textsLeft(view.places, decision);
  if (refuses(decision)) throw refusalOf('request', decision);
  const mark = settings.canary ? plantCanary(view.places, decision) : undefined;
  const addedUsage = asksForUsage(exchange, protocol, view, body);
  const systemPrompt = view.places.list.find(({ segment }) => segment.channel === 'system' || segment.channel === 'developer')?.segment
    .text;
  const translated = pinned === undefined ? translatedFor(exchange, protocol, body) : undefined;
  const earlier = earlierOf(body);
  const toolCalls = await openToolCalls(exchange, guard, view, earlier);
  const guarding = {
    exchange,
    protocol,
    guard,
    call: { ...call, ...(systemPrompt === undefined ? {} : { systemPrompt }), ...(mark === undefined ? {} : { canaries: [mark] }) },
    toolCalls,
    pinned,
    made(made: readonly Made[]) {
      noteMade(exchange, toolCalls, body, made);
      if (body.background === true) chargeBackground(exchange, view, inputTokens);
    },
    restored: services.callers.seesOriginals(exchange.call.caller) ? pseudonyms : undefined,
    addedUsage,
    translated,
    keep: isKept ? (text: string) => void (exchange.content.response += text) : undefined,
  };
  const isChanged = changed || addedUsage || mark !== undefined;
  const sent = upstreamRequest(exchange, protocol, view, bytes, body, isChanged, form, translated);
  // Why none for forms: their files are no part of the key.
  const cacheKey = form === undefined ? keyOf(exchange, guard, sent, body) : undefined;
  // Why: what is sent to one upstream is not asked for by the name of a model there.
  const last = pinned === undefined ? sent : { ...sent, body: () => sent.body(pinned) };
  await deliver(guarding, last, cacheKey, mostOf(exchange, view, inputTokens));
}

/** Why: no image, and no recording that providers take, comes to more tokens; its bytes would come to a hundred times as many. */
const MOST_TOKENS_OF_FILE = 65_536;

function sizeOf({ files }: FormBody): number {
  return files.reduce((sum, { content }) => sum + content.length, 0);
}

/** Bytes that a bound on tokens is made from. */
function textBytes(length: number, form: FormBody | undefined): number {
  return (form?.files ?? []).reduce((sum, { content }) => sum - content.length + Math.min(content.length, MOST_TOKENS_OF_FILE), length);
}

/** What a conversation that a provider keeps goes on from. */
function earlierOf({ previous_response_id, thread }: JsonObject): string | undefined {
  const id = previous_response_id ?? (isObject(thread) ? thread.previous_message_id : undefined);
  return typeof id === 'string' ? id : undefined;
}

/** Why all that it may come to: the answer is fetched later, and what is fetched is not charged again. */
function chargeBackground(exchange: Exchange, view: RequestView, inputTokens: number): void {
  if (exchange.usage?.measured === true) return;
  const { inputTokens: input, outputTokens } = mostOf(exchange, view, inputTokens);
  exchange.usage = { inputTokens: input, outputTokens, cachedTokens: 0, measured: true };
}

function mostOf({ policy }: Exchange, { maxOutputTokens, choices }: RequestView, inputTokens: number): AtMost {
  return { inputTokens: Math.ceil(inputTokens / 4), outputTokens: (maxOutputTokens ?? policy.config.maxOutputTokens) * choices, choices };
}

/** Where the answer may be kept; undefined: nowhere. */
function keyOf({ services, call, request, stream }: Exchange, guard: Guard, sent: UpstreamRequest, body: JsonObject): CacheKey | undefined {
  const rules = services.upstreams.routeOf(call.model)?.cache;
  // Why not numbers of which only the value is compared: 9007199254740993 would be answered as 9007199254740992.
  if (rules === undefined || isKeptBelow(body)) return undefined;
  const wish = request.headers['x-cordon-cache'];
  return services.cache.keyOf(rules, {
    principal: call.caller.principal.id,
    teams: call.caller.teams,
    protocol: sent.protocol,
    path: sent.path,
    model: call.model,
    body,
    headers: sent.headers,
    policyDigest: guard.policyDigest,
    stream,
    wish: typeof wish === 'string' ? wish : undefined,
  });
}

/** What only looking at the request shows to be wrong with it. */
function inspect({ request, policy }: Exchange, { places }: RequestView, body: JsonObject): void {
  const untrusted = request.headers['x-cordon-untrusted'];
  if (typeof untrusted === 'string') markUntrusted(places, body, untrusted);
  requireBounded(places, policy.config.guard);
  if (places.unread > 0 && policy.config.guard.unreadable === 'refuse')
    throw new CordonError('gateway.refused', 'Images, audio and files are refused by policy.');
}

/** Why before anything is looked at: everybody waits meanwhile, and what is longer than any model reads is for nobody. */
function requireBounded({ list }: Places, { maxTexts, maxCharacters }: GatewayConfig['guard']): void {
  if (list.length > maxTexts) throw new CordonError('input.too-large', `the request has more than ${maxTexts} texts`);
  let characters = 0;
  for (const { segment } of list) characters += segment.text.length;
  if (characters > maxCharacters)
    throw new CordonError('input.too-large', `the texts of the request have more than ${maxCharacters} characters`);
}

/** May this caller do this now? */
function authorize(exchange: Exchange, { tools }: RequestView, others: readonly string[]): void {
  exchange.offered = { tools, models: others };
  requireGoing(exchange);
  const { services, call } = exchange;
  if (!services.callers.may(call)) throw new CordonError('access.denied', `The credential does not allow ${call.model} on ${call.route}.`);
  for (const model of others)
    if (!services.callers.may({ ...call, model }))
      throw new CordonError('access.denied', 'The credential does not allow the model of a tool.');
  for (const tool of tools)
    if (!services.callers.mayUseTool(call.caller, tool))
      throw new CordonError('access.denied', 'The credential does not allow one of the tools.');
}

/** Reserves what the call may come to; returns the most input tokens that it can have. */
async function admit(exchange: Exchange, view: RequestView, bytes: number): Promise<number> {
  const { services, policy } = exchange;
  const targets = services.upstreams.targetsOf(view.model);
  if (targets === undefined) throw new CordonError('model.missing', `There is no model ${view.model}.`);
  const inputTokens = tokensAtMost(bytes, view.places.list.length);
  const maxOutputTokens = (view.maxOutputTokens ?? policy.config.maxOutputTokens) * view.choices;
  const price = dearest(targets, exchange, inputTokens, maxOutputTokens);
  await admitCall(exchange, { inputTokens, maxOutputTokens, price });
  return inputTokens;
}

/** The highest price among the targets: which of them answers is not known yet. Without a price for one, there is none. */
function dearest(
  targets: readonly Target[],
  { policy, tier, media }: Exchange,
  inputTokens: number,
  outputTokens: number,
): Price | undefined {
  const prices = targets.flatMap(({ kind, model }) => mayCost(policy.prices.priceOf(kind, model), tier, media.asked));
  if (prices.some((price) => price === undefined)) return undefined;
  return (prices as Price[]).toSorted((a, b) => costAtMost(b, inputTokens, outputTokens) - costAtMost(a, inputTokens, outputTokens))[0];
}

/** What a target may charge: a tier may not be free, and then the standard one answers. */
function mayCost(price: Price | undefined, tier: string | undefined, media: MediaAsked | undefined): readonly (Price | undefined)[] {
  if (price === undefined) return [undefined];
  const ofTier = tierPrice(price, tier);
  return ofTier === undefined ? [undefined] : [withMedia(ofTier, media), withMedia(price, media)];
}

/** Why speed: one that is not standard has a price of its own, as a tier has. */
function tierOf({ service_tier, speed }: JsonObject): string | undefined {
  const tier = speed === undefined || speed === null || speed === 'standard' ? service_tier : speed;
  if (tier === undefined || tier === null) return undefined;
  if (typeof tier !== 'string') throw new CordonError('request.invalid', 'service_tier must be the name of a tier');
  return tier;
}

function guardFor({ services, policy, call, session, route, model }: Exchange): Guard {
  const closest = [services.defence.profileFor(call, session), services.callers.profileOf(call.caller)];
  return policy.guards.of(closest, route.pattern, services.upstreams.routeOf(model)?.profile);
}

/** Streams of chat count no tokens unless they are asked to; limits and costs need the count. */
function asksForUsage({ policy, call, price }: Exchange, protocol: Protocol, { stream }: RequestView, body: JsonObject): boolean {
  if (!stream || protocol.family !== 'openai' || !protocol.path.endsWith('completions')) return false;
  if (isObject(body.stream_options) && body.stream_options.include_usage === true) return false;
  const counts = policy.config.limits.rules.length > 0 || call.caller.limits !== undefined || price !== undefined;
  if (!counts) return false;
  body.stream_options = { ...(isObject(body.stream_options) ? body.stream_options : {}), include_usage: true };
  return true;
}

function upstreamRequest(
  { request, model, services, trace, call }: Exchange,
  protocol: Protocol,
  view: RequestView,
  bytes: Buffer,
  body: JsonObject,
  changed: boolean,
  form: FormBody | undefined,
  translated: Translated | undefined,
): UpstreamRequest {
  const headers: Record<string, string> = {
    ...upstreamHeaders(request.headers, protocol.family, call.caller.principal.id),
    ...services.telemetry.traceHeaders(trace),
  };
  // Why never as the client said: whoever reads the body must read it as it was read here, as JSON and in UTF-8.
  headers['content-type'] = form === undefined ? 'application/json' : form.contentType;
  return {
    protocol: protocol.family,
    path: protocol.path,
    translatedPath: translated === undefined ? undefined : (target) => translated.path(target),
    method: 'POST',
    headers,
    body(target) {
      if (translated !== undefined && isTranslated(protocol, target)) return translated.body(target);
      if (form !== undefined) return form.write({ ...body, model: target.model });
      return changed || target.model !== model ? Buffer.from(writeJson(withFields(body, { model: target.model }))) : bytes;
    },
    // Why: a second answer costs money, but changes nothing.
    idempotent: true,
    stream: view.stream,
  };
}

function sessionOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !SESSION.test(header))
    throw new CordonError('request.invalid', 'x-cordon-session must be a plain name');
  return header;
}
