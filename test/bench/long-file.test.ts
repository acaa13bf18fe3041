/**
 * What a key costs in a long file beside a short one, in calls of our functions: each other function of the file may add
 * so many, and the more of them there are, no more than that. A rule that goes through all functions once adds a few for
 * each; one that does so for each record, or for each function, adds more the longer the file is.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { catalog, withHeaders } from '../../catalog/testing/reading.ts';
import { createReader } from '../../cfront/typing/reader.ts';
import { createLinter } from '../../server/lint/typing/linter.ts';
import { callsOf } from '../support/effort.ts';
import { generatedDriver } from './generated-driver.ts';

/**
 * Calls that a key may make for each function in which nobody types: some 430 of them move its tokens' places, two or
 * three are made by each rule that looks at a driver as a whole.
 */
const MAX_CALLS_A_FUNCTION = 750;
/** How many times as much each of the second half's functions may add as each of the first's. */
const MAX_BEND = 1.05;
/** Where it is typed; in the middle of the file. */
const PLACE = 'channel->Failed++;';
const typed = 'KeQueryTickCount(&channel->Ticks);\n';
/** The keys that count, by their places. */
const counted = { 'a letter of a name': 6, 'the end of a statement': typed.length - 2, 'a new line': typed.length - 1 };

test('a key takes as much for each other function, however many there are', () => {
  const [short, middle, long] = [600, 1200, 2400].map((lines) => keysIn(generatedDriver(lines))) as [Keys, Keys, Keys];
  for (const [name, at] of Object.entries(counted)) {
    const first = perFunction(short, middle, at);
    const second = perFunction(middle, long, at);
    const most = `${Math.round(second)} calls for each function; of these ${growth(middle, long, at)}`;
    assert.ok(second <= MAX_CALLS_A_FUNCTION, `${name}: ${most}`);
    assert.ok(second <= first * MAX_BEND, `${name}: ${Math.round(first)} where there are fewer, ${most}`);
  }
});

/** What each key that counts called. */
interface Keys {
  readonly functions: number;
  readonly calls: ReadonlyMap<number, ReadonlyMap<string, number>>;
}

/** Types into a driver that has been read and linted, and has it read and linted after each key. */
function keysIn(driver: string): Keys {
  const linter = createLinter(catalog);
  const reader = createReader();
  let text = driver;
  let functions = 0;
  const lint = (): void => {
    const file = sourceFile('driver.c', text);
    linter.expect(file);
    const unit = reader.read(file, withHeaders);
    linter.lint(unit);
    functions = unit.functions.length;
  };
  lint();
  const calls = new Map<number, ReadonlyMap<string, number>>();
  const start = text.indexOf(PLACE, text.length / 2) + PLACE.length;
  for (let at = 0; at < typed.length; at++) {
    text = text.slice(0, start + at) + typed.charAt(at) + text.slice(start + at);
    if (Object.values(counted).includes(at)) calls.set(at, callsOf(lint));
    else lint();
  }
  return { functions, calls };
}

function perFunction(fewer: Keys, more: Keys, at: number): number {
  return (sum(more, at) - sum(fewer, at)) / (more.functions - fewer.functions);
}

function sum({ calls }: Keys, at: number): number {
  let all = 0;
  for (const count of calls.get(at)?.values() ?? []) all += count;
  return all;
}

/** The functions that are called more often with more others, most first. */
function growth(fewer: Keys, more: Keys, at: number): string {
  const added = more.functions - fewer.functions;
  return [...(more.calls.get(at) ?? [])]
    .map(([name, count]) => ({ name, grown: (count - (fewer.calls.get(at)?.get(name) ?? 0)) / added }))
    .sort((a, b) => b.grown - a.grown)
    .slice(0, 8)
    .map(({ name, grown }) => `${grown.toFixed(1)} of ${name}`)
    .join(', ');
}
