/** `wsk` as scripts call it: exit status, standard output, standard error. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { root } from '../support/program.ts';
import { type Answer, type CommandLine, driver, startCommandLine } from './command-line.ts';

let cli: CommandLine;
let folder: string;
before(() => {
  cli = startCommandLine();
  folder = cli.folder;
});
after(() => cli.remove());

const wsk = (...args: readonly string[]): Answer => cli.wsk(...args);
const file = (name: string, content: string | Uint8Array): string => cli.file(name, content);

const samples = path.join(root, 'samples');
test('the samples are right, and say so with status 0', () => {
  for (const sample of ['listen', 'echo']) {
    const lint = wsk('lint', path.join(samples, sample));
    assert.deepEqual([lint.status, lint.out], [0, '1 file: no finding\n'], sample);
  }
  const run = wsk('run', path.join(samples, 'listen'));
  assert.equal(run.status, 0);
  assert.match(run.out, /IRP #\d+ → completion routine AcceptComplete/);
  assert.match(run.out, /\nclean: 5 IRP completions/);
  assert.match(wsk('run', path.join(samples, 'listen'), '--quiet').out, /^\nclean: 5 IRP completions[^\n]*\n$/);
});

test('lint finds each mistake of the buggy sample, once', () => {
  const { status, out } = wsk('lint', path.join(samples, 'listen-buggy'), '--format', 'json');
  const { findings } = JSON.parse(out);
  assert.equal(status, 1);
  // The eight rules of its README.
  const readme = readFileSync(path.join(samples, 'listen-buggy/README.md'), 'utf8');
  const planted = [...readme.matchAll(/^\| \w+ \| `([a-z-]+)` \|/gm)].map(([, rule = '']) => rule);
  assert.equal(planted.length, 8);
  assert.deepEqual(new Set(findings.map(({ rule }: { rule: string }) => rule)), new Set(planted));
  assert.equal(findings.length, planted.length);
  const documented = findings.flatMap((f: { docRules: string[] }) => f.docRules).sort();
  assert.deepEqual(documented, ['R13', 'R14', 'R15', 'R16', 'R17', 'R21', 'R30', 'R75']);
  for (const finding of findings) {
    assert.deepEqual(Object.keys(finding), [
      'rule',
      'severity',
      'message',
      'file',
      'line',
      'column',
      'endLine',
      'endColumn',
      'docRules',
      'also',
      'path',
    ]);
    assert.ok(finding.line >= 1 && finding.column >= 1 && finding.endLine >= finding.line);
    for (const step of finding.path) assert.deepEqual(Object.keys(step), ['file', 'line', 'column', 'message']);
  }
});

test('files linted together keep their own static functions', () => {
  const alone = JSON.parse(wsk('lint', path.join(samples, 'listen-buggy'), '--format', 'json').out).findings;
  const together = JSON.parse(
    wsk('lint', path.join(samples, 'listen'), path.join(samples, 'listen-buggy'), '--format', 'json').out,
  ).findings;
  assert.deepEqual(together, alone);
});

test('a run as JSON', () => {
  const { status, out } = wsk('run', path.join(samples, 'listen'), '--format', 'json');
  const result = JSON.parse(out);
  assert.equal(status, 0);
  assert.deepEqual([result.outcome, result.findings, result.completions], ['clean', [], 5]);
  assert.ok(result.statements > 100 && result.virtualTimeMs > 0);
  assert.equal(result.log[0], 'listen: socket created');
});

test('a run-time finding has place, bug check, history and stack', () => {
  const name = file(
    'uaf.c',
    driver(
      "ULONG *p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 32, 'tseT');\nif (!p) return STATUS_INSUFFICIENT_RESOURCES;\nExFreePoolWithTag(p, 'tseT');\n*p = 1;",
    ),
  );
  const { status, out } = wsk('run', name, '--format', 'json');
  const [finding, ...more] = JSON.parse(out).findings;
  assert.equal(status, 1);
  assert.deepEqual(more, []);
  assert.deepEqual([finding.rule, finding.file, finding.line], ['use-after-free', 'uaf.c', 9]);
  assert.equal(finding.bugCheck.name, 'DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL');
  assert.deepEqual(
    finding.history.map((h: { line: number }) => h.line),
    [6, 8],
  );
  assert.equal(finding.stack[0].functionName, 'DriverEntry');
});

test('--entry main is a plain C program with its own output and exit status', () => {
  const name = file('main.c', '#include <stdio.h>\nint main(void) { printf("%d %s\\n", 42, "é"); return 7; }\n');
  assert.deepEqual(wsk('run', name, '--entry', 'main'), { status: 7, out: '42 é\n', err: '' });
});

test('a DriverEntry that fails says with what, beside what was found too', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['', /^DriverEntry failed with STATUS_NO_MEMORY: 0 IRP completions/m],
    ['IoAllocateIrp(1, FALSE);', /^1 error, DriverEntry failed with STATUS_NO_MEMORY: 0 IRP completions/m],
  ];
  for (const [body, said] of rows) {
    const entry = `NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { ${body} return STATUS_NO_MEMORY; }`;
    const name = file('fails.c', `#include <ntddk.h>\n${entry}\n`);
    const { status, out } = wsk('run', name, '--quiet');
    assert.equal(status, 1);
    assert.match(out, said);
  }
});

test('the same inputs give the same trace', () => {
  const trace = (name: string, ...args: string[]): string => {
    wsk('run', path.join(samples, 'listen'), '--trace', name, ...args);
    return readFileSync(path.join(folder, name), 'utf8');
  };
  assert.equal(trace('a.jsonl'), trace('b.jsonl'));
  assert.equal(trace('c.jsonl', '--seed', '7'), trace('d.jsonl', '--seed', '7'));
  for (const line of trace('e.jsonl').trim().split('\n')) assert.equal(typeof JSON.parse(line).kind, 'string');
});

test('a trace says what ran, and --replay repeats it or says where it no longer fits', () => {
  const listen = path.join(samples, 'listen');
  wsk('run', listen, '--seed', '7', '--trace', 'seeded.jsonl');
  const lines = readFileSync(path.join(folder, 'seeded.jsonl'), 'utf8').split('\n');
  const { version, ...started } = JSON.parse(lines[0] ?? '');
  assert.equal(typeof version, 'string');
  assert.deepEqual(started, {
    kind: 'header',
    seed: 7,
    entry: 'DriverEntry',
    files: ['listen.c'],
    stubs: [],
    scenario: null,
  });
  assert.equal(wsk('run', listen, '--replay', 'seeded.jsonl', '--trace', 'repeated.jsonl').status, 0);
  assert.equal(readFileSync(path.join(folder, 'repeated.jsonl'), 'utf8'), lines.join('\n'));
  file('same.jsonl', lines.with(20, '{}').join('\n'));
  assert.equal(wsk('run', listen, '--replay', 'same.jsonl', '--trace', 'same.jsonl').status, 1, 'compared with itself');
  const rows: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['', [listen, '--seed', '8'], 2, /recorded with seed 7, not 8/],
    [
      '',
      [path.join(samples, 'echo', 'echo.c')],
      1,
      /It was recorded with files listen\.c, not echo\.c\. \[replay-mismatch\]/,
    ],
    [lines.slice(1).join('\n'), [listen], 2, /other\.jsonl:1: this does not say what was run/],
    [
      lines.with(20, '{}').join('\n'),
      [listen],
      1,
      /event 19 is no longer that of other\.jsonl:21.*\[replay-mismatch\]/,
    ],
    [lines.slice(0, 20).join('\n'), [listen], 1, /event 19 is no longer that of other\.jsonl:21.*\[replay-mismatch\]/],
  ];
  for (const [text, args, status, message] of rows) {
    file('other.jsonl', text === '' ? lines.join('\n') : text);
    const answer = wsk('run', ...args, '--replay', 'other.jsonl');
    assert.equal(answer.status, status, answer.err);
    assert.match(answer.out + answer.err, message);
  }
});

test('a scenario that names a file has the rest of its driver', () => {
  file('half.c', driver('return Other();', 'NTSTATUS Other(VOID);'));
  file('other.c', '#include <ntddk.h>\nNTSTATUS Other(VOID) { return STATUS_SUCCESS; }\n');
  file('halves.wsk.yaml', 'files: [half.c, other.c]\n');
  assert.equal(wsk('run', 'half.c', '--scenario', 'halves.wsk.yaml').status, 0);
  file('alone.wsk.yaml', 'unloadAfterMs: 5\n');
  assert.match(wsk('run', 'half.c', '--scenario', 'alone.wsk.yaml').out, /Other is called by DriverEntry/);
});

test('a clean run says what nobody was there for', () => {
  file('half.c', driver('return STATUS_SUCCESS;'));
  file('silent.wsk.yaml', "files: [half.c]\npeers: [{ name: caller, connect: '10.0.0.1:7' }]\n");
  const said = /^The peer "caller" had no connection/;
  const [, summary = '', untried = ''] = wsk('run', 'silent.wsk.yaml', '--quiet').out.split('\n');
  assert.match(summary, /^clean: /);
  assert.match(untried, said);
  assert.match(JSON.parse(wsk('run', 'silent.wsk.yaml', '--format', 'json').out).untried[0], said);
});

test('several files make one driver; -I and -D reach them', () => {
  file('inc/limit.h', 'int Limit(void);\n');
  file('one.c', driver('if (Limit() != VALUE) return STATUS_UNSUCCESSFUL;', '#include <limit.h>'));
  file('two.c', 'int Limit(void) { return VALUE; }\n');
  assert.equal(wsk('run', 'one.c', 'two.c', '-I', 'inc', '-DVALUE=5').status, 0);
  const missing = wsk('run', 'one.c', 'two.c', '-DVALUE=5');
  assert.equal(missing.status, 2);
  assert.match(missing.err, /one\.c:2:\d+: error: .*limit\.h.*-I/);
});

test('sources in every encoding and line end', () => {
  const text = driver('DbgPrint("ok\\n"); // é');
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  const contents: [string, string | Uint8Array][] = [
    ['crlf file.c', text.replaceAll('\n', '\r\n')],
    ['utf16.c', utf16],
    ['latin1.c', Buffer.from(text, 'latin1')],
    ['marked.c', `\ufeff${text}`],
  ];
  for (const [name, content] of contents) {
    const { status, out } = wsk('run', file(name, content), '--format', 'json');
    assert.deepEqual([status, JSON.parse(out).log], [0, ['ok']], name);
  }
});

test('lint looks below a folder and keeps its drivers apart; recursion is folded in a call stack', () => {
  const entry = 'NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { UNREFERENCED_PARAMETER(r);';
  file('tree/one/a.c', `#include <ntddk.h>\n${entry} UNREFERENCED_PARAMETER(d); return 0; }\n`);
  file(
    'tree/two/b.c',
    `#include <ntddk.h>\nstatic int deep(int n) { return deep(n + 1) + 1; }\n${entry} return deep(d->Size); }\n`,
  );
  assert.match(wsk('lint', 'tree').out, /2 files: no finding/);
  assert.match(
    wsk('run', 'tree/two/b.c').out,
    /deep {2}tree\/two\/b\.c:2:\d+\n\s+… \d+ more of the same\n\s+DriverEntry/,
  );
});

test('bad input is status 2 with a place or a name, and never a stack of ours', () => {
  file('broken.c', '#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r){ if ( }\n');
  file(
    'prints.c',
    '#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { DbgPrint("printed"); return 0; }\n',
  );
  file('empty.c', '');
  file('nothing-here/below/notes.txt', '');
  file('no-sources/notes.txt', '');
  for (const name of ['a.c', 'b.c'])
    file(`two-drivers/${name}`, 'NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { return 0; }\n');
  file(
    'binary.c',
    Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) & 255),
  );
  file('bad.wsk.yaml', 'unloadAfterMs: soon\n');
  const cases: [string[], RegExp][] = [
    [['run', 'broken.c'], /broken\.c:2:\d+: error/],
    [['run', 'empty.c'], /empty\.c:1:1: error: .*DriverEntry/],
    [['run', 'binary.c'], /binary\.c is no text: what it holds is not C source/],
    [['run', 'missing.c'], /missing\.c/],
    // Before anything runs, so that nobody waits for a record that cannot be kept.
    [['run', 'prints.c', '--trace', 'no-folder/a.jsonl'], /can't be written to no-folder/],
    [['run', path.join(samples, 'listen'), '--scenario', 'bad.wsk.yaml'], /bad\.wsk\.yaml:1:\d+: .*unloadAfterMs/],
    [['lint', 'missing.c'], /missing\.c/],
    [['lint', process.platform === 'win32' ? 'missing.c' : '/dev/null'], /is a device|missing/],
    [['lint', 'nothing-here'], /no \.c or \.cpp file, nor has any folder below/],
    [['run', 'two-drivers'], /two-drivers has several drivers: a\.c and b\.c each define DriverEntry/],
    [['run', 'no-sources'], /no-sources has no \.c or \.cpp file of its own/],
    [['lint', '--unknown', 'x.c'], /--unknown/],
    [['lint'], /No file/],
    [['docs', 'nowhere'], /nowhere/],
    [['nothing'], /"nothing"/],
    [['lnt', 'x.c'], /is lint meant/],
    [['help', 'rum'], /is run meant/],
    [['empty.c'], /`wsk lint empty\.c` checks it/],
    [['lint', 'empty.c', '--frmat', 'json'], /is --format meant/],
    [['lint', 'nothing-here/below/notes.txt'], /notes\.txt is no C file/],
    [['run', 'peer.yaml'], /ends in \.wsk\.yaml/],
    [['docs', 'WskSockt'], /is WskSocket meant/],
    [['docs', 'wsksoket'], /is WskSocket meant/],
    [['docs', 'Zqvbnm'], /Nothing is known of Zqvbnm/],
    [['docs', '0xC0FFEE00'], /Nothing is known of 0xC0FFEE00/],
    [['run', 'broken.c', '--seed', '-'], /--seed/],
  ];
  for (const [args, expected] of cases) {
    const { status, out, err } = wsk(...args);
    assert.equal(status, 2, `${args.join(' ')}: ${err}`);
    assert.equal(out, '', args.join(' '));
    assert.match(err, expected);
    assert.doesNotMatch(err, /\bat .*:\d+:\d+\)/);
  }
});

test('source that cannot be run is shown as lint shows it, and as JSON for scripts', () => {
  file('typo.c', '#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) {\n  retrun 0;\n}\n');
  const { status, out, err } = wsk('run', 'typo.c', '--format', 'json');
  assert.equal(status, 2);
  assert.match(err, /typo\.c:3:\d+: error: .*\n {2,}retrun 0;\n +\^/);
  const result = JSON.parse(out);
  assert.equal(result.outcome, 'not-run');
  assert.deepEqual([result.findings[0].file, result.findings[0].line], ['typo.c', 3]);
});

test('a scenario may be named among the files, and name them itself', () => {
  const scenario = path.join(samples, 'listen', 'accept.wsk.yaml');
  assert.match(wsk('run', scenario).out, /clean: 6 IRP completions/);
  const twice = wsk('run', scenario, '--scenario', scenario);
  assert.deepEqual([twice.status, /one scenario/.test(twice.err)], [2, true]);
});

test('what is not emulated stops the run and names itself', () => {
  const { status, out } = wsk(
    'run',
    file('unknown.c', driver('ZzUnknown(1);', 'VOID ZzUnknown(ULONG x);')),
    '--format',
    'json',
  );
  const { outcome, findings } = JSON.parse(out);
  assert.deepEqual([status, outcome, findings[0].rule, findings[0].line], [1, 'not-emulated', 'not-emulated', 6]);
  assert.match(findings[0].message, /ZzUnknown/);
});

test('docs reads pages and tells of a name', () => {
  file(
    'pages/nc-x-pfn_x.md',
    '---\nUID: NC:x.PFN_X\ntitle: PFN_X\nreq.header: x.h\nreq.irql: <= DISPATCH_LEVEL\n---\n\n## -description\n\nThe <b>XCall</b> function waits.\n\n## -parameters\n\n### -param A [in]\n\nFirst.\n',
  );
  const report = JSON.parse(wsk('docs', 'pages', '--format', 'json').out);
  assert.deepEqual([report.pages, report.kinds, report.problems], [1, { callback: 1 }, []]);
  const { status, out } = wsk('docs', 'pages', 'XCall');
  assert.equal(status, 0);
  assert.match(out, /DISPATCH_LEVEL/);
  assert.equal(wsk('docs', 'pages', 'Nothing').status, 2);
});

test('docs tells of a name without any pages: functions, callbacks, types, statuses, in any case', () => {
  const cases: [string, RegExp][] = [
    ['WskSocket', /IRQL ≤ DISPATCH_LEVEL\nIRP required[\s\S]*\n {4}NTSTATUS WskSocket\(\n[\s\S]*<https:\/\/learn\./],
    ['wskclosesocket', /WskCloseSocket\(/],
    ['IoAllocateIrp', /PIRP IoAllocateIrp\(/],
    ['PFN_WSK_ACCEPT_EVENT', /WskAcceptEvent\(/],
    ['STATUS_PENDING', /0x0*103/],
    ['0x103', /STATUS_PENDING/],
    ['0xc000000d', /STATUS_INVALID_PARAMETER/],
    ['0x0', /STATUS_SUCCESS/],
    ['WSK_BUF', /Offset/],
    ['SO_REUSEADDR', /socket/i],
    ['IOCTL_DOT4_CREATE_SOCKET', /METHOD_/],
    ['DISPATCH_LEVEL', /2/],
  ];
  for (const [name, expected] of cases) {
    const { status, out, err } = wsk('docs', name);
    assert.deepEqual([status, err], [0, ''], name);
    assert.match(out, expected);
    assert.doesNotMatch(out, /^\*\*|```/m);
  }
  assert.deepEqual(Object.keys(JSON.parse(wsk('docs', 'WskBind', '--format', 'json').out)), ['name', 'markdown']);
});
