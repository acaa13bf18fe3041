/**
 * Sets the level of one rule in the text of a `.wsklint.yaml`. In: the text, a rule, a level. Out: one replacement, as
 * small as it can be, so that keys, comments and order stay; undefined where the text is no such file or says it already.
 */
import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { isDeepYaml } from '../../base/yaml-depth.ts';
import type { Level } from './levels.ts';

/** Offsets into the text. */
export interface LevelEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

export function levelEdit(text: string, rule: string, level: Level): LevelEdit | undefined {
  if (isDeepYaml(text)) return undefined;
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  const root = document.contents;
  const eol = /\r\n|\n/.exec(text)?.[0] ?? '\n';
  if (root === null) return appended(text, `rules:${eol}  ${rule}: ${level}`, eol);
  if (!isMap(root)) return undefined;
  const rules = pairOf(root, 'rules');
  const old = isMap(rules?.value) ? pairOf(rules.value, rule) : undefined;
  if (isScalar(old?.value) && (old.value.value === level || (level === 'off' && old.value.value === false))) {
    return undefined;
  }
  const isFlow = root.flow === true || (isMap(rules?.value) && rules.value.flow === true);
  if (isFlow || (rules !== undefined && !isBlockOrNothing(rules.value))) {
    if (rules !== undefined && !isMap(rules.value) && !isNothing(rules.value)) return undefined;
    document.setIn(['rules', rule], level);
    return { start: 0, end: text.length, newText: document.toString({ lineWidth: 0 }).replaceAll('\n', eol) };
  }
  if (rules === undefined) return appended(text, `rules:${eol}  ${rule}: ${level}`, eol);
  if (old !== undefined) return replaced(text, old, level);
  const items = isMap(rules.value) ? rules.value.items : [];
  const last = items.at(-1);
  if (last === undefined) return behindLine(text, endOf(rules), `${eol}  ${rule}: ${level}`);
  const indentation = ' '.repeat(columnOf(text, startOf(items[0] as Pair)));
  return behindLine(text, endOf(last), `${eol}${indentation}${rule}: ${level}`);
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (isScalar(value) && value.value === null);
}

function isBlockOrNothing(value: unknown): boolean {
  return isNothing(value) || (isMap(value) && value.flow !== true);
}

function appended(text: string, lines: string, eol: string): LevelEdit {
  const between = text === '' || text.endsWith('\n') ? '' : eol;
  return { start: text.length, end: text.length, newText: `${between}${lines}${eol}` };
}

function replaced(text: string, pair: Pair, level: Level): LevelEdit {
  const { value } = pair;
  const [start, end] = isScalar(value) && !isNothing(value) ? (value.range ?? [0, 0]) : [0, 0];
  if (end > start) return { start, end, newText: level };
  const colon = text.indexOf(':', keyEnd(pair)) + 1;
  return { start: colon, end: colon, newText: ` ${level}` };
}

/** Behind what else stands on the line, as a comment. */
function behindLine(text: string, offset: number, newText: string): LevelEdit {
  let at = offset;
  while (at < text.length && !/[\r\n]/.test(text[at] ?? '')) at++;
  return { start: at, end: at, newText };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function startOf({ key }: Pair): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0;
}

function keyEnd({ key }: Pair): number {
  return isScalar(key) ? (key.range?.[1] ?? 0) : 0;
}

function endOf(pair: Pair): number {
  const { value } = pair;
  const end = isScalar(value) && !isNothing(value) ? value.range?.[1] : undefined;
  return end ?? keyEnd(pair);
}
