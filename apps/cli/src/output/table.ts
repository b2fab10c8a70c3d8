import stringWidth from 'string-width';

export interface Column<Item> {
  title: string;
  of: (item: Item, nowMs: number) => string;
  /** Only with `-o wide`. */
  wide?: boolean;
  /** Only if any of the items has something there. */
  ifAny?: boolean;
  /** May be cut when the terminal is too narrow; of several, the widest first. */
  flexible?: boolean;
  /** Numbers stand at the right. */
  right?: boolean;
  /** How the terminal paints it; pure text goes in and out. */
  paint?: (text: string, item: Item) => string;
}

const GAP = '  ';
const MIN_FLEXIBLE = 12;

export interface TableSettings {
  wide: boolean;
  /** Columns of the terminal; null: not a terminal, nothing is cut. */
  width: number | null;
  colours: boolean;
  nowMs: number;
}

/** Rows below their titles, in columns that line up, whatever the script. One line a row. */
export function tableOf<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  settings: TableSettings,
): string {
  const shown = columns.filter(
    ({ wide, ifAny, of }) =>
      (settings.wide || !wide) && (!ifAny || items.some((item) => of(item, settings.nowMs) !== '')),
  );
  const cells = items.map((item) => shown.map((column) => oneLine(column.of(item, settings.nowMs))));
  const widths = shown.map((column, at) =>
    Math.max(stringWidth(column.title), ...cells.map((row) => stringWidth(row[at]!))),
  );
  if (settings.width !== null) {
    let over = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - settings.width;
    for (; over > 0; over--) {
      const [widest] = shown
        .flatMap((column, at) => (column.flexible && widths[at]! > MIN_FLEXIBLE ? at : []))
        .toSorted((a, b) => widths[b]! - widths[a]!);
      if (widest === undefined) break;
      widths[widest]!--;
    }
  }
  const line = (row: readonly string[], paint: (text: string, at: number) => string) =>
    row
      .map((cell, at) => {
        const text = cut(cell, widths[at]!);
        const space = ' '.repeat(Math.max(0, widths[at]! - stringWidth(text)));
        const painted = paint(text, at);
        if (shown[at]!.right) return space + painted;
        return at === row.length - 1 ? painted : painted + space;
      })
      .join(GAP)
      .trimEnd();
  const head = line(
    shown.map(({ title }) => title),
    (text) => text,
  );
  const rows = cells.map((row, index) =>
    line(row, (text, at) => (settings.colours ? (shown[at]!.paint?.(text, items[index]!) ?? text) : text)),
  );
  return [head, ...rows].join('\n');
}

/** Control characters out: a subject that a stranger wrote must not steer the terminal, nor turn its direction. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim();

/** The same for texts of several lines. */
export const printable = (text: string): string =>
  text.replaceAll('\r\n', '\n').replaceAll(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
