/**
 * Holds a YAML node against a shape: a plain value comes out, and a problem for everything that does not fit, each at
 * its place. What does not fit is left out of the value, so that one mistake hides no other.
 */

import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { unreachable } from '../../base/assert.ts';
import { nearestName } from '../../base/nearest.ts';
import type { SourceFile, Span } from '../../base/source.ts';
import { mergedPairs } from './merge.ts';
import { type ObjectShape, type Shape, scenarioShape } from './shape.ts';

export interface ScenarioProblem {
  readonly code:
    | 'yaml-syntax'
    | 'unknown-alias'
    | 'unknown-key'
    | 'missing-key'
    | 'wrong-type'
    | 'wrong-value'
    | 'conflicting-keys';
  /** What is wrong and what is expected, for people. */
  readonly message: string;
  readonly span: Span;
}

/** A text of the scenario that names something outside it. */
export interface ScenarioName {
  readonly kind: 'function' | 'status' | 'file';
  readonly text: string;
  readonly span: Span;
}

export interface Checking {
  readonly file: SourceFile;
  readonly document: Document;
  /** Where each mapping and list of the value stands. */
  readonly spans: Map<object, Span>;
  /** Where the items of each list stand. */
  readonly items: Map<object, readonly Span[]>;
  /** Where the keys of each mapping of names stand. */
  readonly entries: Map<object, ReadonlyMap<string, Span>>;
  /** What stands for a function, a status or a file, in the order of the text. */
  readonly names: ScenarioName[];
  readonly problems: ScenarioProblem[];
  /** Aliases so far. */
  aliases: number;
  /** The lists and mappings that are being read, the innermost last. */
  readonly inside: Node[];
}

/** A value that fits the shape, or undefined. `where` names it in messages: "peers[0].connect". */
export function checkNode(checking: Checking, given: Node | null, shape: Shape, where: string): unknown {
  const node = isAlias(given) ? given.resolve(checking.document) : given;
  const refusal = isAlias(given) ? complaintAboutAlias(checking, given, node) : undefined;
  if (refusal !== undefined) return problem(checking, given, 'unknown-alias', `${where} names ${refusal}`);
  if (node === undefined || node === null || isScalar(node)) return checkValue(checking, node ?? null, shape, where);
  checking.inside.push(node);
  const value = checkValue(checking, node, shape, where);
  checking.inside.pop();
  return value;
}

/** Places of the file that are read again through aliases: they may stand within one another, and would never end. */
const aliasesMax = 1000;

function complaintAboutAlias(
  checking: Checking,
  { source }: Alias,
  named: Node | undefined | null,
): string | undefined {
  if (named === undefined || named === null) {
    return `*${source}, but no earlier place of the file is marked &${source}`;
  }
  if (checking.inside.includes(named)) return `*${source}, in which it stands itself`;
  checking.aliases++;
  return checking.aliases > aliasesMax ? `*${source}, but more than ${aliasesMax} such names are too many` : undefined;
}

function checkValue(checking: Checking, node: Node | null, shape: Shape, where: string): unknown {
  switch (shape.kind) {
    case 'number':
      return checkNumber(checking, node, shape, where);
    case 'text':
      return checkText(checking, node, shape, where);
    case 'boolean': {
      const value = isScalar(node) ? node.value : undefined;
      return typeof value === 'boolean' ? value : wrong(checking, node, where, 'true or false');
    }
    case 'choice': {
      const value = isScalar(node) ? node.value : undefined;
      const fits = typeof value === 'string' && shape.values.includes(value);
      return fits ? value : wrong(checking, node, where, shape.values.join(' or '));
    }
    case 'list': {
      if (!isSeq(node)) return wrong(checking, node, where, 'a list');
      const list = node.items.map((item, i) => checkNode(checking, item as Node | null, shape.of, `${where}[${i}]`));
      checking.spans.set(list, spanOf(checking, node));
      checking.items.set(
        list,
        node.items.map((item) => spanOf(checking, item as Node | null)),
      );
      return list;
    }
    case 'map': {
      if (!isMap(node)) return wrong(checking, node, where, 'a mapping of names');
      const pairs = pairsOf(checking, node, where);
      const map = Object.fromEntries(
        pairs.map((pair) => {
          const key = keyText(pair);
          return [key, checkNode(checking, pair.value as Node | null, shape.of, `${where}.${key}`)];
        }),
      );
      checking.spans.set(map, spanOf(checking, node));
      const keys = pairs.map((pair) => [keyText(pair), spanOf(checking, pair.key as Node | null)] as const);
      checking.entries.set(map, new Map(keys));
      return map;
    }
    case 'text-or-object':
      if (isMap(node)) return checkObject(checking, node, shape.object, where);
      if (shape.number !== undefined && isScalar(node) && typeof node.value === 'number') {
        return checkNumber(checking, node, shape.number, where);
      }
      return checkText(checking, node, { kind: 'text', expected: `text, or ${keysText(shape.object)}` }, where);
    case 'object':
      return checkObject(checking, node, shape, where);
    default:
      return unreachable(shape);
  }
}

