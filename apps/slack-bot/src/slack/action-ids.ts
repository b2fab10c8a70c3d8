/**
 * Names of what can be pressed. `ticket:<verb>` runs that verb on the ticket in the button's value, as if it had been
 * typed; `ask:<verb>` opens its modal first, so that what is optional on the command line is asked for.
 */
export const RUN = 'ticket:';
export const ASK = 'ask:';
/** An overflow menu whose options' values are `<action id> <ticket>`. */
export const MORE = 'more';
export const UNDO_REPLY = 'undo-reply';
export const LIST_PAGE = 'list-page';
export const ALERT_ACK = 'alert-ack';
export const ALERT_ASSIGN = 'alert-assign';
export const OPEN_NEW = 'open-new';
/** A button that only opens a link; Slack reports its click all the same. */
export const LINK = 'link:';
