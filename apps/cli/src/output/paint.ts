import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Whether it is wanted was asked before (a terminal, NO_COLOR, --no-color): here it is only done. */
const paint = (style: Style) => (text: string) => styleText(style, text, { validateStream: false });

export const bold = paint('bold');
export const dim = paint('dim');

const STATUS: Readonly<Record<string, (text: string) => string>> = {
  open: paint('cyan'),
  in_progress: paint('blue'),
  pending: paint('yellow'),
  on_hold: paint('yellow'),
  resolved: paint('green'),
  closed: paint('gray'),
};
const PRIORITY: Readonly<Record<string, (text: string) => string>> = {
  urgent: paint(['red', 'bold']),
  high: paint('red'),
  low: paint('gray'),
};

export const paintStatus = (text: string): string => STATUS[text]?.(text) ?? text;
export const paintPriority = (text: string): string => PRIORITY[text]?.(text) ?? text;
/** Something that somebody should have done already. */
export const paintLate = paint('red');
export const paintSoon = paint('yellow');
