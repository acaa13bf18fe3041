import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../base/assert.ts';
import { functionNamed, parse } from '../../cfront/parse/testing.ts';
import { isLinked } from '../machine/run/machine.ts';
import { program } from '../machine/testing.ts';
import { clientOf } from '../net/testing.ts';
import { isOfProgram } from './of-program.ts';

const unit = parse('struct S { int a; }; enum E { One }; int f(struct S *s) { return s->a; }\n');
const main = functionNamed(unit, 'f');
const linked = program('i32 g(i32 a) { return a; } i32 f(void) { return g(1); }');
assert.ok(isLinked(linked));
const { codeSymbols, calls } = linked;

const ofProgram: readonly (readonly [string, object | undefined])[] = [
  ['a file', unit.file],
  ['a place', main.body.first],
  ['a type', main.symbol.type],
  ['a record', unit.records.get('S')],
  ['an enumeration', unit.enums.get('E')],
  ['a symbol', main.symbol],
  ['a unit', unit],
  ['a routine', codeSymbols.find(({ routine }) => routine !== undefined)?.routine],
  ['a call', calls[0]],
  ['a script of a peer', clientOf([])],
];

for (const [name, value] of ofProgram)
  test(`${name} is of the program`, () => assert.ok(isOfProgram(defined(value, name))));

const ofState: readonly object[] = [
  {},
  [],
  new Map(),
  { signature: 1 },
  { role: 'peer', steps: 2 },
  { start: 0, end: 8 },
  { file: 1, start: 0 },
  { declarations: [] },
  { isConst: true },
];

for (const value of ofState) test(`{${Object.keys(value).join()}} is state`, () => assert.ok(!isOfProgram(value)));
