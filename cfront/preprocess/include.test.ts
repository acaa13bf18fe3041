/** `#include`: what is found, what is skipped, and what is said of missing and endless headers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import type { IncludeRequest } from '../unit.ts';
import { preprocess } from './preprocess.ts';
import { printed, read, type Setup, shownPlace, shownProblem } from './testing.ts';

function check(text: string, headers: Setup['headers'], expected: string, problems: readonly string[] = []): void {
  const { result } = read(text, { headers: headers ?? {} });
  assert.equal(printed(result.tokens), expected, text);
  assert.deepEqual(result.problems.map(shownProblem), problems, text);
}

test('headers are read in place', () => {
  check('a\n#include "x.h"\nb', { 'x.h': 'X' }, 'a X b');
  check('#include <dir\\x.h>\n#include "dir/y.h" // why', { 'dir\\x.h': 'X', 'dir/y.h': 'Y' }, 'X Y');
  check("#include <it's.h>\n", { "it's.h": 'X' }, 'X');
  check('#define H <x.h>\n#define Q "y.h"\n#include H\n#include Q', { 'x.h': 'X', 'y.h': 'Y' }, 'X Y');
  check('#define N(x) <x.h>\n#include N(a)', { 'a.h': 'A' }, 'A');
  check('#include "x.h"\nA', { 'x.h': '#include "y.h"\n', 'y.h': '#define A 1' }, '1');
});

test('the request says how and from where', () => {
  const asked: IncludeRequest[] = [];
  const header = sourceFile('x.h', '#include "y.h"');
  const main = sourceFile('main.c', '#include <x.h>\n');
  preprocess(main, {
    include: (request) => {
      asked.push(request);
      return request.name === 'x.h'
        ? { kind: 'found', file: header, isSystem: false }
        : { kind: 'missing', searched: [] };
    },
  });
  assert.deepEqual(asked, [
    { name: 'x.h', form: 'angled', from: main },
    { name: 'y.h', form: 'quoted', from: header, openers: ['main.c'] },
  ]);
});

test('guards and #pragma once', () => {
  const guarded = '#ifndef X_H\n#define X_H\nX\n#endif\n';
  check('#include "x.h"\n#include "x.h"\n', { 'x.h': guarded }, 'X');
  check('#include "x.h"\n#undef X_H\n#include "x.h"\n', { 'x.h': guarded }, 'X X');
  check('#include "x.h"\n#include "x.h"\n', { 'x.h': '#if !defined(X_H)\n#define X_H\nX\n#endif' }, 'X');
  check('#include "x.h"\n#include "x.h"\n', { 'x.h': '// c\n#pragma once\nX' }, 'X');
  check('#include "x.h"\n#include "x.h"\n', { 'x.h': `${guarded}Y` }, 'X Y Y');
  check('#define A\n#include "x.h"\n#include "x.h"\n', { 'x.h': '#ifndef A\nX\n#else\nY\n#endif' }, 'Y Y');
  check('#include "x.h"\n#include "x.h"\n', { 'x.h': '#ifdef A\nY\n#endif\n#define A' }, 'Y');
});

test('one problem for each missing header, and the rest is read', () => {
  check('#include <no.h>\na\n#include "no.h"\n#include "x.h"\n', { 'x.h': '#include "other.h"\nX' }, 'a X', [
    '1:10 "<no.h>" include-not-found',
    'x.h 1:10 "\\"other.h\\"" include-not-found',
  ]);
  const { result } = read('#include <no.h>');
  assert.match(result.problems[0]?.message ?? '', /no\.h.*here, there.*wsk\.includePath.*-I/);
});

test('what a missing header is', () => {
  const message = (name: string): string => read(`#include <${name}>`).result.problems[0]?.message ?? '';
  assert.match(message('ndis.h'), /^The names of 'ndis.h' are not known here, .* this header of the WDK\./);
  for (const name of ['ddk/fltKernel.h', 'ude/1.0/UdeCx.h', 'wudfwdm.h']) assert.match(message(name), /of the WDK/);
  assert.match(message('afxwin.h'), /user mode/);
  assert.match(message('windows.h'), /user mode/);
  assert.match(message('stdatomic.h'), /a WDK build has no such header\..* Use the Interlocked functions/);
  assert.match(message('mine.h'), /^The header 'mine.h' was not found\. It was looked for in here, there and among/);
});

test('a name that is nearly that of a header', () => {
  const read = (name: string): readonly [string, string | undefined] => {
    const { problems } = preprocess(sourceFile('main.c', `#include <${name}>`), {
      include: () => ({ kind: 'missing', searched: [] }),
      headerNames: ['ntddk.h', 'wsk.h', 'ntstrsafe.h'],
    });
    return [problems[0]?.code ?? '', problems[0]?.fix?.title];
  };
  const isNear = (name: string, near: string): void =>
    assert.deepEqual(read(name), ['include-not-found', `Replace by <${near}>`]);
  const isNone = (name: string): void => assert.deepEqual(read(name), ['include-not-found', undefined]);
  isNear('ntdk.h', 'ntddk.h');
  isNear('wks.h', 'wsk.h');
  isNear('ntsrtsafe.h', 'ntstrsafe.h');
  isNear('fltkernal.h', 'fltkernel.h');
  isNone('ntdll.h');
  isNone('mine.h');
  isNone('common/ntdk.h');
  isNone('constructor');
});

test('a missing header is reported once, however it is written', () => {
  check('#include <Dir/No.h>\n#include "dir\\no.h"\na', {}, 'a', ['1:10 "<Dir/No.h>" include-not-found']);
});

test('what is no include', () => {
  check('#include\n#include 3\n#include <x.h\n#include ""\n#include_next <x.h>\na', {}, 'a', [
    '1:2 "include" bad-include',
    '2:10 "3" bad-include',
    '3:10 "<x.h" bad-include',
    '4:10 "\\"\\"" bad-include',
    '5:1 "#include_next" bad-include',
  ]);
  check('#import "x.h"\n#using <x>\n#ident "v"', {}, '', ['1:1 "#import" bad-include', '2:1 "#using" bad-include']);
});

test('headers inside the arguments of a macro', () => {
  check('#define F(x) [x]\nF(a\n#include "x.h"\nb) c', { 'x.h': 'X\nY' }, '[a X Y b] c');
  check('#define F(x,y) [x|y]\nF(\n#include "x.h"\n,\n#include "x.h"\n) c', { 'x.h': 'X' }, '[X|X] c');
  check('#define F(x) [x]\nF(a\n#include "x.h"\nc', { 'x.h': 'X) Y\n#define Z 1\nZ' }, '[a X] Y 1 c');
  check('#define F(x) [x]\nF(a\n#include "x.h"\nb', { 'x.h': '#pragma once\nX' }, 'F(a X b', [
    '2:1 "F" macro-call-unclosed',
  ]);
  check('#define F(x) [x]\nF(a\n#include <no.h>\n) b', {}, '[a] b', ['3:10 "<no.h>" include-not-found']);
});

test('trace headers are answered by the bundled stub', () => {
  const stub = { 'wsk_tmh_stub.h': 'STUB' };
  check('#include "driver.tmh"\na', stub, 'STUB a');
  check('#include "driver.tmh"\na', { ...stub, 'driver.tmh': 'REAL' }, 'REAL a');
  check('#include "driver.tmh"\na', {}, 'a', ['1:10 "\\"driver.tmh\\"" trace-header']);
});

test('the driver names its trace functions in a comment that WPP reads', () => {
  const config = [
    '// begin_wpp config',
    '// FUNC Info{LEVEL=TRACE_LEVEL_INFORMATION}(FLAGS, MSG, ...);',
    '// FUNC Log(LEVEL,FLAGS,MSG,...);',
    '// USEPREFIX(Enter, "%!FUNC!");',
    '// FUNC Enter{LEVEL=TRACE_LEVEL_VERBOSE}(FLAGS);',
    '// FUNC RETURN_IF{FLAG=F}(NTSTATUS, CONDITION);',
    '// FUNC TraceEvents(LEVEL, FLAGS, MSG, ...);',
    '// end_wpp',
    '// FUNC Outside(MSG, ...);',
  ].join('\n');
  const headers = { 'wsk_tmh_stub.h': '', 'trace.h': config };
  const calls = 'Info(A | B, "x %d", 1); Log(L, F, "y"); Enter(F); RETURN_IF(s, c); TraceEvents(L); Outside("z");';
  const expected =
    '__wsk_trace("x %d", 1); __wsk_trace("y"); ((void)0); RETURN_IF(s, c); TraceEvents(L); Outside("z");';
  check(`#include "trace.h"\n#include "main.tmh"\n${calls}`, headers, expected);
  check(`#include "trace.h"\n${calls}`, headers, calls);
  check(`#include "trace.h"\n#define Info(...) mine\n#include "main.tmh"\nInfo(1);`, headers, 'mine;');
  check(`#include "trace.h"\n#include "main.tmh"\nInfo(1, "a");`, { ...headers, 'main.tmh': '' }, 'Info(1, "a");');
});

test('headers that include themselves end with one problem', () => {
  const { result } = read('#include "a.h"\nend', {
    headers: { 'a.h': '#include "b.h"\n#include "b.h"\n', 'b.h': '#include "a.h"\n#include "a.h"' },
  });
  assert.equal(printed(result.tokens), 'end');
  assert.equal(result.problems.length, 1);
  assert.equal(result.problems[0]?.code, 'include-too-deep');
  assert.match(result.problems[0]?.message ?? '', /includes itself/);
});

test('doubling headers without guards end', () => {
  const headers: Record<string, string> = {};
  for (let i = 0; i < 100; i++)
    headers[`h${i}.h`] = `int x${i};${' y'.repeat(200)}\n#include "h${i + 1}.h"\n#include "h${i + 1}.h"\n`;
  headers['h100.h'] = 'z';
  const { result } = read('#include "h0.h"\n', { headers });
  assert.ok(result.problems.some(({ code }) => code === 'unit-too-long'));
});

test('what is known about includes and files', () => {
  const { result, main } = read('#include "x.h"\n#include <sys/s.h>\n#include "no.h"\n#include "x.h"\n', {
    headers: { 'x.h': '#pragma once\n#include <sys/s.h>', 'sys/s.h': '#ifndef S\n#define S\n#endif' },
  });
  const shown = result.includes.map(({ span, name, form, file, isDirect }) => [
    shownPlace(span),
    name,
    form,
    file?.path,
    isDirect,
  ]);
  assert.deepEqual(shown, [
    ['1:10 "\\"x.h\\""', 'x.h', 'quoted', 'x.h', true],
    ['x.h 2:10 "<sys/s.h>"', 'sys/s.h', 'angled', 'sys/s.h', false],
    ['2:10 "<sys/s.h>"', 'sys/s.h', 'angled', 'sys/s.h', true],
    ['3:10 "\\"no.h\\""', 'no.h', 'quoted', undefined, true],
    ['4:10 "\\"x.h\\""', 'x.h', 'quoted', 'x.h', true],
  ]);
  assert.deepEqual(
    result.files.map(({ path }) => path),
    ['main.c', 'x.h', 'sys/s.h'],
  );
  assert.deepEqual(result.files.map(result.isSystemFile), [false, false, true]);
  assert.equal(result.isSystemFile(main), false);
});

test('headers that the command line names are read first, in their order', () => {
  const files = new Map(['a.h', 'b.h'].map((name) => [name, sourceFile(name, `${name[0]} ONE TWO\n`)]));
  files.set('one.h', sourceFile('one.h', '#define ONE 1\n#include "two.h"\n'));
  files.set('two.h', sourceFile('two.h', '#pragma once\n#define TWO 2\n'));
  const { tokens, problems, includes } = preprocess(sourceFile('main.c', '#include "two.h"\nmain ONE'), {
    include: ({ name }) => {
      const file = files.get(name);
      return file === undefined ? { kind: 'missing', searched: ['here'] } : { kind: 'found', file, isSystem: false };
    },
    forcedIncludes: ['a.h', 'one.h', 'b.h', 'gone.h'],
  });
  assert.equal(printed(tokens), 'a ONE TWO b 1 2 main 1');
  assert.deepEqual(problems.map(shownProblem), ['1:1 "" include-not-found']);
  assert.deepEqual(
    includes.filter(({ isDirect }) => isDirect).map(({ name }) => name),
    ['two.h'],
  );
});
