/** Something that is in at most one {@link MemberList}. */
export interface Member {
  /** Where it stands in the list; negative: in none. Written by the list alone. */
  place: number;
}

/**
 * What is under way, such as requests: added and removed with each of them, and gone through now and then.
 *
 * Why no `Set`: V8 gives a set whose members come and go new tables all the time, and each former table refers to the next. The first
 * one that reaches the old generation keeps all later ones alive, with everything that they name, until the whole heap is marked: 20 KB
 * of garbage for each request to the gateway, and collections that take ten times as long.
 */
export class MemberList<T extends Member> {
  readonly #members: T[] = [];

  get size(): number {
    return this.#members.length;
  }

  /** Adds what is not in it. */
  add(member: T): void {
    if (member.place >= 0) return;
    member.place = this.#members.length;
    this.#members.push(member);
  }

  /** Removes a member; others may change their places. */
  delete(member: T): void {
    const { place } = member;
    if (this.#members[place] !== member) return;
    member.place = -1;
    const last = this.#members.pop()!;
    if (last === member) return;
    last.place = place;
    this.#members[place] = last;
  }

  /** All of them, as they are now. */
  all(): readonly T[] {
    return [...this.#members];
  }
}
