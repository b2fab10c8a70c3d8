export interface Shortcut {
  name: string;
  type: 'global' | 'message';
  callbackId: string;
  description: string;
}

export const NEW_TICKET = 'new_ticket';
export const TICKET_FROM_MESSAGE = 'ticket_from_message';
export const SEND_TO_CUSTOMER = 'send_to_customer';

/** Everything in Slack's shortcut menus. Name at most 24, description at most 150 characters. */
export const SHORTCUTS: readonly Shortcut[] = [
  { name: 'New ticket', type: 'global', callbackId: NEW_TICKET, description: 'Open a ticket' },
  {
    name: 'Create ticket from this',
    type: 'message',
    callbackId: TICKET_FROM_MESSAGE,
    description: 'Open a ticket with this message as its description',
  },
  {
    name: 'Send to customer',
    type: 'message',
    callbackId: SEND_TO_CUSTOMER,
    description: 'Send this message of a ticket’s thread to the customer; shows the recipients first',
  },
];
