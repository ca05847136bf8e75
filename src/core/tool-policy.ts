import * as z from 'zod';

const MAX_LIST = 1_000;
const Text = z.string().min(1).max(1_000);
const Words = z.array(Text).max(MAX_LIST);

/** What a tool does to the world outside the conversation. Everything but `none` is guarded once untrusted content entered. */
export const SINKS = ['send', 'write', 'pay', 'execute', 'fetch', 'delete', 'none'] as const;
export const Sink = z.enum(SINKS);
export type Sink = z.infer<typeof Sink>;

/** A place inside the arguments of a call: `$.to`, `$.items[*].id`, `$['odd key']`, `$..url` at any depth. */
export const ArgumentPath = z
  .string()
  .max(500)
  .regex(
    /^\$(?:\.\.?(?:[A-Za-z_][A-Za-z0-9_-]*|\*)|\[(?:\d{1,6}|\*|'[^'\]]{1,200}')\])*$/,
    "use a path such as $.to, $.items[*].id, $['odd key'] or $..url",
  )
  .describe('JSON path into the arguments; JSON inside a string is walked like JSON');

/** Who must have written a value before it may steer a guarded call. */
export const Origin = z
  .enum(['user', 'operator', 'lookup', 'record', 'linked'])
  .describe(
    'user: in a user turn; operator: in system text or a result of a trusted tool; lookup: in the result of a trusted tool that was called with words of the user only; record: the id of the one record that the user named; linked: a link, to the letter, on a page of a site that the user named',
  );
export type Origin = z.infer<typeof Origin>;

/** What must hold for the values at one place. */
export const ArgumentRule = z
  .strictObject({
    path: ArgumentPath,
    absent: z.boolean().default(false).describe('nothing stands there, not even an empty list'),
    required: z.boolean().default(false),
    type: z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']).optional(),
    enum: z
      .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .max(MAX_LIST)
      .optional()
      .describe('the values that are allowed'),
    glob: Words.optional().describe('the whole string matches one of these; * is anything but /'),
    regex: Text.optional().describe('the whole string matches; runs in linear time'),
    not: Text.optional().describe('a regular expression that no part of the string matches; runs in linear time'),
    maxLength: z.int().min(0).optional().describe('characters of a string, entries of a list'),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .describe('a constraint on arguments');
export type ArgumentRule = z.infer<typeof ArgumentRule>;

const paths = z.array(ArgumentPath).max(100);

/** Where a call may reach to. */
export const EgressRule = z
  .strictObject({
    arguments: paths.optional().describe('every value there is one address (default: every address found anywhere in the arguments)'),
    domains: Words.default([]).describe('host names; *.example.com is every name below it'),
    schemes: Words.default(['https']),
    ports: z.array(z.int().min(1).max(65_535)).max(100).default([]).describe('besides the default port of the scheme'),
    addresses: z.boolean().default(false).describe('let public IP addresses pass besides the listed names'),
    maxQuery: z.int().min(0).default(512).describe('characters of query and fragment; data leaves in them'),
  })
  .describe('addresses that may be reached');
export type EgressRule = z.infer<typeof EgressRule>;

/** Which files a call may touch. */
export const PathRule = z
  .strictObject({
    arguments: paths.min(1),
    roots: Words.min(1).describe('absolute folders; a relative path is taken to be below the first'),
    deny: Words.default([]).describe('globs over the path below its root, without regard to case'),
  })
  .describe('files that may be touched');
export type PathRule = z.infer<typeof PathRule>;

/** Which SQL a call may run. */
export const SqlRule = z
  .strictObject({
    arguments: paths.min(1),
    verbs: z
      .array(z.string().regex(/^[a-z]+$/, 'write verbs in lower case'))
      .min(1)
      .default(['select']),
    tables: Words.optional().describe('the only tables that may be named, in lower case'),
    functions: Words.default([]).describe('functions that may be called besides the ordinary ones, in lower case'),
  })
  .describe('SQL that may run');
export type SqlRule = z.infer<typeof SqlRule>;

/** Which commands a call may run. */
export const ShellRule = z
  .strictObject({
    arguments: paths.min(1),
    programs: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[A-Za-z0-9_.+-]{1,100}$/, 'name a program, not a path'),
          subcommands: Words.optional().describe('the first argument must be one of these'),
          flags: Words.optional().describe('the only arguments that may start with a hyphen; -n matches -n, --max=* matches with a value'),
          maxArguments: z.int().min(0).max(1_000).default(100),
        }),
      )
      .min(1)
      .max(MAX_LIST),
  })
  .describe('commands that may run');
export type ShellRule = z.infer<typeof ShellRule>;

