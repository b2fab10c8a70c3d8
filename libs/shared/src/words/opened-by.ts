import type { Source } from '../contracts/values.js';

/** How a ticket came to be, after the word "opened". */
export const OPENED_BY: Readonly<Record<Source, string>> = {
  email: 'by e-mail',
  slack: 'in Slack',
  web: 'on the web',
  portal: 'in the portal',
  api: 'by the API',
  alert: 'from an alert',
  health_monitor: 'by the health monitor',
  workflow: 'by a workflow',
  user: 'by a user',
};
