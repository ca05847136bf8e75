import type { AnswerChannel, RequestChannel } from './channels.ts';

const form = (fields: Readonly<Record<string, string>>, file?: { readonly field: string; readonly name?: string }): FormData => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  if (file !== undefined) made.append(file.field, new Blob([new Uint8Array([1, 2, 3])], { type: 'audio/wav' }), file.name ?? 'a.wav');
  return made;
};
const IMAGES = '/v1/images/generations';
const SPEECH = '/v1/audio/speech';
const TRANSCRIPTS = '/v1/audio/transcriptions';

/** Every channel of requests for pictures and recordings. */
export const MEDIA_REQUESTS: readonly RequestChannel[] = [
  { route: IMAGES, name: 'prompt', body: (prompt) => ({ model: 'm', prompt }) },
  { route: IMAGES, name: 'unknown field', body: (text) => ({ model: 'm', prompt: 'a', style: { words: text } }) },
  { route: '/v1/images/edits', name: 'prompt', body: (prompt) => form({ model: 'm', prompt }, { field: 'image' }) },
  { route: '/v1/images/edits', name: 'name of a file', body: (name) => form({ model: 'm', prompt: 'a' }, { field: 'image[]', name }) },
  { route: '/v1/images/variations', name: 'user', body: (text) => form({ model: 'm', user: text }, { field: 'image' }) },
  { route: SPEECH, name: 'input', body: (input) => ({ model: 'm', input, voice: 'alloy' }) },
  { route: SPEECH, name: 'instructions', body: (instructions) => ({ model: 'm', input: 'a', voice: 'alloy', instructions }) },
  { route: TRANSCRIPTS, name: 'prompt', body: (prompt) => form({ model: 'm', prompt }, { field: 'file' }) },
  { route: TRANSCRIPTS, name: 'unknown list', body: (text) => form({ model: 'm', 'novel[]': text }, { field: 'file' }) },
  { route: '/v1/audio/translations', name: 'prompt', body: (prompt) => form({ model: 'm', prompt }, { field: 'file' }) },
];

/** Every channel of their answers. */
export const MEDIA_ANSWERS: readonly AnswerChannel[] = [
  {
    route: IMAGES,
    name: 'revised prompt',
    request: { model: 'm', prompt: 'a' },
    whole: (text) => ({ created: 1, data: [{ url: 'https://a.example/x.png', revised_prompt: text }] }),
    stream: (pieces) => [{ type: 'image_generation.completed', b64_json: 'iVBORw0KGgo=', revised_prompt: pieces.join('') }],
  },
  { route: IMAGES, name: 'no picture', request: { model: 'm', prompt: 'a' }, whole: (text) => ({ data: [{ b64_json: text }] }) },
  {
    route: SPEECH,
    name: 'beside the recording',
    request: { model: 'm', input: 'a', voice: 'alloy' },
    whole: (text) => ({ note: text }),
    stream: (pieces) => [{ type: 'speech.audio.delta', audio: 'AAAA', note: pieces.join('') }, { type: 'speech.audio.done' }],
  },
  {
    route: TRANSCRIPTS,
    name: 'text',
    request: form({ model: 'm' }, { field: 'file' }),
    whole: (text) => ({ text }),
    stream: (pieces) => [
      ...pieces.map((delta) => ({ type: 'transcript.text.delta', delta, logprobs: [{ token: delta, logprob: -1 }] })),
      { type: 'transcript.text.done', text: pieces.join('') },
    ],
  },
  {
    route: TRANSCRIPTS,
    name: 'segments',
    request: form({ model: 'm' }, { field: 'file' }),
    whole: (text) => ({ text: 'a', segments: [{ id: 0, start: 0, end: 1, text, tokens: [1] }], words: [{ word: text, start: 0, end: 1 }] }),
    stream: (pieces) => [
      ...pieces.map((text, at) => ({ type: 'transcript.text.segment', id: `seg_${at}`, text, speaker: 'A' })),
      { type: 'transcript.text.done', text: '' },
    ],
  },
  {
    route: TRANSCRIPTS,
    name: 'split over segments',
    request: form({ model: 'm' }, { field: 'file' }),
    whole: (text) => ({ text: 'a', segments: [{ text: text.slice(0, 9) }, { text: text.slice(9) }] }),
  },
  { route: '/v1/audio/translations', name: 'text', request: form({ model: 'm' }, { field: 'file' }), whole: (text) => ({ text }) },
];