function checkObject(checking: Checking, node: Node | null, shape: ObjectShape, where: string): unknown {
  if (!isMap(node)) {
    const meant = meantPair(node, shape);
    if (meant === undefined)
      return wrong(checking, node, where, `a mapping with the keys ${Object.keys(shape.fields).join(', ')}`);
    return problem(
      checking,
      node,
      'wrong-type',
      `${where || 'the scenario'} must be a mapping, but is ${nodeText(node)}; did you mean "${meant}"?`,
    );
  }
  const result: Record<string, unknown> = {};
  const inside = where === '' ? '' : `${where}.`;
  const meant = new Set<string>();
  const pairs = pairsOf(checking, node, where);
  const keys = new Set(pairs.map(keyText));
  for (const pair of pairs) {
    const key = keyText(pair);
    const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    if (field === undefined) {
      const guess = meantKey(key, Object.keys(shape.fields));
      const hint =
        guess === undefined
          ? (belongsElsewhere(key, shape) ?? `it may be ${Object.keys(shape.fields).join(', ')}`)
          : `did you mean "${guess}"?`;
      problem(
        checking,
        pair.key as Node | null,
        'unknown-key',
        `"${inside}${key}" is no setting of a scenario; ${hint}`,
      );
      if (guess !== undefined) meant.add(guess);
      continue;
    }
    const value =
      field.ifEmpty !== undefined && isNothing(pair.value as Node | null)
        ? field.ifEmpty
        : checkNode(checking, pair.value as Node | null, field.shape, `${inside}${key}`);
    if (value !== undefined) result[key] = value;
  }
  for (const [key, field] of Object.entries(shape.fields)) {
    if (field.isRequired === true && !keys.has(key) && !meant.has(key)) {
      problem(checking, node, 'missing-key', `${where || 'the scenario'} needs "${key}": ${field.about}`);
    }
  }
  const alternatives = shape.exactlyOne ?? [];
  const given = alternatives.filter((key) => keys.has(key));
  if (alternatives.length > 0 && given.length === 0) {
    const isTold = alternatives.some((key) => meant.has(key));
    if (!isTold) problem(checking, node, 'missing-key', `${where} needs one of ${alternatives.join(', ')}`);
    return undefined;
  }
  if (given.length > 1) {
    problem(checking, node, 'conflicting-keys', `${where} has ${given.join(' and ')}; only one of them can be`);
    return undefined;
  }
  checking.spans.set(result, spanOf(checking, node));
  return result;
}

/** With what `<<` brings along. */
function pairsOf(checking: Checking, node: YAMLMap, where: string): readonly Pair[] {
  const here = where === '' ? '<<' : `${where}.<<`;
  return mergedPairs(node, (given) => {
    const named = isAlias(given) ? given.resolve(checking.document) : given;
    const refusal = isAlias(given) ? complaintAboutAlias(checking, given, named) : undefined;
    if (refusal !== undefined) return problem(checking, given, 'unknown-alias', `${here} names ${refusal}`);
    return isMap(named) ? named : wrong(checking, given, here, 'the name of a mapping, as *peer');
  });
}

