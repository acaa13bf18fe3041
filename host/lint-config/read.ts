/**
 * Reads a `.wsklint.yaml`. In: its text and the rules that there are. Out: what it says, and every problem at its place.
 * What is wrong is left out, so that one mistake hides no other; the rest holds.
 */
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import { nearestName } from '../../base/nearest.ts';
import type { SourceFile, Span } from '../../base/source.ts';
import { isDeepYaml } from '../../base/yaml-depth.ts';
import { firstYamlProblem } from '../../base/yaml-words.ts';
import { type Level, type LintConfigFile, levels, nothingSaid } from './levels.ts';

export interface LintConfigProblem {
  readonly message: string;
  readonly span: Span;
}

export interface LintConfigReading {
  readonly config: LintConfigFile;
  readonly problems: readonly LintConfigProblem[];
}

const keys = ['rules', 'exclude', 'root'];

interface Reading {
  readonly file: SourceFile;
  readonly problems: LintConfigProblem[];
}

export function readLintConfig(file: SourceFile, rules: readonly string[]): LintConfigReading {
  const problems: LintConfigProblem[] = [];
  const reading: Reading = { file, problems };
  if (isDeepYaml(file.text)) {
    problems.push({ message: 'This is nested too deeply.', span: { file, start: 0, end: file.text.length } });
    return { config: nothingSaid, problems };
  }
  const document = parseDocument(file.text, { prettyErrors: false });
  const broken = firstYamlProblem([...document.errors, ...document.warnings], file.text);
  if (broken !== undefined) {
    const { message, start, end } = broken;
    problems.push({ message: `This is no YAML: ${message}`, span: { file, start, end } });
  }
  const root = document.contents;
  if (root === null) return { config: nothingSaid, problems };
  if (!isMap(root)) {
    complain(reading, root, `This must be a mapping with the keys ${keys.join(', ')}.`);
    return { config: nothingSaid, problems };
  }
  let config = nothingSaid;
  for (const pair of root.items) {
    const key = keyOf(pair);
    const value = pair.value as Node | null;
    if (key === '') continue;
    if (key === 'rules') config = { ...config, rules: readRules(reading, value, rules) };
    else if (key === 'exclude') config = { ...config, exclude: readPatterns(reading, pair, value) };
    else if (key === 'root') {
      const isRoot = isScalar(value) && typeof value.value === 'boolean' ? value.value : undefined;
      if (isRoot === undefined) complain(reading, value ?? (pair.key as Node), 'root must be true or false.');
      else config = { ...config, isRoot };
    } else {
      const near = nearestName(key, keys);
      const hint = near === undefined ? `the keys are ${keys.join(', ')}.` : `is ${near} meant?`;
      complain(reading, pair.key as Node, `${key} means nothing here: ${hint}`);
    }
  }
  return { config, problems: problems.sort((a, b) => a.span.start - b.span.start) };
}

function readRules(reading: Reading, node: Node | null, known: readonly string[]): ReadonlyMap<string, Level> {
  const result = new Map<string, Level>();
  if (node === null || (isScalar(node) && node.value === null)) return result;
  if (!isMap(node)) {
    complain(reading, node, 'rules must be a mapping of rules to levels, as `irp-leak: error`.');
    return result;
  }
  for (const item of node.items) {
    const rule = keyOf(item);
    const level = levelOf(item.value as Node | null);
    if (!known.includes(rule)) {
      const near = nearestName(rule, known, Math.max(2, Math.floor(rule.length / 4)));
      const hint = near === undefined ? '`wsk lint --rules` lists them.' : `is ${near} meant?`;
      complain(reading, item.key as Node, `There is no rule ${rule}: ${hint}`);
    } else if (level === undefined) {
      const at = (item.value as Node | null) ?? (item.key as Node);
      complain(reading, at, `The level of ${rule} must be ${levels.slice(0, -1).join(', ')} or ${levels.at(-1)}.`);
    } else result.set(rule, level);
  }
  return result;
}

/** YAML of old reads `off` as false. */
function levelOf(node: Node | null): Level | undefined {
  if (!isScalar(node)) return undefined;
  if (node.value === false) return 'off';
  return levels.find((level) => level === node.value);
}

function readPatterns(reading: Reading, pair: Pair, node: Node | null): readonly string[] {
  if (isScalar(node) && typeof node.value === 'string') return [node.value];
  if (node === null || (isScalar(node) && node.value === null)) return [];
  if (!isSeq(node)) {
    complain(reading, node ?? (pair.key as Node), 'exclude must be a list of patterns, as `- third_party/**`.');
    return [];
  }
  return node.items.flatMap((item): readonly string[] => {
    if (isScalar(item) && typeof item.value === 'string' && item.value.trim() !== '') {
      if (!/^!|\\/.test(item.value)) return [item.value];
      const what = item.value.startsWith('!') ? 'There is no taking back with "!".' : 'Folders are parted by "/".';
      complain(reading, item, `This pattern matches nothing. ${what}`);
      return [];
    }
    complain(reading, (item as Node | null) ?? node, 'A pattern is a text, as "third_party/**".');
    return [];
  });
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function complain({ file, problems }: Reading, node: Node, message: string): void {
  const [start, end] = node.range ?? [0, file.text.length];
  problems.push({ message, span: { file, start, end } });
}
