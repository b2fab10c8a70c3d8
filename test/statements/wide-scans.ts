/** What EXPLAIN (FORMAT JSON) says of one step. */
export interface PlanNode {
  'Node Type': string;
  'Parent Relationship'?: string;
  'Join Type'?: string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Filter?: string;
  Plans?: PlanNode[];
}

/** A scan that reads a table, an index or an organisation's part of it from end to end. */
export interface WideScan {
  table: string;
  /** Null: by no index at all. */
  index: string | null;
  /** Its organisation's part only. */
  ofOrganisation: boolean;
}

const BY_INDEX = new Set(['Index Scan', 'Index Only Scan', 'Bitmap Index Scan']);
/** Steps that give nothing before they have taken everything, so that a LIMIT above them ends nothing below. */
const TAKES_ALL = new Set(['Sort', 'Aggregate', 'WindowAgg', 'Hash', 'Materialize', 'ModifyTable']);
const ORGANISATION =
  /\(?\borg_id = (?:\(InitPlan \d+\)\.col1|\(hashed SubPlan \d+\)\.col1|\w+\.org_id|\$\d+|current_org\(\))\)?/g;

/**
 * The wide scans of a plan. One in the order of an index that stops when a LIMIT is full is none, unless it leaves out rows on the way: where
 * few fit, it reads all. `tableOf` knows every index's table.
 */
export function wideScansOf(plan: PlanNode, tableOf: ReadonlyMap<string, string>): WideScan[] {
  const found: WideScan[] = [];
  const visit = (node: PlanNode, stops: boolean): void => {
    const { 'Node Type': type, 'Index Name': index, 'Index Cond': condition = '', Filter: filter } = node;
    if (type === 'Seq Scan') found.push({ table: node['Relation Name']!, index: null, ofOrganisation: false });
    if (BY_INDEX.has(type) && !/ (?:=|<|>|<=|>=|IS|@@|%) /.test(condition.replaceAll(ORGANISATION, ''))) {
      const leavesOut = filter !== undefined && filter !== '(deleted_at IS NULL)';
      if (!stops || leavesOut)
        found.push({ table: tableOf.get(index!)!, index: index!, ofOrganisation: condition.includes('org_id = ') });
    }
    const dropsRows = type === 'Nested Loop' && node['Join Type'] !== 'Left';
    const stopsBelow = type === 'Limit' || (stops && !TAKES_ALL.has(type) && !dropsRows);
    for (const child of node.Plans ?? []) {
      const isRepeated = type === 'Nested Loop' && child['Parent Relationship'] === 'Inner';
      const isItsOwn = /^(?:InitPlan|SubPlan)$/.test(child['Parent Relationship'] ?? '');
      visit(child, stopsBelow && !isRepeated && !isItsOwn);
    }
  };
  visit(plan, false);
  return found;
}
