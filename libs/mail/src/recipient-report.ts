/** What a report, a notification or prose says of one address, before it is judged. */
export interface RecipientReport {
  address: string;
  /** As stated, or ''. */
  status: string;
  /** As stated, or ''. */
  diagnostic: string;
  /** RFC 3464 Action, lower-case, or ''. */
  action: string;
}
