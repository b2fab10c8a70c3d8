import Handlebars from 'handlebars';
import { CANNED_NAMES, CANNED_VARIABLES, type CannedVariable } from './canned-variables.js';

/** A canned response as it is rendered: a tree of three kinds of things, none of which can do anything. */
export type CannedPart =
  | { text: string }
  | { variable: CannedVariable }
  | { when: CannedVariable; present: boolean; parts: CannedPart[]; otherwise: CannedPart[] };

export interface CannedText {
  parts: CannedPart[];
  variables: CannedVariable[];
}

const MAX_DEPTH = 10;

class Refused extends Error {}

/**
 * Reads a canned response with Handlebars' parser and keeps of it only text, listed variables and `{{#if}}` / `{{#unless}}`
 * on them. Nothing is ever compiled: helpers, partials, decorators, `this`, paths of any other kind and literals are refused
 * here, so there is nothing to render that could reach anything. The problem ends a sentence that begins with the field.
 */
export function parseCanned(content: string): CannedText | { problem: string } {
  try {
    const variables = new Set<CannedVariable>();
    const parts = partsOf(Handlebars.parse(content), variables, 0);
    return { parts, variables: [...variables] };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    // The parser's own words show its grammar; the line is what helps.
    const line = /line (\d+)/.exec((error as Error).message)?.[1];
    const where = line === undefined ? '' : ` near line ${line}`;
    return { problem: `cannot be read${where}: each {{ needs its }}, and each {{#if x}} its {{/if}}` };
  }
}

type Node = { type: string };
type Path = hbs.AST.PathExpression;

function partsOf(program: hbs.AST.Program | undefined, variables: Set<CannedVariable>, depth: number): CannedPart[] {
  if (!program) return [];
  if (depth > MAX_DEPTH) throw new Refused(`has conditions inside one another more than ${MAX_DEPTH} deep`);
  if ((program.blockParams ?? []).length > 0) throw new Refused('cannot name things with “as |…|”');
  return program.body.flatMap((node): CannedPart[] => {
    switch (node.type) {
      case 'ContentStatement': {
        const { value } = node as hbs.AST.ContentStatement;
        return value === '' ? [] : [{ text: value }];
      }
      case 'CommentStatement':
        return [];
      case 'MustacheStatement': {
        const { path, params, hash } = node as hbs.AST.MustacheStatement;
        if (params.length > 0 || hash)
          throw new Refused(`cannot call anything, such as “${nameOf(path)}” with arguments`);
        return [{ variable: known(path, variables) }];
      }
      case 'BlockStatement':
        return [conditionOf(node as hbs.AST.BlockStatement, variables, depth)];
      default:
        throw new Refused(`cannot have ${WORDS[node.type] ?? node.type}: only variables, {{#if}} and {{#unless}}`);
    }
  });
}

function conditionOf(block: hbs.AST.BlockStatement, variables: Set<CannedVariable>, depth: number): CannedPart {
  const name = nameOf(block.path);
  if (name !== 'if' && name !== 'unless') throw new Refused(`cannot have {{#${name}}}: only {{#if}} and {{#unless}}`);
  const [subject, ...more] = block.params;
  if (!subject || more.length > 0 || (block.hash as unknown)) throw new Refused(`needs one variable after {{#${name}`);
  return {
    when: known(subject, variables),
    present: name === 'if',
    parts: partsOf(block.program, variables, depth + 1),
    otherwise: partsOf(block.inverse, variables, depth + 1),
  };
}

function known(node: Node, variables: Set<CannedVariable>): CannedVariable {
  const name = nameOf(node);
  const { data, depth } = node as Path;
  if (node.type !== 'PathExpression' || data || depth !== 0 || !CANNED_NAMES.has(name)) {
    const all = CANNED_VARIABLES.map((one) => one.name).join(', ');
    throw new Refused(`has no variable “${name.slice(0, 100)}”: must be one of ${all}`);
  }
  variables.add(name as CannedVariable);
  return name as CannedVariable;
}

/** As it is written: `../x`, `this.x` and `@root.x` are none of ours, whatever parts they have. */
const nameOf = (node: Node): string => (node as Path).original;

const WORDS: Readonly<Record<string, string>> = {
  PartialStatement: 'partials',
  PartialBlockStatement: 'partials',
  Decorator: 'decorators',
  DecoratorBlock: 'decorators',
};
