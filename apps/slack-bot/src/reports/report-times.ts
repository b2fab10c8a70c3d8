/** What one can ask a report of. */
export const REPORT_TIMES = {
  week: { days: 7, title: 'the last 7 days' },
  month: { days: 28, title: 'the last 4 weeks' },
  quarter: { days: 91, title: 'the last 13 weeks' },
} as const;
export type ReportTime = keyof typeof REPORT_TIMES;

/** `week`, `month`, `quarter` or what people say for them; null for anything else. Nothing said is a week. */
export function reportTimeOf(typed: string | undefined): ReportTime | null {
  const word = (typed ?? 'week')
    .trim()
    .toLowerCase()
    .replace(/^(?:this|last|the) /, '');
  if (['', 'week', 'weekly', '7d', '7 days'].includes(word)) return 'week';
  if (['month', 'monthly', '4 weeks', '28d', '30d'].includes(word)) return 'month';
  return ['quarter', 'quarterly', '13 weeks', '90d'].includes(word) ? 'quarter' : null;
}
