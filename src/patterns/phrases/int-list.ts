/** A list of whole numbers that is filled again and again. Why not an array: what is found in every text would make garbage of every text. */
export class IntList {
  items: Int32Array = new Int32Array(256);
  length = 0;

  push(value: number): void {
    if (this.length === this.items.length) {
      const larger = new Int32Array(this.items.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length++] = value;
  }

  /** Leaves out the first `count` numbers. */
  drop(count: number): void {
    this.items.copyWithin(0, count, this.length);
    this.length -= count;
  }
}
