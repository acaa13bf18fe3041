// Launches that can't work: the message names file, line and what to do; the session ends cleanly.
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, startAdapter } from './adapter.ts';
import { initializeArguments, launched, listen, sessionOf } from './driver.ts';

let folder = '';
const files: Readonly<Record<string, string>> = {
  'broken.c': 'int main(void)\n{\n    int a = ;\n    int b = ;\n    return a;\n}\n',
  'cplusplus.cc': 'int a;\nclass A { int b; };\nextern "C" int main(void) { return A::x; }\n',
  'absent.wsk.yaml': 'files: [gone.c]\n',
  'helper.c': 'int helper(void) { return 3; }\n',
  'main.c': '#include "value.h"\nint helper(void);\nint main(void) { return helper() + VALUE; }\n',
  'include/value.h': '#define VALUE EXTRA\n',
  'both.wsk.yaml': 'files: [main.c, helper.c]\n',
  'wrong.wsk.yaml': 'unloadAfterMs: soon\npeers: 3\n',
  'unfinished.wsk.yaml': 'files: [a.c\n',
  'nothing.wsk.yaml': 'unloadAfterMs: 5\n',
  'vs/drv.vcxproj':
    '<Project><ItemDefinitionGroup><ClCompile><AdditionalIncludeDirectories>..\\Include</AdditionalIncludeDirectories><PreprocessorDefinitions>EXTRA=5;GONE</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup><ItemGroup><ClCompile Include="..\\main.c" /></ItemGroup></Project>',
  'late.c': 'extern int helper(int);\n',
  'whole/driver.c':
    '#include <ntddk.h>\nDRIVER_INITIALIZE DriverEntry;\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(r); return STATUS_NOT_SUPPORTED; }\n',
  'whole/beside.cpp': 'class A { int b; };\n',
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wsk-launch-'));
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(folder, 'include'));
  mkdirSync(join(folder, 'vs'));
  mkdirSync(join(folder, 'whole'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** `output` is what the console must say beside the message. */
const bad: readonly { readonly launch: object; readonly message: RegExp; readonly output?: RegExp }[] = [
  { launch: {}, message: /^launch\.json names no "program"; write a C file/ },
  { launch: { program: 7 }, message: /^"program" in launch\.json is 7; write a C file/ },
  { launch: { program: ['main.c', 3] }, message: /^"program" in launch\.json is \["main\.c",3\]/ },
  { launch: { program: 'none.c' }, message: /none\.c does not exist\. Check "program" and "cwd"/ },
  { launch: { program: '*.cpp' }, message: /^No file matches .*\*\.cpp\. .*"program" in launch\.json/ },
  {
    launch: { program: 'include' },
    message: /^The folder .*include has no \.c or \.cpp file of its own\. Name a C file/,
  },
  {
    launch: { program: 'broken.c', entry: 'main' },
    message: /broken\.c:3:13: .* \(and \d+ more; all are in the Debug Console\) Mend that/,
    output: /broken\.c:3:13: [\s\S]*broken\.c:4:13: /,
  },
  {
    launch: { program: 'cplusplus.cc' },
    message: /cplusplus\.cc:2:1: This is C\+\+, and the emulated kernel runs C only\.(?!.* more)/,
  },
  {
    launch: { program: 'helper.c', scenario: 'absent.wsk.yaml' },
    message: /absent\.wsk\.yaml:1:9: .*relative to the scenario's folder\. Mend that/,
  },
  { launch: { program: 'helper.c' }, message: /helper\.c:1:1: No file defines DriverEntry/ },
  { launch: { program: 'main.c', entry: 'main' }, message: /main\.c:1:\d+: .*value\.h/ },
  {
    launch: { program: 'helper.c', entry: 'helper', includePath: ['no'] },
    message: /no does not exist; check "includePath"/,
  },
  {
    launch: { program: 'helper.c', includePath: 'include' },
    message: /^"includePath" in launch\.json is "include"; write a list/,
  },
  { launch: { program: 'helper.c', defines: ['1X'] }, message: /^"defines" in launch\.json has "1X"/ },
  { launch: { program: 'helper.c', std: 'c12' }, message: /^"std" in launch\.json is "c12"; write one of c89/ },
  {
    launch: { program: 'helper.c', stubs: 'helper.c' },
    message: /^"stubs" in launch\.json is "helper\.c"; write a list/,
  },
  { launch: { program: 'helper.c', stubs: ['gone.c'] }, message: /gone\.c does not exist\. Check "stubs"/ },
  { launch: { program: 'helper.c', project: 'no.vcxproj' }, message: /no\.vcxproj does not exist; check "project"/ },
  { launch: { program: 'helper.c', compileCommands: 'no' }, message: /no does not exist; check "compileCommands"/ },
  { launch: { program: 'helper.c', configuration: 'x' }, message: /^"configuration" in launch\.json is "x"; write/ },
  { launch: { program: 'helper.c', seed: 1.5 }, message: /^"seed" in launch\.json is 1\.5; write a whole number/ },
  { launch: { program: 'helper.c', seed: 1.5, entry: '' }, message: /\(and 1 more/, output: /"seed"[\s\S]*"entry"/ },
  {
    launch: { program: 'helper.c', stopOnEntry: 'yes' },
    message: /^"stopOnEntry" in launch\.json is "yes"; write true or false/,
  },
  { launch: { program: 'helper.c', scenario: 'none.yaml' }, message: /none\.yaml does not exist\. Check "scenario"/ },
  {
    launch: { program: 'helper.c', scenario: 'wrong.wsk.yaml' },
    message: /wrong\.wsk\.yaml:1:\d+: /,
    output: /wrong\.wsk\.yaml:2:\d+: /,
  },
  { launch: { program: 'helper.c', scenario: 'unfinished.wsk.yaml' }, message: /unfinished\.wsk\.yaml:\d+:\d+: / },
  {
    launch: { program: 'both.wsk.yaml', scenario: 'nothing.wsk.yaml' },
    message: /^"program" in launch\.json names "both\.wsk\.yaml", but a run has one scenario; leave one out/,
  },
  { launch: { scenario: 'nothing.wsk.yaml' }, message: /nothing\.wsk\.yaml names no files; write "program"/ },
];

test('a launch that can not work says what to mend, and the session ends', async (t) => {
  for (const { launch, message, output } of bad) {
    const session = sessionOf(startAdapter());
    t.after(() => session.kill());
    await session.ask('initialize', initializeArguments);
    const response = await session.send('launch', { cwd: folder, ...launch });
    assert.equal(response.success, false, JSON.stringify(launch));
    assert.match(response.message ?? '', message);
    assert.equal(response.body.error.showUser, true);
    if (output !== undefined) assert.match(session.output('stderr'), output);
    await session.next('terminated');
    await session.ask('disconnect');
    assert.equal(await session.exited, 0);
  }
});

test('several files, include folders and definitions make one program', async (t) => {
  const rows: readonly object[] = [
    { program: ['main.c', 'helper.c'] },
    // The scenario says which files there are beside the one that is named, or is itself what is run.
    { program: 'main.c', scenario: 'both.wsk.yaml' },
    { program: 'both.wsk.yaml' },
  ];
  for (const row of rows) {
    const session = await launched(t, {
      ...row,
      cwd: folder,
      entry: 'main',
      includePath: ['include'],
      defines: ['EXTRA=4'],
    });
    assert.equal((await session.until('configurationDone')).reason, 'terminated');
    const exited = session.messages.find((message) => 'event' in message && message.event === 'exited');
    assert.deepEqual(exited && 'body' in exited ? exited.body : undefined, { exitCode: 7 });
  }
});

test('a project, stubs, undefines: what the editor is told holds for the run', async (t) => {
  const exitCode = async (launch: object): Promise<unknown> => {
    const session = await launched(t, { cwd: folder, entry: 'main', ...launch });
    assert.equal((await session.until('configurationDone')).reason, 'terminated');
    const exited = session.messages.find((message) => 'event' in message && message.event === 'exited');
    return exited && 'body' in exited ? exited.body?.exitCode : undefined;
  };
  assert.equal(await exitCode({ program: 'vs/drv.vcxproj', stubs: ['helper.c'] }), 8);
  assert.equal(
    await exitCode({ program: 'main.c', stubs: ['helper.c'], includePath: ['include'], defines: ['EXTRA=6'] }),
    9,
  );
  const undefines = { program: ['main.c', 'helper.c'], project: 'vs/drv.vcxproj', undefines: ['EXTRA'] };
  const session = sessionOf(startAdapter());
  t.after(() => session.kill());
  await session.ask('initialize', initializeArguments);
  const refused = await session.send('launch', { cwd: folder, entry: 'main', ...undefines });
  assert.match(refused.message ?? '', /EXTRA/);
});

test('what the linker warns of is in the console', async (t) => {
  const session = await launched(t, {
    program: ['main.c', 'helper.c', 'late.c'],
    cwd: folder,
    entry: 'main',
    project: 'vs/drv.vcxproj',
  });
  await session.until('configurationDone');
  assert.match(session.output('console'), /warning: .*late\.c:1:12: .*other file has `int helper\(void\)`/);
});

test('a file that is none of the driver beside it is told to be left out', async (t) => {
  for (const [program, said] of [
    ['whole/beside.cpp', /beside\.cpp is left out: the driver is made of the C files beside it\./],
    ['whole/driver.c', /^(?![\s\S]*left out)/],
  ] as const) {
    const session = await launched(t, { program, cwd: folder, wholeDriver: true });
    await session.until('configurationDone');
    assert.match(session.output('console'), said);
  }
});

test('a scenario names the files where launch.json does not', async (t) => {
  const session = await launched(t, { scenario: join(root, 'samples/listen/accept.wsk.yaml') });
  assert.equal((await session.until('configurationDone')).reason, 'terminated');
  assert.match(session.output('stdout'), /a peer connected from port 50000/);
});

test('the place of a line of output leads into the source', async (t) => {
  const session = await launched(t, { program: listen });
  await session.until('configurationDone');
  const first = session.messages.find((message) => 'event' in message && message.event === 'output');
  const body = first !== undefined && 'body' in first ? first.body : undefined;
  assert.equal(body?.source?.path, listen);
  assert.ok(body?.line > 300);
});
