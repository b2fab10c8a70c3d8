/** Time as the desk counts it. All instants and durations are whole milliseconds, instants since the epoch. */
export type BusinessTime = {
  /** Open milliseconds from `from` up to `to`; 0 when `to` is not later. */
  openMsBetween(from: number, to: number): number;
  /**
   * The first instant at which `ms` open milliseconds have passed since `from`. At the end of a working
   * day that is closing time, not the next opening. With `ms` 0 it is `from` itself.
   * More than HORIZON_MS away (targets no calendar can meet) it is `from + HORIZON_MS`.
   */
  addOpenMs(from: number, ms: number): number;
  /** Whether the desk is open at the instant: opening time is, closing time is not. */
  isOpenAt(instant: number): boolean;
  /** Open intervals within `from` to `to`, in order and apart. */
  openSpansBetween(from: number, to: number): { from: number; to: number }[];
};

/** 24x7: every millisecond counts. */
export const ROUND_THE_CLOCK: BusinessTime = {
  openMsBetween: (from, to) => Math.max(0, to - from),
  addOpenMs: (from, ms) => from + ms,
  isOpenAt: () => true,
  openSpansBetween: (from, to) => (to > from ? [{ from, to }] : []),
};
