/**
 * Text that others wrote: the code blocks of the documentation, which do not compile as they stand, and Microsoft's
 * WSK echo sample, both read in place; and our own headers and samples.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { dumpStatement } from '../testing/dump.ts';
import type { IncludeResult, ParseOptions } from '../unit.ts';
import { functionNamed, ownDeclarations, parse, shownProblems } from './testing.ts';

const root = process.env.WSK_ROOT ?? '.';
const corpus = join(root, '../shared/docs-corpus');
const files = new Map<string, SourceFile>();

const include: ParseOptions['include'] = ({ name }): IncludeResult => {
  const path = join(root, 'catalog/headers', name);
  let file = files.get(path);
  if (file === undefined) {
    if (!existsSync(path)) return { kind: 'missing', searched: [path] };
    file = sourceFile(path, readFileSync(path, 'utf8'));
    files.set(path, file);
  }
  return { kind: 'found', file, isSystem: true };
};

const headers = '#include <ntddk.h>\n#include <wsk.h>\n';

/** The C blocks of a page. */
function blocks(path: string): string[] {
  const page = readFileSync(path, 'utf8');
  return [...page.matchAll(/^```(?:C\+\+|c\+\+|cpp|C|c)\s*\n(.*?)^```/gms)].map((match) => match[1] ?? '');
}

function seed(number: string): string {
  const folder = join(corpus, 'seeds');
  return join(folder, readdirSync(folder).find((name) => name.startsWith(number)) ?? '');
}

test('the guide "Creating Sockets": what was left out costs itself, the rest is read', (t) => {
  if (!existsSync(corpus)) return t.skip('../shared/docs-corpus is not beside the checkout');
  const unit = parse(headers + blocks(seed('002'))[0], include);
  assert.deepEqual(
    unit.problems.map((problem) => problem.code),
    ['elided-code', 'trailing-comma', 'elided-code', 'elided-code', 'elided-code', 'elided-code'],
  );
  assert.deepEqual(
    unit.records.get('_WSK_APP_SOCKET_CONTEXT')?.fields?.map((field) => field.name),
    ['Socket'],
  );
  assert.equal(functionNamed(unit, 'CreateListeningSocket').body.items.length, 7);
  assert.equal(
    dumpStatement(functionNamed(unit, 'CreateListeningSocketComplete').body),
    '{ (cast void DeviceObject); [PWSK_APP_SOCKET_CONTEXT SocketContext]; ' +
      'if (== (. (-> Irp IoStatus@48) Status@0) (cast NTSTATUS 0:long)) { ' +
      '(= SocketContext (cast PWSK_APP_SOCKET_CONTEXT Context)); ' +
      '(= (-> SocketContext Socket@0) (cast PWSK_SOCKET (. (-> Irp IoStatus@48) Information@8))); ' +
      '<error>; <error>; <error>; } else { <error>; } (call (decay IoFreeIrp) Irp); ' +
      'return (cast NTSTATUS 3221225494:unsigned long); }',
  );
});

test('the guide "Performing Control Operations on a Socket": both blocks are read to their end', (t) => {
  if (!existsSync(corpus)) return t.skip('../shared/docs-corpus is not beside the checkout');
  const [first = '', second = ''] = blocks(seed('004'));
  for (const [block, name] of [
    [first, 'SetExclusiveAddrUse'],
    [second, 'SetRemoteAddress'],
  ] as const) {
    const unit = parse(headers + block, include);
    assert.ok(
      unit.problems.every((problem) => problem.code === 'elided-code'),
      shownProblems(unit),
    );
    const { items } = functionNamed(unit, name).body;
    assert.equal(items[items.length - 1]?.kind, 'return');
    assert.equal(functionNamed(unit, 'ControlSocketComplete').body.items.at(-1)?.kind, 'return');
  }
});

test('every block of the network guides: each function is found, and nothing stops the reading', (t) => {
  const folder = join(corpus, 'conceptual/network');
  if (!existsSync(folder)) return t.skip('../shared/docs-corpus is not beside the checkout');
  let count = 0;
  for (const name of readdirSync(folder).sort()) {
    for (const block of blocks(join(folder, name))) {
      count++;
      const unit = parse(headers + block, include);
      // A definition as the guides lay it out: a line that ends in a name and `(`, and `{` in column 0.
      const bodies = block.match(/^\{/gm)?.length ?? 0;
      const structs = block.match(/(?:struct\s+\w*|=)\s*\n\{/g)?.length ?? 0;
      const found = ownDeclarations(unit).filter((node) => node.kind === 'function-definition').length;
      assert.equal(found, bodies - structs, `${name}\n${shownProblems(unit)}`);
      const lost = ownDeclarations(unit).filter((node) => node.kind === 'error-declaration').length;
      assert.equal(lost, 0, `${name}\n${shownProblems(unit)}`);
    }
  }
  assert.ok(count >= 30, `${count} blocks`);
});

test("Microsoft's WSK echo sample has no problem", (t) => {
  const path = process.env.WSK_ECHO_SAMPLE;
  if (path === undefined || !existsSync(path)) return t.skip('WSK_ECHO_SAMPLE names no copy of wsksmple.c');
  const unit = parse(readFileSync(path, 'utf8'), include);
  assert.equal(shownProblems(unit), '');
  assert.equal(ownDeclarations(unit).filter((node) => node.kind === 'function-definition').length, 22);
});

test('our own headers and samples have no problem', () => {
  const folder = join(root, 'catalog/headers');
  const all = readdirSync(folder).filter((name) => name.endsWith('.h'));
  assert.ok(all.length > 10, 'headers are there');
  assert.equal(shownProblems(parse(headers + all.map((name) => `#include <${name}>\n`).join(''), include)), '');
  const samples = readdirSync(join(root, 'samples'), { recursive: true, encoding: 'utf8' });
  for (const name of samples.filter((path) => path.endsWith('.c'))) {
    assert.equal(shownProblems(parse(readFileSync(join(root, 'samples', name), 'utf8'), include)), '', name);
  }
});

test('an unfinished condition is an error in its own line', () => {
  const text = '#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r){ if ( }\n';
  assert.equal(shownProblems(parse(text, include)), '2:65 error expected-expression');
});
