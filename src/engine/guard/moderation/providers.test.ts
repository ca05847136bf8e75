import { afterAll, describe, expect, test } from 'vitest';
import { provider, type ProviderServer, type SeenRequest } from '../../../../test/moderation/provider-server.ts';
import type { Channel } from '../../../core/text.ts';
import { DETECTORS } from '../../../detectors/index.ts';
import { signed } from '../../../vault/aws/sigv4.ts';
import type { GuardDecision } from '../decision.ts';
import { createGuard } from '../guard.ts';

const servers: ProviderServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server[Symbol.asyncDispose]())));

const ENV = {
  OPENAI_API_KEY: 'sk-unit-openai',
  AZURE_CONTENT_SAFETY_KEY: 'unit-azure',
  AWS_ACCESS_KEY_ID: 'AKIDUNIT',
  AWS_SECRET_ACCESS_KEY: 'unit-aws-secret',
  AWS_SESSION_TOKEN: 'unit-session',
  GUARD_KEY: 'unit-guard',
};

/** Only the service decides here. */
const NO_DETECTORS = Object.fromEntries(DETECTORS.map(({ id }) => [id, { mode: 'off' }]));

async function ask(
  config: Record<string, unknown>,
  reply: object,
  { text = 'Hello', channel = 'user' as Channel, path = '' } = {},
): Promise<{ decision: GuardDecision; seen: readonly SeenRequest[]; url: string }> {
  const server = await provider(reply);
  servers.push(server);
  const moderation = [{ id: 'service', url: server.url + path, sendRedacted: false, ...config }];
  const guard = createGuard({ config: { profiles: { default: { moderation, detectors: NO_DETECTORS } } }, env: ENV });
  return { decision: await guard.assess({ text, channel }), seen: server.seen, url: server.url };
}

function rulesOf({ detections }: GuardDecision): readonly string[] {
  return detections.filter(({ detector }) => detector === 'service').map(({ rule, entity }) => `${rule} ${entity}`);
}

const OPENAI_SCORES = {
  harassment: 0.001,
  'harassment/threatening': 0.0001,
  sexual: 1.5e-6,
  hate: 0.0075,
  'hate/threatening': 0.004,
  illicit: 0.03,
  'illicit/violent': 0.0089,
  'self-harm/intent': 0.0002,
  'self-harm/instructions': 0.0002,
  'self-harm': 0.012,
  'sexual/minors': 2.2e-8,
  violence: 0.002,
  'violence/graphic': 0.0001,
};

function openaiAnswer(...scores: Record<string, number>[]): object {
  return {
    id: 'modr-1',
    model: 'omni-moderation-latest',
    results: scores.map((own) => ({
      flagged: Object.values(own).some((score) => score > 0.5),
      categories: {},
      category_scores: { ...OPENAI_SCORES, ...own },
    })),
  };
}

describe('OpenAI moderation', () => {
  const config = { provider: 'openai' };

  test('asks as documented', async () => {
    const { decision, seen } = await ask(config, openaiAnswer({}), { path: '/v1' });
    expect(decision).toMatchObject({ effect: 'allow', verdict: 'clean', detections: [], judges: [{ id: 'service', status: 'answered' }] });
    expect(seen).toMatchObject([
      {
        path: '/v1/moderations',
        headers: { authorization: 'Bearer sk-unit-openai' },
        body: { model: 'omni-moderation-latest', input: ['Hello'] },
      },
    ]);
  });

  test('scores above the threshold block, scaled so that one half is the threshold', async () => {
    const { decision } = await ask(config, openaiAnswer({ violence: 0.75, harassment: 0.3 }));
    expect(decision).toMatchObject({ effect: 'block', score: 0.75, reasons: [{ id: 'service', effect: 'block' }] });
    expect(rulesOf(decision).toSorted()).toEqual(['moderation.harassment harassment', 'moderation.violence violence']);
    const low = await ask({ ...config, threshold: 0.9 }, openaiAnswer({ violence: 0.75, harassment: 0.7, hate: 0.8 }));
    expect(low.decision.effect).toBe('allow');
  });

  test('thresholds by category, and categories that are off', async () => {
    const own = { ...config, categories: { violence: 0.8, 'sexual/minors': 0.01, hate: 'off' } };
    const { decision } = await ask(own, openaiAnswer({ violence: 0.75, 'sexual/minors': 0.02, hate: 0.99 }));
    expect(decision.reasons).toMatchObject([{ id: 'service', effect: 'block' }]);
    expect(decision.detections.filter(({ score }) => score >= 0.5).map(({ rule }) => rule)).toEqual(['moderation.sexual-minors']);
  });

  test('a category that is new counts as policy; a lesser model may say null', async () => {
    expect(rulesOf((await ask(config, openaiAnswer({ brainwashing: 0.9 }))).decision)).toEqual(['moderation.policy unknown']);
    const lesser = openaiAnswer({ illicit: null as never });
    expect((await ask(config, lesser)).decision.effect).toBe('allow');
  });

  test('long texts go in parts, and a finding is about its part', async () => {
    const text = `${'Nothing to see here. '.repeat(1_500)}bad`;
    const { decision, seen } = await ask(config, openaiAnswer({}, { violence: 0.99 }), { text });
    const { input } = seen[0]!.body as { input: string[] };
    expect(input).toHaveLength(2);
    expect(input[1]?.endsWith('bad')).toBe(true);
    const found = decision.detections.find(({ detector }) => detector === 'service');
    expect(text.slice(found?.span.start, found?.span.end)).toBe(input[1]);
  });
});

