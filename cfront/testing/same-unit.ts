/**
 * For tests only: whether two translation units say the same, as `unitText` tells it, without writing the texts. Both
 * are walked in step, and what is one object in one of them must be one object in the other.
 *
 * The walk ends: a numbered object is gone into once, a value with another once unless its fields differ.
 */
import assert from 'node:assert/strict';
import type { TranslationUnit } from '../unit.ts';
import { isFile, isMap, isNumbered, isTokenOrMacro, unitText } from './unit-text.ts';

export function assertSameUnit(actual: TranslationUnit, expected: TranslationUnit, title: string): void {
  if (areSame(actual, expected)) return;
  const [one, other] = [unitText(actual).split('\n'), unitText(expected).split('\n')];
  const at = one.findIndex((line, i) => line !== other[i]);
  // The first line that differs is enough: the texts have some megabytes.
  assert.equal(one[at], other[at], title);
  assert.fail(`${title}: the units differ`);
}

function areSame(a: TranslationUnit, b: TranslationUnit): boolean {
  const partners = new Map<object, object>();
  const taken = new Set<object>();
  const pending: [object, object][] = [];
  /** Values that were found the same; they stay so, because partners never change. */
  const equal = new Map<object, object>();

  const same = (x: unknown, y: unknown): boolean => {
    if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return Object.is(x, y);
    if (isFile(x) || isFile(y)) {
      return isFile(x) && isFile(y) && x.path === y.path && (x === a.file) === (y === b.file);
    }
    if (isTokenOrMacro(x) && x === y) return true;
    if (isNumbered(x) && !isTokenOrMacro(x)) {
      const partner = partners.get(x);
      if (partner !== undefined || taken.has(y)) return partner === y;
      partners.set(x, y);
      taken.add(y);
      pending.push([x, y]);
      return true;
    }
    if (equal.get(x) === y) return true;
    if (!sameContents(x, y)) return false;
    equal.set(x, y);
    return true;
  };

  const sameContents = (x: object, y: object): boolean => {
    if (Array.isArray(x)) return Array.isArray(y) && x.length === y.length && x.every((item, i) => same(item, y[i]));
    if (isMap(x)) return isMap(y) && same([...x], [...y]);
    // What both have is compared by name, whatever it is.
    const [fields, others] = [x, y] as [Record<string, unknown>, Record<string, unknown>];
    const isThere = (of: Record<string, unknown>) => (name: string) => of[name] !== undefined;
    const names = Object.keys(x).filter(isThere(fields));
    const count = Object.keys(y).filter(isThere(others)).length;
    return count === names.length && names.every((name) => same(fields[name], others[name]));
  };

  const contents = (unit: TranslationUnit): object => {
    const { file: _, isSystemFile, whole, ...rest } = unit;
    const systemFiles = rest.includes.flatMap(({ file }) =>
      file !== undefined && isSystemFile(file) ? file.path : [],
    );
    return { ...rest, ...whole(), systemFiles };
  };
  if (!same(contents(a), contents(b))) return false;
  /* The list grows while it is gone through. */
  for (const [x, y] of pending) if (!sameContents(x, y)) return false;
  return true;
}
