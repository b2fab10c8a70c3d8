import type { Command } from 'commander';
import type { Desk } from '../desk/desk-command.js';
import type { Field } from '../desk/fields.js';
import type { Column } from '../output/table.js';

export type Item = { id: string } & Record<string, unknown>;

/** Something that an organisation configures, as the command line shows and changes it: everything about it in one table. */
export interface Resource<One extends { id: string } = Item> {
  /** `deskwire <name> list`. */
  name: string;
  aliases?: string[];
  /** In the middle of a sentence: “make a new …”. */
  one: string;
  many: string;
  path: string;
  columns: Column<One>[];
  /** What it may be called in place of its id. */
  namesOf: (item: One) => (string | null | undefined)[];
  /** Options of `list`. */
  filters?: Field[];
  /** Options of `create` and `update`. */
  fields: Field[];
  /** The option that a bare argument of `create` stands for: `deskwire tag create vip`. */
  firstField?: string;
  /** All of them, unless it says which. */
  verbs?: readonly ('list' | 'get' | 'create' | 'update' | 'delete')[];
  /** Names in fields and filters that must be looked up first. */
  prepare?: (desk: Desk, fields: Record<string, unknown>) => Promise<Record<string, unknown>>;
  /** After creating one, for what is shown only once. */
  created?: (item: One) => string;
  deleted?: string;
  /** What is asked at a terminal before it is deleted, if there is no way back; `false` where there is. */
  irrevocable?: boolean;
  /** What must be said of what hangs on it: options of `delete`, as the API's query. */
  deleteOptions?: Field[];
  /** Options of `update` alone, and those of `create` that nobody can change any more. */
  updateFields?: Field[];
  onlyAtFirst?: readonly string[];
  /** Added where one is looked for by its name: those that `list` leaves out unless asked. */
  lookUp?: Record<string, boolean>;
  /** Further commands of its own. */
  more?: (group: Command) => void;
}