function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** Where a key is one that is none here: a level deeper, or at the top of the file. */
function belongsElsewhere(key: string, here: ObjectShape): string | undefined {
  for (const [name, field] of Object.entries(here.fields)) {
    const inner = field.shape.kind === 'list' ? field.shape.of : field.shape;
    if (inner.kind !== 'object' || !Object.hasOwn(inner.fields, key)) continue;
    return field.shape.kind === 'list' ? `it goes into the list "${name}"` : `it goes into "${name}"`;
  }
  return Object.hasOwn(scenarioShape.fields, key) ? 'it stands at the top of the file, not indented' : undefined;
}

/** The key that is spelled nearly so, or the only one that begins so: `loss` is `lossPercent` without its unit. */
function meantKey(key: string, keys: readonly string[]): string | undefined {
  const longer = keys.filter((one) => key.length >= 3 && one.startsWith(key));
  return nearestName(key, keys) ?? (longer.length === 1 ? longer[0] : undefined);
}

function checkNumber(
  checking: Checking,
  node: Node | null,
  shape: Extract<Shape, { kind: 'number' }>,
  where: string,
): unknown {
  const value = isScalar(node) ? node.value : undefined;
  const what = shape.isInteger === true ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || Number.isNaN(value)) return wrong(checking, node, where, what);
  const fits = value >= shape.min && value <= shape.max && (shape.isInteger !== true || Number.isInteger(value));
  if (fits) return value;
  problem(checking, node, 'wrong-value', `${where} must be ${what} from ${shape.min} to ${shape.max}, but is ${value}`);
  return undefined;
}

function checkText(
  checking: Checking,
  node: Node | null,
  shape: Extract<Shape, { kind: 'text' }>,
  where: string,
): unknown {
  const value = isScalar(node) ? node.value : undefined;
  // A number such as 1234 is as good as the text that it was written as.
  const text = typeof value === 'number' && isScalar(node) ? (node.source ?? String(value)) : value;
  if (typeof text !== 'string') return wrong(checking, node, where, shape.expected ?? 'text');
  const complaint = shape.complaint?.(text);
  if (complaint !== undefined) {
    problem(checking, node, 'wrong-value', `${where} is wrong: ${complaint}`);
    return undefined;
  }
  if (shape.pattern === undefined || shape.pattern.test(text)) {
    // Rules are no names of something outside.
    if (shape.names !== undefined && shape.names !== 'rule')
      checking.names.push({ kind: shape.names, text, span: spanOf(checking, node) });
    return text;
  }
  problem(checking, node, 'wrong-value', `${where} must be ${shape.expected ?? 'of another form'}, but is "${text}"`);
  return undefined;
}

/** A key that lacks its colon (`- stall`), or a choice that lacks its key (`- surprise-removal`), as it would be right. */
function meantPair(node: Node | null, { fields }: ObjectShape): string | undefined {
  const text = isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
  if (text === undefined) return undefined;
  if (Object.hasOwn(fields, text)) return `${text}:`;
  const choices = Object.entries(fields).filter(
    ([, { shape }]) => shape.kind === 'choice' && shape.values.includes(text),
  );
  return choices.length === 1 ? `${choices[0]?.[0]}: ${text}` : undefined;
}

function wrong(checking: Checking, node: Node | null, where: string, expected: string): undefined {
  problem(checking, node, 'wrong-type', `${where || 'the scenario'} must be ${expected}, but is ${nodeText(node)}`);
  return undefined;
}

function problem(checking: Checking, node: Node | null, code: ScenarioProblem['code'], message: string): undefined {
  checking.problems.push({ code, message, span: spanOf(checking, node) });
  return undefined;
}

function spanOf(checking: Checking, node: Node | null): Span {
  const [start, end] = node?.range ?? [0, 0];
  return { file: checking.file, start, end };
}

function nodeText(node: Node | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  const value = isScalar(node) ? node.value : null;
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'string' ? `the text "${value}"` : `${typeof value} ${JSON.stringify(value)}`;
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function keysText(shape: ObjectShape): string {
  return `a mapping with ${Object.keys(shape.fields).join(', ')}`;
}
