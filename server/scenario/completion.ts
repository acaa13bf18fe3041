/** What can stand at the cursor of a scenario file: keys with what follows them, and the values of choices and names. */
import { unreachable } from '../../base/assert.ts';
import { runRules } from '../../base/run-rules.ts';
import type { ObjectShape, Shape } from '../../emulator/scenario/shape.ts';
import { describe } from './describe.ts';
import { type Cursor, cursorAt, objectOf } from './place.ts';

/** Names that the shape only gives a kind of. */
export interface ScenarioNames {
  readonly functions: readonly string[];
  readonly statuses: readonly string[];
}

export interface ScenarioItem {
  readonly label: string;
  readonly kind: 'key' | 'value';
  /** One line beside the label. */
  readonly detail: string;
  readonly note: string;
  /** Replaces the word under the cursor. A new line in it has its whole indentation. */
  readonly newText: string;
}

export interface ScenarioCompletion {
  /** Offset of the text that the items replace, up to the cursor. */
  readonly wordStart: number;
  readonly items: readonly ScenarioItem[];
}

export function completeScenario(text: string, offset: number, names: ScenarioNames): ScenarioCompletion {
  const cursor = cursorAt(text, offset);
  if (cursor === undefined) return { wordStart: offset, items: [] };
  const { place, wordStart } = cursor;
  const items = place.kind === 'key' ? keyItems(place, cursor) : valueItems(place.shape, names);
  return { wordStart, items };
}

function keyItems(place: Extract<Cursor['place'], { kind: 'key' }>, cursor: Cursor): readonly ScenarioItem[] {
  const { shape, present, hasColon, isFlow } = place;
  const isDecided = shape.exactlyOne?.some((key) => present.includes(key)) === true;
  return Object.entries(shape.fields).flatMap(([key, field]) => {
    const isOut = present.includes(key) || (isDecided && shape.exactlyOne?.includes(key) === true);
    if (isOut) return [];
    const tail = hasColon ? '' : isFlow ? ': ' : tailOf(field.shape, cursor.column);
    const detail = isWanted(shape, key, isDecided) ? `${describe(field.shape)}, needed` : describe(field.shape);
    return [{ label: key, kind: 'key' as const, detail, note: field.about, newText: key + tail }];
  });
}

function isWanted(shape: ObjectShape, key: string, isDecided: boolean): boolean {
  return shape.fields[key]?.isRequired === true || (!isDecided && shape.exactlyOne?.includes(key) === true);
}

/** What follows a key: a value on the line, or the first place of the block below it. */
function tailOf(shape: Shape, column: number): string {
  const block = `\n${' '.repeat(column + 2)}`;
  if (shape.kind === 'object' || shape.kind === 'map') return `:${block}`;
  if (shape.kind === 'list') return `:${block}- `;
  return ': ';
}

function valueItems(shape: Shape, names: ScenarioNames): readonly ScenarioItem[] {
  const value = (label: string, detail: string): ScenarioItem => ({
    label,
    kind: 'value',
    detail,
    note: '',
    newText: label,
  });
  switch (shape.kind) {
    case 'choice':
      return shape.values.map((each) => value(each, ''));
    case 'boolean':
      return ['true', 'false'].map((each) => value(each, ''));
    case 'text': {
      if (shape.names === undefined || shape.names === 'file') return [];
      const known = { function: names.functions, status: names.statuses, rule: runRules };
      return known[shape.names].map((each) => value(each, shape.names ?? ''));
    }
    case 'text-or-object': {
      // In braces, since the value may be written on the line of its key.
      const alternatives = objectOf(shape)?.exactlyOne ?? [];
      return alternatives.map((key) => ({
        label: `{ ${key}: … }`,
        kind: 'value',
        detail: '',
        note: shape.object.fields[key]?.about ?? '',
        newText: `{ ${key}: `,
      }));
    }
    case 'number':
    case 'list':
    case 'map':
    case 'object':
      return [];
    default:
      return unreachable(shape);
  }
}
