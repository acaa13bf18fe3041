/** `wsk run` with several files: what is missing, defined twice, declared differently, and what stands in for it. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { type CommandLine, driver, startCommandLine } from './command-line.ts';

let cli: CommandLine;
before(() => {
  cli = startCommandLine();
});
after(() => cli.remove());

test('a missing function is a finding where it is called, and names its caller', () => {
  const { status, out } = cli.wsk(
    'run',
    cli.file('call.c', driver('if (r == NULL) Never();\nHelp(1);', 'VOID Never(VOID);\nVOID Help(ULONG n);')),
  );
  assert.equal(status, 1);
  assert.match(out, /call\.c:8:\d+: error: Help is called by DriverEntry, but no file defines it.* --stub/);
  assert.match(out, /call\.c:3:6: Help is declared here/);
  assert.doesNotMatch(out, /Never/);
});

test('a member of a dispatch table has no name that is linked', () => {
  const called = cli.wsk('run', cli.file('member.c', driver('WskSend(0, 0, 0, 0);')));
  assert.equal(called.status, 1);
  assert.match(
    called.out,
    /member\.c:6:\d+: error: WskSend is called by DriverEntry by its name, .* member of a dispatch table, of type PFN_WSK_SEND\. Call it/,
  );
  const asked = `UNICODE_STRING name = RTL_CONSTANT_STRING(L"WskSend"), other = RTL_CONSTANT_STRING(L"WskRegister");
    DbgPrint("%d %d", MmGetSystemRoutineAddress(&name) == NULL, MmGetSystemRoutineAddress(&other) == NULL);`;
  const { out } = cli.wsk('run', cli.file('asked.c', driver(asked)), '--format', 'json');
  assert.deepEqual(JSON.parse(out).log, ['1 0']);
});

test('a kernel function that is not emulated says so, and a stub stands in for it', () => {
  const name = cli.file('kernel.c', driver('IoInvalidateDeviceState((PDEVICE_OBJECT)r);'));
  const alone = cli.wsk('run', name);
  assert.equal(alone.status, 1);
  assert.match(
    alone.out,
    /IoInvalidateDeviceState is called by DriverEntry, but it is not emulated\. Define it .* --stub/,
  );
  cli.file(
    'stubs/zw.c',
    '#include <ntddk.h>\nVOID IoInvalidateDeviceState(PDEVICE_OBJECT d) { UNREFERENCED_PARAMETER(d); DbgPrint("stub\\n"); }\n',
  );
  const stubbed = cli.wsk('run', name, '--stub', 'stubs/zw.c', '--format', 'json');
  assert.deepEqual([stubbed.status, JSON.parse(stubbed.out).log], [0, ['stub']]);
  cli.file('kernel.wsk.yaml', 'files: [kernel.c]\nstubs: [stubs/*.c]\n');
  const planned = cli.wsk('run', '--scenario', 'kernel.wsk.yaml', '--format', 'json');
  assert.deepEqual([planned.status, JSON.parse(planned.out).log], [0, ['stub']]);
  const beside = cli.wsk('run', name, '--scenario', 'kernel.wsk.yaml', '--format', 'json');
  assert.deepEqual([beside.status, JSON.parse(beside.out).log], [0, ['stub']]);
  const gone = cli.wsk('run', name, '--stub', 'gone.c');
  assert.deepEqual([gone.status, /gone\.c does not exist/.test(gone.err)], [2, true]);
  cli.file('wrong.wsk.yaml', 'files: [kernel.c]\nstubs: stubs/zw.c\n');
  assert.match(cli.wsk('run', '--scenario', 'wrong.wsk.yaml').err, /wrong\.wsk\.yaml:2:8: .*stubs must be a list/);
});

test('a stub gives way to the driver, a driver stands before the kernel, a static function is its own', () => {
  const main = cli.file(
    'length.c',
    driver(
      'DbgPrint("%d %d %d", (int)strlen("abc"), Own(), Other());',
      'int Own(void) { return 1; }\nint Other(void);',
    ),
  );
  const length = cli.file(
    'strlen.c',
    '#include <ntddk.h>\nsize_t strlen(const char *s) { (void)s; return 77; }\nint Other(void) { return 3; }\n',
  );
  const stub = cli.file('own.c', 'int Own(void) { return 2; }\nint Other(void) { return 4; }\n');
  const log = (...args: string[]) => JSON.parse(cli.wsk('run', main, ...args, '--format', 'json').out).log;
  assert.deepEqual(log(length, '--stub', stub), ['77 1 3']);
  assert.deepEqual(log('--stub', length), ['77 1 3']);
  const own = cli.file(
    'static.c',
    'static unsigned long long strlen(const char *s) { (void)s; return 5; }\nint Other(void) { return (int)strlen("x"); }\n',
  );
  assert.deepEqual(log(own), ['3 1 5']);
});

test('a name that two files define, or declare differently, is said with both places', () => {
  const main = cli.file('one.c', driver('Twice();', 'VOID Twice(VOID) { }'));
  const twice = cli.wsk('run', main, cli.file('two.c', '#include <ntddk.h>\nVOID Twice(VOID) { }\n'));
  assert.equal(twice.status, 2);
  assert.match(
    twice.err,
    /two\.c:2:6: error: The function `Twice` is defined more than once: .*\[duplicate-symbol\]\n.*Twice.*\n\s+\^+\n\s+one\.c:2:6: /,
  );
  const other = cli.wsk('run', main, cli.file('three.c', '#include <ntddk.h>\nextern int Twice(int);\n'));
  assert.equal(other.status, 0);
  assert.match(other.err, /three\.c:2:12: warning: .*\[conflicting-types\]\n.*Twice.*\n\s+\^+\n\s+one\.c:2:6: /);
});

test('a missing variable is a finding where it is used', () => {
  const { status, out } = cli.wsk('run', cli.file('var.c', driver('Gone = 1;', 'extern ULONG Gone;')));
  assert.equal(status, 1);
  assert.match(
    out,
    /var\.c:6:\d+: error: Gone is written by DriverEntry, but no file defines it.*\[missing-variable\]/,
  );
});

test('system variables still have their values', () => {
  const body = 'return ObReferenceObjectByHandle(ZwCurrentThread(), 0, *PsThreadType, KernelMode, (PVOID *)&d, NULL);';
  const { status, out } = cli.wsk('run', cli.file('system.c', driver(body)), '--format', 'json');
  const { findings } = JSON.parse(out);
  assert.ok(!findings.some((f: { rule: string }) => f.rule === 'missing-variable'), out);
  assert.ok(status === 0 || status === 1);
});
