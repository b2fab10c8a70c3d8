/** What a merge moved and added, by ids, so that it can be taken back exactly (ticket_merges.moved). */
export interface MergeLedger {
  /** The source as it was. */
  before: { status: string; closedAt: string | null };
  messages: string[];
  /** Files that were uploaded to the source and are no message's yet. */
  attachments: string[];
  /** As MoveTimeEntries gave them. */
  time: string[];
  links: { id: string }[];
  watchers: { agentId: string; at: string }[];
  /** What the source had of what the survivor now has too; and what of that was new to the survivor. */
  had: Shared;
  added: Shared;
}

/** What two tickets may both have. */
export interface Shared {
  tags: string[];
  cc: string[];
  /** Ids of agents. */
  watchers: string[];
}

const KINDS = ['tags', 'cc', 'watchers'] as const;

/** What of the source's is new to the survivor. */
export const newTo = (survivor: Shared, source: Shared): Shared => ({
  tags: source.tags.filter((one) => !survivor.tags.includes(one)),
  cc: source.cc.filter((one) => !survivor.cc.includes(one)),
  watchers: source.watchers.filter((one) => !survivor.watchers.includes(one)),
});

/**
 * Takes back what a merge added to the survivor. What another merge that still holds would have added as well stays, and is
 * that one's from now on: the order in which merges are undone makes no difference in the end.
 */
export function takeBack<Other extends Pick<MergeLedger, 'had' | 'added'>>(
  undone: Pick<MergeLedger, 'added'>,
  others: readonly Other[],
): { remove: Shared; heirs: Other[] } {
  const remove: Shared = { tags: [], cc: [], watchers: [] };
  const heirs = new Map<Other, Shared>();
  for (const kind of KINDS) {
    for (const item of undone.added[kind]) {
      const heir = others.find(({ had }) => had[kind].includes(item));
      if (!heir) {
        remove[kind].push(item);
        continue;
      }
      const added = heirs.get(heir) ?? { ...heir.added };
      heirs.set(heir, { ...added, [kind]: [...added[kind], item] });
    }
  }
  return { remove, heirs: [...heirs].map(([heir, added]) => ({ ...heir, added })) };
}
