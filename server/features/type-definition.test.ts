import assert from 'node:assert/strict';
import test from 'node:test';
import { positionAt } from '../../base/source.ts';
import { analyse, analyseDriver } from './testing.ts';
import { typeDefinition } from './type-definition.ts';

function at(fixture: string, read = analyse): string {
  const { analysis, offset } = read(fixture);
  const found = typeDefinition(analysis, offset);
  return found === undefined ? '' : `${found.file.path}:${positionAt(found.file, found.start).line + 1}`;
}

const types =
  'typedef int number;\nstruct S {\n  number n;\n  struct S *next;\n};\nenum e { one };\ntypedef int (*call)(number);\n';

const cases: readonly (readonly [use: string, expected: string])[] = [
  ['struct S s; int f(void) { return s/*$*/.n; }', 'main.c:2'],
  ['int f(struct S **many) { return many/*$*/[0]->n; }', 'main.c:2'],
  ['int f(struct S *s) { return s->ne/*$*/xt->n; }', 'main.c:2'],
  ['int f(struct S *s) { return s->n/*$*/; }', 'main.c:1'],
  ['struct S *make(void); int f(void) { return ma/*$*/ke()->n; }', 'main.c:2'],
  ['int f(void) { return on/*$*/e; }', 'main.c:6'],
  ['call/*$*/ c;', ''],
  ['call c/*$*/;', 'main.c:7'],
  ['int a/*$*/;', ''],
  ['// /*$*/a', ''],
];

for (const [use, expected] of cases) test(use, () => assert.equal(at(types + use), expected));

test('into bundled headers', () => {
  assert.match(at('void f(PWSK_SOCKET S/*$*/ocket);', analyseDriver), /^wsk-headers:wsk\.h:\d+$/);
  assert.match(at('void f(PWSK_SOCKET Socket) { Socket->Dis/*$*/patch; }', analyseDriver), /^(wsk-headers:|$)/);
  assert.match(
    at('void f(PWSK_PROVIDER_NPI Npi) { Npi->Dispatch->Wsk/*$*/Socket; }', analyseDriver),
    /^wsk-headers:wsk\.h:/,
  );
});
