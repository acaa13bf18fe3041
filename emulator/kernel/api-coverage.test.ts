/**
 * Headers against tables, both ways: every function in a table is declared (or is one of the kernel's own entries), and
 * what is declared but not emulated stands in a golden file, so that a change shows in review.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { catalog, root } from '../../catalog/testing/reading.ts';
import { apis } from './api-tables.ts';
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
  'IopTellInterface',
  'KiCheckCaller',
  'KiEntryRemoved',
  'KiListChanged',
  'KiListMade',
  'KiCheckToken',
  'NmrpAddProvider',
  'PspCreateProcess',
  'PspSystemThreadStartup',
];
/** Why what is declared is not emulated: such a call stops the run and names itself. */
const reasons: readonly { readonly names: RegExp; readonly why: string }[] = [
  {
    names: /^(__(add|inc|read|write)gs|__(read|write)(cr|dr)\d?|__write(msr|eflags)$|__readpmc$|_(dis|en)able$)/,
    why: 'registers of a processor that the machine does not have',
  },
  { names: /^__(halt|int2c|invlpg|[ls]idt|segmentlimit|wbinvd)$/, why: 'instructions of an operating system alone' },
  { names: /^(IoWMI|Wmi)/, why: 'nobody collects WMI data' },
  { names: /^Io(Raise|SetHardError)/, why: 'nobody answers a message box' },
  {
    names: /^(Io(Invalidate|RequestDevice|ReportTarget|OpenDeviceInterface|GetDma|VolumeDevice)|PoRegister)/,
    why: 'the PnP and power managers start and remove devices, and ask nothing in between',
  },
  { names: /^(raise|signal)$/, why: 'for programs, which get no signals here' },
];
const inLibrary = new Set(Object.values(libraryFiles).flat());
/** Functions that belong to other parts of the emulator. */
const elsewhere = /^(Wsk|__va_start|GetBestRoute2$|NotifyRouteChange2$|CancelMibChangeNotify2$)/;

function declaredFunctions(): string[] {
  const unit = headersUnit(catalog);
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
  assert.deepEqual(
    missing.filter((name) => !reasons.some(({ names }) => names.test(name))),
    [],
    'each has a reason',
  );
  assert.deepEqual(
    reasons.filter(({ names }) => !missing.some((name) => names.test(name))),
    [],
    'each reason has a function',
  );
});

const facts = `${root}/../shared/facts`;
const noFacts = existsSync(facts) ? false : '../shared/facts is not beside the checkout';

test('what drivers of the field use is emulated', { skip: noFacts }, () => {
  const frequency = readFileSync(`${facts}/driver-api-frequency.md`, 'utf8');
  const rows = [...frequency.matchAll(/^\| \d+ \| (?:\(socket\)->)?(\w+) \| (\d+) \|/gm)];
  const usedByThree = rows.filter(([, , drivers]) => Number(drivers) >= 3).map(([, name = '']) => name);
  const drivers = readFileSync(`${facts}/real-drivers.md`, 'utf8');
  const surface = drivers.slice(drivers.indexOf('### 3.1'), drivers.indexOf('## 4.')).match(/\w+/g) ?? [];
  assert.ok(usedByThree.length > 100 && surface.length > 200, 'the lists were read');
  const missing = new Set(readFileSync(golden, 'utf8').split('\n'));
  assert.deepEqual(
    [...usedByThree, ...surface].filter((name) => missing.has(name)),
    [],
  );
  assert.deepEqual(
    [...usedByThree, ...apisOf(surface)].filter((name) => !isKnown(name)),
    [],
    'each is a function that is emulated, or what the headers define',
  );
});

/** Names of 3.1 and 3.2 that look like functions of Windows; prose has none of that shape. */
function apisOf(words: readonly string[]): string[] {
  return words.filter(
    (word) => /^(BCrypt|Ex|Io|Ke|Mm|Ob|Ps|Rtl|Zw|Wsk|Get|Notify)[A-Z]\w*[a-z0-9]\w*$/.test(word) && !parts.has(word),
  );
}

/** Beginnings of names whose ends stand in braces. */
const parts = new Set(['ExAcquireSpinLock', 'KeEnter', 'KeInitialize']);
const ofWpp = /^WPP_(DEFINE_(BIT|CONTROL_GUID)|CONTROL)$/;

function isKnown(name: string): boolean {
  const symbol = headersUnit(catalog).symbols.get(name);
  if (name in apis || inLibrary.has(name) || (symbol?.kind === 'function' && symbol.definition !== undefined))
    return true;
  if (elsewhere.test(name) || ofWpp.test(name)) return true;
  return allHeaders.some((text) => new RegExp(`#\\s*define\\s+${name}\\b`).test(text));
}

const allHeaders = readdirSync(`${root}/catalog/headers`).map((name) =>
  readFileSync(`${root}/catalog/headers/${name}`, 'utf8'),
);

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
