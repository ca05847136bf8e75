import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemberList } from './member-list.ts';

test('holds what a set would hold, whatever is added and removed, twice too', () => {
  const acts = fc.array(fc.record({ isAdd: fc.boolean(), which: fc.nat(5) }), { maxLength: 60 });
  fc.assert(
    fc.property(acts, (all) => {
      const items = Array.from({ length: 6 }, (_, name) => ({ name, place: -1 }));
      const list = new MemberList<(typeof items)[0]>();
      const set = new Set<(typeof items)[0]>();
      for (const { isAdd, which } of all) {
        const item = items[which]!;
        if (isAdd) list.add(item);
        else list.delete(item);
        if (isAdd) set.add(item);
        else set.delete(item);
        expect(list.size).toBe(set.size);
        expect(new Set(list.all())).toEqual(set);
      }
    }),
  );
});

test('members may leave while all are gone through', () => {
  const list = new MemberList<{ place: number }>();
  for (let count = 0; count < 5; count++) list.add({ place: -1 });
  let seen = 0;
  for (const member of list.all()) {
    seen++;
    list.delete(member);
  }
  expect([seen, list.size]).toEqual([5, 0]);
});

test('a member of one list is not taken out by another', () => {
  const [one, other] = [new MemberList(), new MemberList()];
  const [a, b] = [{ place: -1 }, { place: -1 }];
  one.add(a);
  other.add(b);
  other.delete(a);
  expect([one.all(), other.all()]).toEqual([[a], [b]]);
});
