/**
 * Headers against tables, both ways: every function in a table is declared (or is one of the kernel's own entries), and
 * what is declared but not emulated stands in a golden file, so that a change shows in review.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { apis } from './api-tables.ts';
import { root, testCatalog } from './fixtures/run-driver.ts';
import { headersUnit } from './headers-unit.ts';
import { libraryFiles } from './library.ts';

const golden = `${root}/emulator/kernel/fixtures/not-emulated.txt`;
const namesFile = `${root}/emulator/kernel/declared-functions.ts`;
/** Natives that drivers can't name. */
const internal = [
  'KiRunContext',
  'ExpWorkerThread',
  'IopInvalidDeviceRequest',
  'IopForwardCompletion',
  'IopRunCaller',
  'IopRunPnp',
  'IopAnswerRequest',
  'IopCancelAnswer',
  'IopReinitialize',
  'KiCheckCaller',
  'NmrpAddProvider',
  'PspCreateProcess',
  'PspSystemThreadStartup',
];
const inLibrary = new Set(Object.values(libraryFiles).flat());
/** Functions that belong to other parts of the emulator. */
const elsewhere = /^(Wsk|__va_start)/;

function declaredFunctions(): string[] {
  const unit = headersUnit(testCatalog());
  const names = [...unit.symbols.values()].flatMap((symbol) =>
    symbol.kind === 'function' && symbol.definition === undefined ? [symbol.name] : [],
  );
  return [...new Set(names)].sort();
}

test('every emulated function is declared in a bundled header', () => {
  const declared = new Set(declaredFunctions());
  assert.ok(declared.size > 300, `only ${declared.size} functions are declared`);
  const unknown = Object.keys(apis).filter((name) => !declared.has(name) && !internal.includes(name));
  assert.deepEqual(unknown, []);
});

test('the declared functions that are not emulated are the known ones', () => {
  const missing = declaredFunctions().filter(
    (name) => !(name in apis) && !inLibrary.has(name) && !elsewhere.test(name),
  );
  const text = `${missing.join('\n')}\n`;
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, text);
  assert.equal(text, readFileSync(golden, 'utf8'));
});

test('declared-functions.ts names the functions that the headers declare', () => {
  const text = declaredFunctionsText(declaredFunctions().filter((name) => !elsewhere.test(name)));
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(namesFile, text);
  assert.equal(text, readFileSync(namesFile, 'utf8'));
});

function declaredFunctionsText(names: readonly string[]): string {
  const lines = names.map((name) => `  | '${name}'`).join('\n');
  return `/**
 * Names of the functions that the bundled headers declare and that the kernel may emulate. Made from the headers by
 * \`UPDATE_GOLDEN=1 node scripts/run-tests.mjs emulator/kernel/api-coverage.test.ts\`; a test compares. A table with a
 * name that is not here does not compile.
 */
export type DeclaredFunction =
${lines};
`;
}