/** When a guarded call is what the user asked for. */
export const IntentRule = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens'),
    values: paths.min(1).describe('every value at these places must have been written by somebody trusted, and there is at least one'),
    match: z
      .enum(['value', 'host', 'name', 'within'])
      .default('value')
      .describe(
        'the whole value; the host of a URL or e-mail address; the last part of a path; a file in a folder that was written as a path',
      ),
    origin: z.array(Origin).min(1).default(['user']),
    kinds: Words.optional().describe('the only kinds of records that origin record means; without it, every kind'),
    said: Words.optional().describe('the user turn that names a value also has one of these words'),
    unless: Words.optional().describe('a user turn that has one of these words covers nothing: draft, do not send'),
    after: Words.optional().describe('one of these words stands before the value in the user turn, lists of values aside'),
    target: z
      .boolean()
      .default(false)
      .describe('a value the user only talks about is not named: led by a word such as from, by or about, or followed by wrote or says'),
    turns: z.int().min(1).max(50).default(5).describe('how many user turns back'),
    uses: z.int().min(1).max(1_000).optional().describe('how many calls one user turn allows'),
  })
  .describe('when a call is what the user asked for');
export type IntentRule = z.infer<typeof IntentRule>;

/** What is decided about the calls of some tools. The first rule that matches a call decides. */
export const ToolRule = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens'),
    tool: z.union([Text, Words.min(1)]).describe('exact names or globs'),
    server: Text.optional().describe('name or glob of the MCP server; a rule without it holds for every server'),
    effect: z.enum(['allow', 'deny', 'approve']),
    sink: Sink.describe('what the tool does to the world outside the conversation'),
    when: z.array(ArgumentRule).max(100).default([]).describe('the rule is passed over unless all of these hold'),
    arguments: z.array(ArgumentRule).max(200).default([]).describe('the call is denied unless all of these hold'),
    additional: z
      .enum(['allow', 'deny'])
      .optional()
      .describe('arguments that no path of the rule names (default: deny, allow where it names none)'),
    egress: EgressRule.optional(),
    paths: PathRule.optional(),
    sql: SqlRule.optional(),
    shell: ShellRule.optional(),
    whenTainted: z
      .enum(['intent', 'approve', 'deny', 'allow'])
      .default('intent')
      .describe('what a sink needs once untrusted content entered: a user intent (else approval), approval, nothing helps, nothing more'),
    intent: z.array(IntentRule).max(50).default([]),
    untainted: paths.default([]).describe('values here that only untrusted content knows are never let through, whatever whenTainted says'),
    without: z.enum(['approve', 'deny']).default('approve').describe('what becomes of a guarded call that no intent covers'),
  })
  .describe('a rule about tools');
export type ToolRule = z.infer<typeof ToolRule>;

/** Which descriptions of tools are known. */
export const PinPolicy = z
  .strictObject({
    mode: z
      .enum(['first-use', 'required'])
      .default('first-use')
      .describe('what of a description without a digest here: remembered, or denied'),
    tools: z
      .record(Text, z.string().regex(/^[0-9a-f]{64}$/, 'use the sha256 that the finding tells'))
      .default({})
      .describe('digest by server/tool, as the operator read it'),
  })
  .describe('known tool descriptions');
export type PinPolicy = z.infer<typeof PinPolicy>;

/** Which fields of a result its tool fills in itself. */
export const RecordRule = z
  .strictObject({
    tool: z.union([Text, Words.min(1)]).describe('exact names or globs, with the server in front for tools of servers'),
    kind: Text.describe('what the records are: mail, event, ticket; an intent says which kinds it means'),
    ids: paths.min(1).describe('what calls refer to a record by: $[*].id'),
    names: paths.min(1).describe('what people call it by: $[*].from, $[*].title'),
  })
  .describe('results in JSON whose fields, other than their texts, nobody outside can forge');
export type RecordRule = z.infer<typeof RecordRule>;

/** The policy of tool calls: the section `toolPolicy` of cordon.yaml. */
export const ToolPolicy = z
  .strictObject({
    default: z.enum(['allow', 'deny', 'approve']).default('deny').describe('what of a tool that no rule matches'),
    trustedTools: Words.default([]).describe(
      'names or globs of tools whose results taint nothing: nobody outside can write what they return',
    ),
    records: z.array(RecordRule).max(MAX_LIST).default([]),
    tools: z
      .array(ToolRule)
      .max(MAX_LIST)
      .superRefine((rules, context) => {
        const seen = new Set<string>();
        for (const { id } of rules) {
          if (seen.has(id)) context.addIssue({ code: 'custom', message: `the id ${JSON.stringify(id)} is used twice` });
          seen.add(id);
        }
      })
      .default([]),
    pins: PinPolicy.prefault({}),
    approvalMinutes: z.int().min(1).max(1_440).default(10).describe('how long an approval can be used'),
  })
  .describe('the policy of tool calls');
export type ToolPolicy = z.infer<typeof ToolPolicy>;