describe('Azure AI Content Safety', () => {
  const analysis = (severities: Record<string, number>, blocklistsMatch: object[] = []) => ({
    blocklistsMatch,
    categoriesAnalysis: ['Hate', 'SelfHarm', 'Sexual', 'Violence'].map((category) => ({ category, severity: severities[category] ?? 0 })),
  });
  const config = { provider: 'azure-content-safety' };

  test('asks as documented, with the pinned version', async () => {
    const { decision, seen } = await ask(config, analysis({ Hate: 2 }));
    expect(decision).toMatchObject({ effect: 'allow', detections: [{ rule: 'moderation.hate', score: 0.25 }] });
    expect(seen).toMatchObject([
      {
        path: '/contentsafety/text:analyze?api-version=2024-09-01',
        headers: { 'ocp-apim-subscription-key': 'unit-azure' },
        body: { text: 'Hello', outputType: 'EightSeverityLevels', categories: ['Hate', 'SelfHarm', 'Sexual', 'Violence'] },
      },
    ]);
  });

  test('severities from the threshold on block', async () => {
    expect(rulesOf((await ask(config, analysis({ SelfHarm: 4 }))).decision)).toEqual(['moderation.self-harm SelfHarm']);
    expect((await ask(config, analysis({ SelfHarm: 4 }))).decision).toMatchObject({ effect: 'block', score: 0.5 });
    expect((await ask({ ...config, categories: { SelfHarm: 6 } }, analysis({ SelfHarm: 5 }))).decision.effect).toBe('allow');
    expect((await ask(config, analysis({ Violence: 7 }))).decision.score).toBe(1);
  });

  test('block lists', async () => {
    const { decision, seen } = await ask(
      { ...config, blocklists: ['rivals'] },
      analysis({}, [{ blocklistName: 'rivals', blocklistItemId: '1', blocklistItemText: 'Acme' }]),
    );
    expect(rulesOf(decision)).toEqual(['moderation.policy blocklist']);
    expect(seen[0]?.body).toMatchObject({ blocklistNames: ['rivals'] });
  });
});

describe('Azure Prompt Shields', () => {
  const config = { provider: 'azure-prompt-shields' };

  test('user text is a prompt, untrusted text a document', async () => {
    const user = await ask(config, { userPromptAnalysis: { attackDetected: true }, documentsAnalysis: [] });
    expect(user.seen).toMatchObject([{ path: '/contentsafety/text:shieldPrompt?api-version=2024-09-01', body: { userPrompt: 'Hello' } }]);
    expect(rulesOf(user.decision)).toEqual(['moderation.jailbreak UserPromptAttack']);
    const document = await ask(
      config,
      { userPromptAnalysis: null, documentsAnalysis: [{ attackDetected: true }] },
      { channel: 'tool-result' },
    );
    expect(document.seen).toMatchObject([{ body: { documents: ['Hello'] } }]);
    expect(rulesOf(document.decision)).toEqual(['moderation.document-attack DocumentAttack']);
    expect(document.decision.effect).toBe('block');
  });

  test('an answer about the other kind is none; answers of the model are not its concern', async () => {
    expect((await ask(config, { userPromptAnalysis: { attackDetected: false } }, { channel: 'document' })).decision.effect).toBe('block');
    const output = await ask(config, {}, { channel: 'assistant' });
    expect(output.decision.judges).toEqual([{ id: 'service', status: 'not-needed' }]);
  });
});

