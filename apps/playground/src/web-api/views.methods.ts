import { isObject } from '../workspace/block-ids.js';
import { SlackError } from '../workspace/slack-error.js';
import type { OpenView } from '../workspace/views.js';
import type { Call, Method, Slack } from './call.js';

export const VIEWS: Readonly<Record<string, Method>> = {
  'views.open': (call, slack) => {
    const { trigger, userId } = triggerOf(call, slack);
    const opened = slack.views.open(userId, viewOf(call));
    slack.triggers.use(trigger);
    return { view: slack.views.output(opened) };
  },

  'views.push': (call, slack) => {
    const { trigger, userId } = triggerOf(call, slack);
    const pushed = slack.views.push(userId, viewOf(call));
    slack.triggers.use(trigger);
    return { view: slack.views.output(pushed) };
  },

  'views.update': (call, slack) => {
    const view = viewOf(call);
    const found = target(call, slack);
    if (!found) throw new SlackError('not_found');
    return { view: slack.views.output(slack.views.update(found, view, call.text('hash'))) };
  },

  'views.publish': (call, slack) => {
    const view = viewOf(call);
    const user = slack.workspace.members.get(call.required('user_id'));
    if (!user || user.isBot) throw new SlackError('user_not_found');
    return { view: slack.views.output(slack.views.publish(user.id, view, call.text('hash'))) };
  },
};

function viewOf(call: Call): unknown {
  const view = call.json('view', 'invalid_arguments');
  if (!isObject(view)) {
    const messages = ['[ERROR] missing required field: view'];
    throw new SlackError('invalid_arguments', { response_metadata: { messages } });
  }
  return view;
}

function triggerOf(call: Call, slack: Slack): { trigger: string; userId: string } {
  const trigger = call.text('trigger_id') ?? call.text('interactivity_pointer');
  if (!trigger) throw new SlackError('missing_trigger');
  return { trigger, userId: slack.triggers.check(trigger, call.nowMs) };
}

function target(call: Call, slack: Slack): OpenView | undefined {
  const id = call.text('view_id');
  if (id) return slack.views.byId(id);
  return slack.views.byExternalId(call.required('external_id'));
}
