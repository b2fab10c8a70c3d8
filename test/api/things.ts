import type { TestCore, TestOrganisation } from '../support/core.js';

type Json = Record<string, unknown>;

/**
 * One of each thing that a path of the API can name, made when it is asked for, by the API itself. `mark` stands in every
 * text of theirs, so that a test can search for it where it must not be.
 */
export class Things {
  private made = 0;

  constructor(
    private readonly core: TestCore,
    private readonly org: TestOrganisation,
    readonly mark: string,
  ) {}

  /** By the name of the path's parameter: `/tickets/{ticket}/links/{link}` gets a ticket and a link of it. `operation` is what they are for. */
  async forPath(names: readonly string[], operation = ''): Promise<Map<string, string>> {
    const known = new Map<string, string>();
    if (names.includes('ticket')) known.set('ticket', await this.id('/tickets', { subject: this.words('ticket') }));
    for (const name of names) {
      if (known.has(name)) continue;
      const make = this.makers[name];
      if (!make) throw new Error(`No test thing for the path parameter {${name}}: add one to test/api/things.ts`);
      known.set(name, await make(known.get('ticket') ?? '', operation));
    }
    return known;
  }

  words(what: string): string {
    this.made += 1;
    return `${this.mark} ${what} ${this.made}`;
  }

  async post<T = Json>(path: string, json: unknown): Promise<T> {
    const { status, body } = await this.core.http(`/api/v1${path}`, { method: 'POST', json, key: this.org.apiKey });
    if (status >= 300) throw new Error(`POST ${path} ${JSON.stringify(json)}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  private async id(path: string, json: unknown): Promise<string> {
    return String((await this.post(path, json))['id']);
  }

  private slug(what: string): string {
    return this.words(what)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-');
  }

  private readonly makers: Readonly<Record<string, (ticket: string, operation: string) => Promise<string>>> = {
    message: (ticket) => this.id(`/tickets/${ticket}/messages`, { content: this.words('note'), isInternalNote: true }),
    agent: () =>
      this.id('/agents', {
        email: `${this.slug('agent')}@${this.org.slug}.test`,
        name: this.words('agent'),
        role: 'agent',
      }),
    team: () => this.id('/teams', { name: this.words('team'), handle: this.slug('team') }),
    key: () => this.id('/keys', { name: this.words('key') }),
    contact: () =>
      this.id('/contacts', { email: `${this.slug('contact')}@customer.example`, name: this.words('contact') }),
    email: async () => `${this.slug('nobody')}@customer.example`,
    company: () => this.id('/companies', { name: this.words('company') }),
    tag: async (ticket, operation) => {
      const name = this.words('tag');
      // On a ticket a tag goes by its name.
      if (operation !== 'TicketTags_remove') return this.id('/ticket-tags', { name });
      await this.post(`/tickets/${ticket}/tags`, { tag: name });
      return name;
    },
    category: () => this.id('/ticket-categories', { name: this.words('category') }),
    field: () =>
      this.id('/custom-fields', {
        key: this.slug('field').replaceAll('-', '_'),
        label: this.words('field'),
        type: 'select',
        options: [this.words('option')],
      }),
    canned: () => this.id('/canned-responses', { title: this.words('canned'), content: this.words('content') }),
    template: () =>
      this.id('/ticket-templates', { name: this.words('template'), fields: { subject: this.words('subject') } }),
    view: () => this.id('/views', { name: this.words('view'), query: { status: ['open'] } }),
    policy: () => this.id('/sla/policies', { name: this.words('policy'), firstResponseTime: 30 }),
    calendar: () =>
      this.id('/sla/calendars', {
        name: this.words('calendar'),
        timezone: 'Europe/Berlin',
        hours: { mon: [['09:00', '17:00']] },
      }),
    entry: async () => {
      const ticket = await this.id('/tickets', { subject: this.words('ticket') });
      return this.id(`/tickets/${ticket}/time`, { minutes: 30, description: this.words('time') });
    },
    link: async (ticket) => {
      const to = await this.id('/tickets', { subject: this.words('ticket') });
      return this.id(`/tickets/${ticket}/links`, { to, kind: 'relates_to' });
    },
    attachment: async (ticket) => {
      const on = ticket || (await this.id('/tickets', { subject: this.words('ticket') }));
      const { status, body } = await this.core.http(`/api/v1/tickets/${on}/attachments?name=${this.slug('file')}.txt`, {
        method: 'POST',
        body: this.words('file'),
        headers: { 'content-type': 'text/plain' },
        key: this.org.apiKey,
      });
      if (status >= 300) throw new Error(`An attachment was refused: ${status} ${JSON.stringify(body)}`);
      return (body['items'] as { id: string }[])[0]!.id;
    },
  };
}
