export type Json = Record<string, unknown>;

export interface Member {
  readonly id: string;
  /** Short name, also the key by which tests and the page name the person: `alice`. */
  readonly name: string;
  readonly realName: string;
  readonly email?: string;
  readonly title: string;
  readonly color: string;
  readonly isAdmin: boolean;
  readonly isBot: boolean;
  readonly isGuest: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly createdS: number;
  /** Set on a direct conversation: the person on the other side of the bot. */
  readonly imWith?: string;
  readonly members: Set<string>;
  /** By ts, in the order of posting; thread replies too. */
  readonly messages: Map<string, Message>;
}

/** `values[block_id][action_id]`, as views and messages report what is chosen in them. */
export type StateValues = Record<string, Record<string, Json>>;

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  readonly content: Buffer;
  /** Where the playground serves it. */
  readonly baseUrl: string;
}

export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly botId?: string;
  readonly threadTs?: string;
  /** Only this person sees it, and no history lists it. */
  readonly ephemeralFor?: string;
  readonly clientMsgId?: string;
  readonly files: readonly SlackFile[];
  readonly broadcast: boolean;
  text: string;
  blocks: Json[];
  attachments: Json[];
  metadata?: Json;
  edited?: { user: string; ts: string };
  /** A parent whose replies remain is kept as "This message was deleted." */
  tombstone?: boolean;
  reactions: { name: string; users: string[] }[];
  /** What each person has chosen in the message's menus. */
  chosen: Map<string, StateValues>;
}

export const TEAM = { id: 'T0ACMEDESK', name: 'Acme', domain: 'acme' } as const;
export const APP = { id: 'A0DESKWIRE', botId: 'B0DESKWIRE', botUser: 'U0DESKWIRE', name: 'Deskwire' } as const;
export const VERIFICATION_TOKEN = 'playground-verification-token';
/** Slack's own voice: "/ticket failed with the error …". */
export const SLACKBOT = 'USLACKBOT';
