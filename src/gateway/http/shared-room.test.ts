import { expect, test } from 'vitest';
import { SharedRoom } from './shared-room.ts';

test('nobody has more than half, all together have no more than there is, and what is given back can be taken', () => {
  const room = new SharedRoom(100);
  room.take('ann', 50);
  expect(() => room.take('ann', 1)).toThrow('no room');
  room.take('bob', 30);
  room.take('cat', 20);
  expect(() => room.take('dan', 1)).toThrow('no room');
  room.give('ann', 50);
  room.give('bob', 30);
  room.give('cat', 20);
  expect(room.taken).toBe(0);
  room.take('ann', 50);
  room.resize(40);
  expect(() => room.take('bob', 1)).toThrow('no room');
});
