import type { BotLine } from '../bot/bot-line.js';
import { elementsOf, isObject } from '../workspace/block-ids.js';
import { fieldProblem } from '../workspace/element-state.js';
import type { Json, Member } from '../workspace/model.js';
import { SlackError } from '../workspace/slack-error.js';
import type { Triggers } from '../workspace/triggers.js';
import type { OpenView, Views } from '../workspace/views.js';
import { DONE, outcomeOf, type Outcome } from './outcome.js';
import { about } from './payloads.js';
import type { Use, UseElement } from './use-element.js';

const TROUBLE = 'We had some trouble connecting. Try again?';

/** A person submits or closes the modal on top: `view_submission`, `view_closed`, and what the app answers to them. */
export class SubmitView {
  constructor(
    private readonly views: Views,
    private readonly triggers: Triggers,
    private readonly line: BotLine,
    private readonly useElement: UseElement,
    private readonly shown: () => void,
  ) {}

  async submit(person: Member, view: OpenView, typed: readonly Use[]): Promise<Outcome> {
    await this.useElement.type(person, view, typed);
    view.errors = missing(view);
    delete view.failure;
    if (Object.keys(view.errors).length > 0) {
      this.shown();
      return { ok: false, error: 'required_fields', message: 'Some fields need another look.', errors: view.errors };
    }
    const answer = await this.line.interaction({
      type: 'view_submission',
      ...about(person),
      trigger_id: this.triggers.issue(person.id, Date.now()),
      view: this.views.output(view),
      response_urls: [],
    });
    if (!answer.ok) {
      view.failure = TROUBLE;
      this.shown();
      return { ...outcomeOf(answer), message: TROUBLE };
    }
    return this.follow(person, view, answer.json ?? {}, answer.text);
  }

  async close(person: Member, view: OpenView, all: boolean): Promise<Outcome> {
    const cleared = all || view.view['clear_on_close'] === true;
    const closing = cleared ? this.views.stackOf(person.id).toReversed() : [view];
    const told = closing.filter((one) => one.view['notify_on_close'] === true).map((one) => ({ ...one }));
    this.views.close(view, cleared);
    let outcome: Outcome = DONE;
    for (const one of told) {
      const payload = { type: 'view_closed', ...about(person), view: this.views.output(one), is_cleared: cleared };
      outcome = outcomeOf(await this.line.interaction(payload));
    }
    return outcome;
  }

  /** response_action: errors, update, push, clear; nothing closes the view. */
  private follow(person: Member, view: OpenView, answer: Json, text: string): Outcome {
    try {
      switch (answer['response_action']) {
        case undefined:
          if (text.trim() !== '' && Object.keys(answer).length > 0)
            return this.trouble(view, `unknown answer ${text.slice(0, 200)}`);
          this.views.close(view);
          return DONE;
        case 'errors':
          return this.showErrors(view, answer['errors']);
        case 'update':
          this.views.update(view, answer['view']);
          return DONE;
        case 'push':
          this.views.push(person.id, answer['view']);
          return DONE;
        case 'clear':
          this.views.close(view, true);
          return DONE;
        default:
          return this.trouble(view, `unknown response_action ${JSON.stringify(answer['response_action'])}`);
      }
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      return this.trouble(view, `${error.code} ${JSON.stringify(error.details)}`);
    }
  }

  private showErrors(view: OpenView, errors: unknown): Outcome {
    const inputs = new Set(
      view.blocks.filter((block) => block['type'] === 'input').map((block) => String(block['block_id'])),
    );
    const entries = isObject(errors) ? Object.entries(errors) : [];
    const stray = entries.find(([id]) => !inputs.has(id));
    if (entries.length === 0 || stray) return this.trouble(view, `errors name no input block: ${stray?.[0] ?? 'none'}`);
    view.errors = Object.fromEntries(entries.map(([id, words]) => [id, String(words)]));
    this.shown();
    return { ok: false, error: 'field_errors', message: Object.values(view.errors).join(' '), errors: view.errors };
  }

  private trouble(view: OpenView, why: string): Outcome {
    view.failure = TROUBLE;
    this.shown();
    return { ok: false, error: 'invalid_answer', message: `${TROUBLE} (${why})` };
  }
}

function missing(view: OpenView): Record<string, string> {
  const problems = elementsOf(view.blocks).map((placed): [string, string | undefined] => {
    const [blockId, actionId] = [String(placed.block['block_id']), String(placed.element['action_id'])];
    return [blockId, fieldProblem(placed, view.values[blockId]?.[actionId])];
  });
  return Object.fromEntries(problems.filter((one): one is [string, string] => one[1] !== undefined));
}