describe('AWS', () => {
  const region = 'eu-central-1';

  test('requests are signed with the session of the environment', async () => {
    const { seen, url } = await ask({ provider: 'aws-comprehend-pii', region }, { Entities: [] });
    const { headers } = seen[0]!;
    expect(headers).toMatchObject({ 'x-amz-target': 'Comprehend_20171127.DetectPiiEntities', 'x-amz-security-token': 'unit-session' });
    const time = String(headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z');
    const again = signed(
      {
        method: 'POST',
        url: `${url}/`,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Comprehend_20171127.DetectPiiEntities' },
        body: JSON.stringify(seen[0]?.body),
      },
      {
        identity: { accessKeyId: 'AKIDUNIT', secretAccessKey: 'unit-aws-secret', sessionToken: 'unit-session' },
        region,
        service: 'comprehend',
        now: new Date(time),
      },
    );
    expect(headers.authorization).toBe(again.authorization);
    expect(headers.authorization).toContain(
      '/eu-central-1/comprehend/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target',
    );
  });

  test('Comprehend: personal data is replaced where it stands, counted in code points', async () => {
    const text = '😀 I am Ann Smith, hello';
    const entities = [
      { BeginOffset: 7, EndOffset: 16, Score: 0.99, Type: 'NAME' },
      { BeginOffset: 0, EndOffset: 1, Score: 0.2, Type: 'AGE' },
    ];
    const { decision, seen } = await ask({ provider: 'aws-comprehend-pii', region }, { Entities: entities }, { text });
    expect(seen[0]?.body).toEqual({ LanguageCode: 'en', Text: text });
    expect(decision).toMatchObject({ effect: 'redact', redacted: ['😀 I am <NAME_1>, hello'] });
  });

  test('Comprehend: toxicity, ten parts of one kilobyte in a request', async () => {
    const labels = (score: number) => ({
      Labels: [
        { Name: 'INSULT', Score: score },
        { Name: 'GRAPHIC', Score: 0.01 },
      ],
      Toxicity: score,
    });
    const { decision, seen } = await ask(
      { provider: 'aws-comprehend-toxicity', region },
      { ResultList: [labels(0.1), labels(0.9)] },
      { text: 'é '.repeat(550) },
    );
    const { TextSegments: segments } = seen[0]!.body as { TextSegments: { Text: string }[] };
    expect(segments.map(({ Text: text }) => Buffer.byteLength(text) <= 1_000)).toEqual([true, true]);
    expect(rulesOf(decision)).toEqual(['moderation.harassment INSULT']);
    expect(decision.detections.find(({ detector }) => detector === 'service')?.span.start).toBeGreaterThan(500);
  });

  describe('Bedrock Guardrails', () => {
    const config = {
      provider: 'aws-bedrock-guardrail',
      region,
      guardrail: 'arn:aws:bedrock:eu-central-1:123456789012:guardrail/abc123',
      version: '3',
    };
    const intervened = (assessment: object) => ({
      action: 'GUARDRAIL_INTERVENED',
      outputs: [{ text: 'Blocked.' }],
      assessments: [assessment],
      usage: {},
    });

    test('asks as documented; output of the model is OUTPUT', async () => {
      const { seen, decision } = await ask(config, { action: 'NONE', outputs: [], assessments: [{}] }, { channel: 'assistant' });
      expect(seen).toMatchObject([
        {
          path: '/guardrail/arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Aguardrail%2Fabc123/version/3/apply',
          body: { source: 'OUTPUT', content: [{ text: { text: 'Hello' } }] },
        },
      ]);
      expect(seen[0]?.headers.authorization).toContain('/eu-central-1/bedrock/aws4_request');
      expect(decision.effect).toBe('allow');
      expect((await ask(config, { action: 'NONE', assessments: [] })).seen[0]?.body).toMatchObject({ source: 'INPUT' });
    });

    test('filters, topics and words', async () => {
      const filters = [
        { type: 'PROMPT_ATTACK', confidence: 'HIGH', action: 'BLOCKED' },
        { type: 'HATE', confidence: 'LOW', action: 'NONE' },
      ];
      expect(rulesOf((await ask(config, intervened({ contentPolicy: { filters } }))).decision)).toEqual([
        'moderation.jailbreak PROMPT_ATTACK',
      ]);
      const topics = [{ name: 'rivals', type: 'DENY', action: 'BLOCKED' }];
      expect(rulesOf((await ask(config, intervened({ topicPolicy: { topics } }))).decision)).toEqual(['moderation.policy TOPIC']);
      const customWords = [{ match: 'Acme', action: 'BLOCKED' }];
      expect(rulesOf((await ask(config, intervened({ wordPolicy: { customWords } }))).decision)).toEqual(['moderation.policy WORD']);
    });

    test('what it anonymises is replaced in every place, what it blocks blocks', async () => {
      const text = 'Ann met Ann';
      const pii = (action: string, match: string) =>
        intervened({ sensitiveInformationPolicy: { piiEntities: [{ type: 'NAME', match, action }], regexes: [] } });
      const masked = await ask(config, pii('ANONYMIZED', 'Ann'), { text });
      expect(masked.decision).toMatchObject({ effect: 'redact', redacted: ['<NAME_1> met <NAME_1>'] });
      const blocked = await ask(config, pii('BLOCKED', 'Ann'), { text });
      expect(blocked.decision).toMatchObject({ effect: 'block', redacted: ['<NAME_1> met <NAME_1>'] });
      const elsewhere = await ask(config, pii('ANONYMIZED', 'Bob'), { text });
      expect(elsewhere.decision.redacted).toEqual(['<NAME_1>']);
    });

    test('an answer that matches everywhere costs no more than the text', async () => {
      const piiEntities = Array.from({ length: 10_000 }, (_, at) => ({
        type: '<b>',
        match: 'a'.repeat((at % 50) + 1),
        action: 'ANONYMIZED',
      }));
      const text = 'a'.repeat(19_000);
      const { decision } = await ask(config, intervened({ sensitiveInformationPolicy: { piiEntities } }), { text });
      expect(decision.effect).toBe('block');
      expect(decision.detections).toHaveLength(2);
      const one = await ask(config, intervened({ sensitiveInformationPolicy: { piiEntities: piiEntities.slice(0, 1) } }), { text: 'a' });
      expect(one.decision.detections).toMatchObject([{ entity: 'unknown' }]);
    });

    test('an intervention for reasons that are not known blocks', async () => {
      expect((await ask(config, intervened({ someNewPolicy: {} }))).decision).toMatchObject({
        effect: 'block',
        detections: [{ rule: 'moderation.policy' }],
      });
      expect((await ask(config, { action: 'SOMETHING', assessments: [] })).decision.failures[0]).toContain('documented form (action)');
    });
  });
});

describe('guard models', () => {
  const says = (content: string) => ({
    id: 'c',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  });
  const llama = { provider: 'llama-guard', model: 'meta-llama/Llama-Guard-3-8B', apiKey: { env: 'GUARD_KEY' } };

  test('Llama Guard: the server writes the prompt; answers follow a turn', async () => {
    const { seen, decision } = await ask(llama, says('\n\nsafe'), { path: '/v1' });
    expect(decision.effect).toBe('allow');
    expect(seen).toMatchObject([
      {
        path: '/v1/chat/completions',
        headers: { authorization: 'Bearer unit-guard' },
        body: { model: llama.model, temperature: 0, messages: [{ role: 'user', content: 'Hello' }] },
      },
    ]);
    const answer = await ask({ provider: 'llama-guard', model: 'm' }, says('safe'), { channel: 'assistant' });
    expect(answer.seen[0]?.headers.authorization).toBeUndefined();
    expect((answer.seen[0]!.body as { messages: { role: string }[] }).messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  test('Llama Guard: hazards by their codes', async () => {
    expect(rulesOf((await ask(llama, says('unsafe\nS1,S10'))).decision)).toEqual(['moderation.hate S10', 'moderation.violence S1']);
    expect(rulesOf((await ask(llama, says('unsafe'))).decision)).toEqual(['moderation.policy unsafe']);
    expect(rulesOf((await ask(llama, says('unsafe\nS42'))).decision)).toEqual(['moderation.policy S42']);
    const lax = { ...llama, categories: { S6: 'off' } };
    expect((await ask(lax, says('unsafe\nS6'))).decision.effect).toBe('allow');
    expect((await ask(lax, says('unsafe\nS6,S9'))).decision.effect).toBe('block');
  });

  test.each(['Safe.', 'safe, I think', 'I cannot help with that', 'unsafe\nhello', 'S1', 'safe\nunsafe', 'not unsafe', ' '])(
    'Llama Guard: %j is no verdict',
    async (content) => {
      const { decision } = await ask(llama, says(content));
      expect(decision).toMatchObject({ effect: 'block', failures: [expect.stringContaining('documented form')] });
    },
  );

  test.each([
    ['No', 'allow'],
    ['yes', 'block'],
    ['Yes\n<confidence> High </confidence>', 'block'],
    ['No\n<confidence> Low </confidence>', 'allow'],
    ['<score> yes </score>', 'block'],
    ['<think>The text greets.</think>\n<score> no </score>', 'allow'],
    ['{"score": "no"}', 'allow'],
    ['{"score": "yes"}', 'block'],
    ['Maybe', 'block'],
    ['No, but yes', 'block'],
    ['Nothing', 'block'],
  ])('yes-no models: %j: %s', async (content, effect) => {
    const { decision, seen } = await ask({ provider: 'yes-no-model', model: 'granite-guardian', risk: 'jailbreak' }, says(content));
    expect(decision.effect).toBe(effect);
    expect(seen[0]?.body).toMatchObject({
      messages: [
        { role: 'system', content: 'jailbreak' },
        { role: 'user', content: 'Hello' },
      ],
    });
  });
});
