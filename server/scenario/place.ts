/**
 * Where the cursor stands in a scenario file: which shape is expected there, and what is written around it.
 *
 * Somebody who asks for completion is in the middle of a word, so that the text as it stands is often no YAML at all. A
 * word of our own is put where the cursor is, and looked for in what the parser made of the text.
 */
import { isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { isDeepYaml } from '../../base/yaml-depth.ts';
import { type ObjectShape, type Shape, scenarioShape } from '../../emulator/scenario/shape.ts';

export type ScenarioPlace =
  /** A key of a mapping may stand here. */
  | {
      readonly kind: 'key';
      readonly shape: ObjectShape;
      /** Keys that the mapping has, without the one under the cursor. */
      readonly present: readonly string[];
      /** The colon is there, so that the key alone is missing. */
      readonly hasColon: boolean;
      /** Within braces, where a value stands on the same line. */
      readonly isFlow: boolean;
    }
  | { readonly kind: 'value'; readonly shape: Shape };

export interface Cursor {
  readonly place: ScenarioPlace;
  /** Offset at which the word under the cursor begins, and its column. */
  readonly wordStart: number;
  readonly column: number;
}

const placeholder = 'wskCursor';

/** Undefined where nothing of a scenario can stand: within quotes or a comment, below an unknown key, far too deep. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  if (isDeepYaml(text)) return undefined;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const beforeCursor = text.slice(lineStart, offset);
  // A hyphen is part of a word, unless it begins an item.
  const wordStart = offset - (/[\w\\][\w\\-]*$/.exec(beforeCursor)?.[0].length ?? 0);
  const rest = wordStart < offset ? /^[\w\\-]*/ : /^[\w\\]*/;
  const wordEnd = offset + (rest.exec(text.slice(offset))?.[0].length ?? 0);
  const before = text.slice(lineStart, wordStart);
  const after = /^[^\r\n]*/.exec(text.slice(wordEnd))?.[0] ?? '';
  const hasColon = /^\s*:(\s|$)/.test(after);
  // A word that begins a line may be a key to come; without its colon it would run on into the next line.
  const beginsLine = /^[\s-]*$/.test(before) && /^\s*(#.*)?$/.test(after);
  const space = /[:-]$/.test(before) ? ' ' : '';
  const word = space + placeholder + (beginsLine ? ':' : '');
  const document = parseDocument(text.slice(0, wordStart) + word + text.slice(wordEnd), {
    prettyErrors: false,
    logLevel: 'silent',
  });
  const place = placeIn(document.contents, scenarioShape, { hasColon, isFlow: false });
  return place === undefined ? undefined : { place, wordStart, column: wordStart - lineStart };
}

type Around = Pick<Extract<ScenarioPlace, { kind: 'key' }>, 'hasColon' | 'isFlow'>;

/** What is said of places inside the mapping or list. */
function within(node: YAMLMap | YAMLSeq, around: Around): Around {
  return node.flow === true ? { ...around, isFlow: true } : around;
}

/** Looks for the word of our own below a node. */
function placeIn(node: unknown, shape: Shape | undefined, around: Around): ScenarioPlace | undefined {
  if (shape === undefined) return undefined;
  if (isMap(node)) return placeInMap(node, shape, within(node, around));
  if (isSeq(node)) {
    const inside = within(node, around);
    const item = shape.kind === 'list' ? shape.of : undefined;
    // `[a: 1]` is a list of a mapping, which the parser gives as a pair.
    return first(node.items, (each) => (isPair(each) ? undefined : placeIn(each, item, inside)));
  }
  return isPlaceholder(node) ? { kind: 'value', shape } : undefined;
}

function placeInMap(node: YAMLMap, shape: Shape, around: Around): ScenarioPlace | undefined {
  const object = objectOf(shape);
  const holder = node.items.find((pair) => isPlaceholder(pair.key));
  if (holder !== undefined) {
    // Nothing but our own word: what is expected may as well be a plain value.
    if (object === undefined) return node.items.length === 1 ? { kind: 'value', shape } : undefined;
    const present = node.items.flatMap((pair) => (pair === holder ? [] : [String(keyOf(pair))]));
    return { kind: 'key', shape: object, present, ...around };
  }
  return first(node.items, (pair) => {
    const key = keyOf(pair);
    const value =
      shape.kind === 'map'
        ? shape.of
        : object !== undefined && key !== undefined && Object.hasOwn(object.fields, key)
          ? object.fields[key]?.shape
          : undefined;
    return placeIn(pair.value, value, around);
  });
}

export function objectOf(shape: Shape): ObjectShape | undefined {
  if (shape.kind === 'object') return shape;
  return shape.kind === 'text-or-object' ? shape.object : undefined;
}

function keyOf({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function isPlaceholder(node: unknown): boolean {
  return isScalar(node) && node.value === placeholder;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The key that an offset stands on, with what is known of it, and the path to it. */
export interface KeyAt {
  readonly path: readonly string[];
  readonly field: ObjectShape['fields'][string];
  readonly start: number;
  readonly end: number;
}

export function keyAt(text: string, offset: number): KeyAt | undefined {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  return keyIn(document.contents, scenarioShape, offset, []);
}

function keyIn(
  node: Node | null,
  shape: Shape | undefined,
  offset: number,
  path: readonly string[],
): KeyAt | undefined {
  if (shape === undefined) return undefined;
  if (isSeq(node) && shape.kind === 'list') {
    return first(node.items, (item) => keyIn(item as Node | null, shape.of, offset, path));
  }
  if (!isMap(node)) return undefined;
  const object = objectOf(shape);
  return first(node.items, (pair) => {
    const key = keyOf(pair) ?? '';
    const field = object !== undefined && Object.hasOwn(object.fields, key) ? object.fields[key] : undefined;
    const [start, end] = (pair.key as Node | null)?.range ?? [0, -1];
    const here = [...path, key];
    if (start <= offset && offset <= end) return field === undefined ? undefined : { path: here, field, start, end };
    return keyIn(pair.value as Node | null, shape.kind === 'map' ? shape.of : field?.shape, offset, here);
  });
}
