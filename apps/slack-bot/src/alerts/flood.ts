/** Counts the messages of a channel: up to `most` within `windowMs` go alone, what is beyond goes together. */
export class Flood {
  private readonly sentAtMs: number[] = [];

  constructor(
    private readonly most: number,
    private readonly windowMs: number,
  ) {}

  /** True when one more message may go alone now; it is counted. */
  take(nowMs: number): boolean {
    while (this.sentAtMs.length > 0 && this.sentAtMs[0]! <= nowMs - this.windowMs) this.sentAtMs.shift();
    if (this.sentAtMs.length >= this.most) return false;
    this.sentAtMs.push(nowMs);
    return true;
  }
}

/** Collects items for a while and hands them over together; each caller waits for the handing over of its own. */
export class Batch<Item> {
  private items: Item[] = [];
  private flush: Promise<void> | undefined;

  constructor(
    private readonly most: number,
    private readonly collect: () => Promise<unknown>,
    private readonly hand: (items: readonly Item[]) => Promise<void>,
  ) {}

  async add(item: Item): Promise<void> {
    this.items.push(item);
    this.flush ??= this.collectAndHand();
    return this.flush;
  }

  private async collectAndHand(): Promise<void> {
    await this.collect();
    const items = this.items;
    this.items = [];
    this.flush = undefined;
    for (let at = 0; at < items.length; at += this.most) await this.hand(items.slice(at, at + this.most));
  }
}
