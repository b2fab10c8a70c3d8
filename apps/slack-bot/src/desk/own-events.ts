import { Injectable } from '@nestjs/common';
import { Desk } from './desk.js';

/** One bot serves one organisation: events of the others are not its business. */
@Injectable()
export class OwnEvents {
  constructor(private readonly desk: Desk) {}

  async isOurs(event: { orgId: string }): Promise<boolean> {
    return (await this.desk.organisation()).id === event.orgId;
  }
}

/**
 * Waiting times of consumers that post to Slack: Slack may be away for hours, and nothing shall be lost for it.
 * The first ones are short, since a claim held by a neighbour is over in a moment.
 */
export const SLACK_BACKOFF_MS = [200, 1_000, 5_000, 15_000, 60_000, ...Array<number>(24).fill(300_000)];
