const SENTENCES = [
  (n: number) => `Our warehouse in Lyon shipped ${n} parcels last week, a little more than the week before.`,
  (n: number) => `The second supplier asked for ${n % 28} more days because a machine is being repaired.`,
  (n: number) => `Customers in the north ordered mostly lamps and chairs, ${n % 97} of them in the dark green that is new.`,
  (n: number) => `Two drivers were ill, so the tour through the mountains was left to a partner for ${n % 13} days.`,
  (n: number) => `The meeting about the spring catalogue was moved to room ${n % 40}, where the large table is.`,
  (n: number) => `Returns went down to ${(n % 50) / 10} percent since the photographs show the true colours.`,
];

/** A message of a chat. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** `count` sentences that differ with `index` and `seed`. */
export function sentences(index: number, seed: number, count: number): string {
  return Array.from({ length: count }, (_, at) => SENTENCES[(seed + at) % SENTENCES.length]!(index * 31 + seed * 7 + at * 13)).join(' ');
}

/** Messages of about 4 KB that no other index repeats. */
export function messages(index: number): readonly Message[] {
  return [
    {
      role: 'system',
      content: `You are the assistant of a furniture shop and answer briefly. This is report ${index}. ${sentences(index, 0, 9)}`,
    },
    { role: 'user', content: `Here is what happened. ${sentences(index, 1, 12)} What should we look at first?` },
    { role: 'assistant', content: `First the returns, then the tour. ${sentences(index, 2, 11)}` },
    { role: 'user', content: `Thank you. And how does report ${index} compare with the one before? ${sentences(index, 3, 10)}` },
  ];
}
