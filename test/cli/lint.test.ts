/** `wsk lint` as people and CI call it: formats, threads, rules, silences, levels, baselines, exit status. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { root } from '../support/program.ts';
import { type CommandLine, startCommandLine } from './command-line.ts';

let cli: CommandLine;
before(() => {
  cli = startCommandLine();
});
after(() => cli.remove());

const includes = '#include <ntddk.h>\n#include <wsk.h>\n';
const wrong = `${includes}PIRP Make(VOID)\n{\n  return IoAllocateIrp(0, FALSE);\n}\n`;
/** A freed IRP is used: a finding with a path. */
const freed = `${includes}NTSTATUS Use(VOID)
{
  PIRP irp = IoAllocateIrp(1, FALSE);

  if (irp == NULL)
    return STATUS_INSUFFICIENT_RESOURCES;
  IoFreeIrp(irp);
  return irp->IoStatus.Status;
}
`;

/** Line, rule and severity of each finding. */
function found(out: string): readonly string[] {
  const { findings } = JSON.parse(out) as { findings: { line: number; rule: string; severity: string }[] };
  return findings.map(({ line, rule, severity }) => `${line} ${rule} ${severity}`);
}

test('a name that is copied from Windows is the file that it names there', () => {
  cli.file('Drv/My File.c', wrong);
  for (const name of ['Drv\\My File.c', 'Drv\\', '.\\Drv']) {
    const { out } = cli.wsk('lint', name, '--format', 'json');
    assert.deepEqual(found(out).length, 1, name);
  }
  assert.match(cli.wsk('lint', 'Drv\\Other.c').err, /Drv\/Other\.c does not exist/);
});

test('text: the source line, a caret, help and the path, as golden text', () => {
  cli.file('text/freed.c', freed);
  cli.file('text/wrong.c', wrong);
  const { status, out } = cli.wsk('lint', 'text/wrong.c', 'text/freed.c');
  assert.equal(status, 1);
  assert.equal(
    out.replace(/(error: )[^[]*/g, '$1MESSAGE '),
    `text/freed.c:10:10: error: MESSAGE [irp-used-after-free]
      return irp->IoStatus.Status;
             ^^^^^^^^^^^^^
    text/freed.c:5:14: The IRP is allocated or reused here
    text/freed.c:9:3: It is freed here
    text/freed.c:10:10: It is used here

text/wrong.c:5:24: error: MESSAGE [irp-stack-size]
      return IoAllocateIrp(0, FALSE);
                           ^
    help: Ask for one stack location

2 files: 2 errors
`,
  );
});

test('a folder with what is no source: the rest is checked, and what is left out is named', () => {
  cli.file('odd/wrong.c', wrong);
  cli.file('odd/binary.c', `${'\u0000\u0001\u0002'.repeat(20)}int a;`);
  cli.file('odd/cut/driver.vcxproj', '<Project><ItemGroup>');
  symlinkSync('nowhere', path.join(cli.folder, 'odd/.#lock.c'));
  const folder = cli.wsk('lint', 'odd', '--format', 'json');
  assert.deepEqual(found(folder.out), ['5 irp-stack-size error']);
  assert.match(
    folder.err,
    /^wsk: warning: odd\/binary\.c is no text: what it holds is not C source; it is left out\.$/m,
  );
  const named = cli.wsk('lint', 'odd/binary.c');
  assert.deepEqual(
    [named.status, named.err.split('\n')[0]],
    [2, 'wsk: odd/binary.c is no text: what it holds is not C source.'],
  );
  const project = cli.wsk('lint', 'odd/cut/driver.vcxproj');
  assert.match(project.err, /compiles no C or C\+\+ file.*\n.*This is no XML: unclosed tag: ItemGroup/);
});

test('a file that a link in the folder leads to is checked once', () => {
  cli.file('linked/wrong.c', wrong);
  symlinkSync('wrong.c', path.join(cli.folder, 'linked/again.c'));
  const { out, err } = cli.wsk('lint', 'linked');
  assert.match(out, /^linked\/wrong\.c:5:/);
  assert.match(out, /\n1 file: 1 error\n$/);
  assert.equal(err, '');
});

test('a driver that is too large for the heap is checked in parts, and said to be', () => {
  const env = { NODE_OPTIONS: '--max-old-space-size=64' };
  cli.file('large/a.c', `${includes}VOID Free(PIRP Irp);\nVOID F(PIRP Irp) { Free(Irp); IoFreeIrp(Irp); }\n`);
  cli.file('large/b.c', `${includes}VOID Free(PIRP Irp) { IoFreeIrp(Irp); }\n`);
  cli.file('large/c.c', wrong);
  const names = ['large/a.c', 'large/b.c', 'large/c.c'];
  const whole = cli.wsk('lint', ...names, '--format', 'json');
  assert.deepEqual(found(whole.out), ['4 irp-used-after-free error', '5 irp-stack-size error']);
  assert.deepEqual([whole.status, whole.err], [1, '']);
  const parts = cli.wskWith({ env }, 'lint', ...names, '--format', 'json');
  assert.deepEqual(found(parts.out), ['5 irp-stack-size error']);
  assert.equal(parts.status, 2);
  const [told, remedy] = parts.err.split('\n');
  assert.match(told ?? '', /^wsk: warning: The driver of large\/a\.c and 2 more files is too large .* in 3 parts, /);
  assert.match(remedy ?? '', /^ {5}Give it more: .* NODE_OPTIONS to --max-old-space-size=\d+\.$/);
  assert.deepEqual(JSON.parse(parts.out).gaps, [told?.replace('wsk: warning: ', '')]);
  const sarif = JSON.parse(cli.wskWith({ env }, 'lint', ...names, '--format', 'sarif').out);
  assert.match(sarif.runs[0].invocations[0].toolExecutionNotifications[0].message.text, /in 3 parts/);

  cli.file('large/huge.c', `${wrong}// ${'x'.repeat(2_000_000)}\n`);
  const left = cli.wskWith({ env }, 'lint', 'large/c.c', 'large/huge.c', '--format', 'json');
  assert.deepEqual(found(left.out), ['5 irp-stack-size error']);
  assert.match(left.err, /^wsk: warning: large\/huge\.c is too large .*; it is left out\.$/m);
  assert.equal(left.status, 2);
});

test('colour: never into a pipe, unless asked for', () => {
  cli.file('colour.c', wrong);
  const colour = '\u001b[';
  assert.ok(!cli.wsk('lint', 'colour.c').out.includes(colour));
  assert.ok(cli.wsk('lint', 'colour.c', '--color').out.includes(colour));
  assert.ok(cli.wskWith({ env: { NO_COLOR: '1' } }, 'lint', 'colour.c', '--color').out.includes(colour));
  assert.ok(!cli.wsk('lint', 'colour.c', '--no-color').out.includes(colour));
  assert.equal(cli.wsk('lint', 'colour.c', '--color', '--no-color').status, 2);
});

test('SARIF: rules, code flow, fix, suppression, artifacts', () => {
  cli.file('sarif dir/wrong.c', wrong);
  cli.file('sarif dir/freed.c', freed);
  cli.file('sarif dir/allowed.c', wrong.replace('FALSE);', 'FALSE); // wsk-lint: allow irp-stack-size never sent'));
  const { status, out } = cli.wsk('lint', 'sarif dir', '--format', 'sarif');
  assert.equal(status, 1);
  const log = JSON.parse(out);
  assert.equal(log.version, '2.1.0');
  assert.match(log.$schema, /sarif-schema-2\.1\.0\.json$/);
  const [run] = log.runs;
  assert.equal(run.columnKind, 'utf16CodeUnits');
  assert.match(run.originalUriBaseIds.SRCROOT.uri, /^file:\/\/\/.*\/$/);
  assert.deepEqual(
    run.artifacts.map(({ location }: { location: { uri: string } }) => location.uri),
    ['sarif%20dir/allowed.c', 'sarif%20dir/freed.c', 'sarif%20dir/wrong.c'],
  );
  const { rules } = run.tool.driver;
  for (const rule of rules) {
    assert.match(rule.helpUri, /^https:\/\/learn\.microsoft\.com\//, rule.id);
    assert.match(rule.name, /^[A-Z]\w+$/);
    const isNamed = run.results.some(({ ruleId }: { ruleId: string }) => ruleId === rule.id);
    assert.equal(rule.help.markdown?.startsWith(`# ${rule.id}\n`), isNamed ? true : undefined, rule.id);
    assert.ok(rule.help.text.length > (isNamed ? 100 : 10), rule.id);
    assert.ok(rule.shortDescription.text !== '' && rule.fullDescription.text !== '', rule.id);
    assert.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration.level));
    assert.equal(new Set(rule.properties.tags).size, rule.properties.tags.length, rule.id);
  }
  const wait = rules.find(({ id }: { id: string }) => id === 'wait-at-dispatch');
  assert.ok(
    wait.properties.tags.includes('C28121') && wait.properties.tags.some((tag: string) => tag.startsWith('SDV ')),
  );
  const [used, stack, allowed] = run.results;
  for (const result of run.results) {
    assert.equal(rules[result.ruleIndex].id, result.ruleId);
    assert.match(result.partialFingerprints['wskFinding/v1'], /^[0-9a-f]{16}:1$/);
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    assert.equal(run.artifacts[artifactLocation.index].location.uri, artifactLocation.uri);
    assert.equal(artifactLocation.uriBaseId, 'SRCROOT');
    assert.ok(region.startLine >= 1 && region.endColumn > region.startColumn);
  }
  assert.deepEqual(
    [used, stack, allowed].map(({ ruleId }) => ruleId),
    ['irp-used-after-free', 'irp-stack-size', 'irp-stack-size'],
  );
  const lines = used.codeFlows[0].threadFlows[0].locations.map(
    ({ location }: { location: { physicalLocation: { region: { startLine: number } } } }) =>
      location.physicalLocation.region.startLine,
  );
  assert.deepEqual(lines, [5, 9, 10]);
  assert.equal(used.relatedLocations.length, 3);
  assert.equal(used.locations[0].logicalLocations[0].name, 'Use');
  const [change] = stack.fixes[0].artifactChanges;
  assert.deepEqual(change.replacements[0].insertedContent, { text: '1' });
  assert.deepEqual(change.replacements[0].deletedRegion.charLength, 1);
  assert.deepEqual(stack.suppressions, []);
  assert.equal(allowed.suppressions[0].kind, 'inSource');
  assert.equal(allowed.suppressions[0].justification, 'never sent');
});

test('--output writes the file and says the last line', () => {
  cli.file('out.c', wrong);
  const { status, out } = cli.wsk('lint', 'out.c', '--format', 'sarif', '--output', 'log.sarif');
  assert.deepEqual([status, out], [1, '1 file: 1 error\n']);
  assert.equal(JSON.parse(readFileSync(path.join(cli.folder, 'log.sarif'), 'utf8')).runs[0].results.length, 1);
  const bad = cli.wsk('lint', 'out.c', '--output', 'no-such-folder/x');
  assert.deepEqual([bad.status, bad.err.split('\n')[0]], [2, "wsk: no-such-folder/x can't be written (ENOENT)."]);
});

test('GitHub annotations are relative to the checkout', () => {
  cli.file('hub/src/wrong.c', wrong);
  const env = { GITHUB_WORKSPACE: path.join(cli.folder, 'hub') };
  const { status, out } = cli.wskWith({ in: 'hub/src', env }, 'lint', 'wrong.c', '--format', 'github');
  assert.equal(status, 1);
  assert.match(out, /^::error file=src\/wrong\.c,line=5,col=24,endLine=5,endColumn=24,title=irp-stack-size::\S/);
  assert.match(out, /\n1 file: 1 error\n$/);
});

test('several threads find the same, in the same order', () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    cli.file(
      `many/${name}/drv.c`,
      `${freed}NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r)\n{\n  return d == NULL || r == NULL ? Use() : Help();\n}\n`,
    );
    // The helper lies in another file of the same driver, with a mistake of its own.
    cli.file(`many/${name}/help.c`, `${wrong}NTSTATUS Help(VOID) { return STATUS_SUCCESS; }\nint broken = ;\n`);
  }
  for (const format of ['text', 'sarif']) {
    const [one, two, three] = ['1', '2', '3'].map((jobs) =>
      cli.wsk('lint', 'many', '--format', format, '--jobs', jobs),
    );
    assert.equal(one?.status, 1);
    assert.deepEqual(two, one);
    assert.deepEqual(three, one);
  }
  assert.equal(cli.wsk('lint', 'many', '--jobs', '0').status, 2);
});

test('--rules and --explain', () => {
  const { status, out } = cli.wsk('lint', '--rules');
  assert.equal(status, 0);
  assert.match(out, /^irp-stack-size +error +An IRP needs at least one stack location\.$/m);
  const pages = JSON.parse(brotliDecompressSync(readFileSync(path.join(root, 'dist/rules.json.br'))).toString());
  const { rules } = JSON.parse(cli.wsk('lint', '--rules', '--format', 'json').out);
  assert.deepEqual(
    rules.map(({ id }: { id: string }) => id),
    Object.keys(pages).sort(),
  );
  for (const { id } of rules) assert.match(out, new RegExp(`^${id} `, 'm'));
  // Of each kind a reader gets the first examples, whole, and all of the headings.
  for (const [id, text] of Object.entries<string>(pages)) {
    const own = path.join(root, 'server/lint/rules', id, 'rule.md');
    const written = existsSync(own) ? readFileSync(own, 'utf8') : text;
    assert.deepEqual(text.match(/^## .*$/gm), written.match(/^## .*$/gm), id);
    for (const part of text.split(/^(?=## )/m)) {
      assert.ok((part.match(/^```c$/gm) ?? []).length <= 3 && (part.match(/^```/gm) ?? []).length % 2 === 0, id);
      assert.ok(written.includes(part.trimEnd()), id);
    }
  }
  const page = cli.wsk('lint', '--explain', 'irp-stack-size');
  assert.equal(page.status, 0);
  assert.match(
    page.out,
    /^irp-stack-size \(error\)\nAn IRP needs.*\nDocumented in: https:\/\/learn\.microsoft\.com\/windows-hardware\/drivers\/network\/using-irps-with-winsock-kernel-functions\n[\s\S]*Also known as: Driver Verifier C9\/0x208/,
  );
  assert.match(page.out, /\nWhy\n\n[\s\S]*\n {4}PIRP NewRequest\(VOID\)\n/);
  assert.ok(!page.out.includes('```') && !page.out.includes('\u001b['));
  assert.ok(cli.wsk('lint', '--explain', 'irp-stack-size', '--color').out.includes('\u001b[1m'));
  for (const [name, near] of [
    ['irp-lek', 'irp-leak'],
    ['stack-size', 'irp-stack-size'],
    ['qqq', undefined],
  ] as const) {
    const unknown = cli.wsk('lint', '--explain', name);
    assert.deepEqual([unknown.status, unknown.out], [2, '']);
    assert.match(
      unknown.err,
      near === undefined ? /There is no rule qqq\.\n.*--rules/ : new RegExp(`is ${near} meant\\?`),
    );
  }
});

test('levels of .wsklint.yaml, its problems, and the status', () => {
  cli.file('lv/drv/wrong.c', wrong);
  cli.file('lv/drv/freed.c', freed);
  const lint = () => cli.wsk('lint', 'lv/drv', '--format', 'json');
  assert.deepEqual(found(lint().out), ['10 irp-used-after-free error', '5 irp-stack-size error']);
  cli.file('lv/.wsklint.yaml', 'rules:\n  irp-stack-size: info\n  irp-used-after-free: info\n');
  assert.deepEqual([lint().status, ...found(lint().out)], [0, '10 irp-used-after-free info', '5 irp-stack-size info']);
  cli.file('lv/drv/.wsklint.yaml', 'rules:\n  irp-stack-size: warning\nexclude: [freed.c]\n');
  assert.deepEqual([lint().status, ...found(lint().out)], [1, '5 irp-stack-size warning']);
  cli.file('lv/drv/.wsklint.yaml', 'rules:\n  irp-stak-size: off\n');
  const { status, out, err } = lint();
  assert.deepEqual([status, found(out).length], [2, 2]);
  assert.equal(err, 'lv/drv/.wsklint.yaml:2:3: error: There is no rule irp-stak-size: is irp-stack-size meant?\n');
});

test('a baseline knows what was there, and counts what is gone', () => {
  mkdirSync(path.join(cli.folder, 'base'), { recursive: true });
  cli.file('base/src/a.c', wrong);
  const file = 'base/wsk-baseline.json';
  const written = cli.wsk('lint', 'base', '--write-baseline', file);
  assert.deepEqual([written.status, written.out], [0, `${file}: 1 finding written\n`]);
  const known = cli.wsk('lint', 'base', '--baseline', file);
  assert.deepEqual([known.status, known.out], [0, '1 file: no finding; 1 finding known from the baseline\n']);
  cli.file('base/src/a.c', `\n\n${wrong}PIRP More(VOID) { return IoAllocateIrp(0, TRUE); }\n`);
  const more = cli.wskWith({ in: 'base' }, 'lint', '.', '--baseline', 'wsk-baseline.json', '--format', 'json');
  assert.deepEqual(
    [more.status, found(more.out), JSON.parse(more.out).baseline],
    [1, ['9 irp-stack-size error'], { known: 1, stale: 0 }],
  );
  const sarif = JSON.parse(cli.wsk('lint', 'base', '--baseline', file, '--format', 'sarif').out).runs[0].results;
  assert.deepEqual(
    sarif.map(({ baselineState }: { baselineState: string }) => baselineState),
    ['new', 'unchanged'],
  );
  cli.file('base/src/a.c', includes);
  assert.match(
    cli.wsk('lint', 'base', '--baseline', file).out,
    /no finding; 1 in the baseline no longer found: write it again/,
  );
  assert.equal(cli.wsk('lint', 'base', '--baseline', 'gone.json').status, 2);
  assert.equal(cli.wsk('lint', 'base', '--baseline', file, '--write-baseline', file).status, 2);
});

test('marks that hide something are counted, those that hide nothing are told', () => {
  cli.file(
    'marks.c',
    `${wrong.replace('FALSE);', 'FALSE); // wsk-lint: allow irp-stack-size test')}int x; // wsk-lint: allow irp-lek\n`,
  );
  const { status, out } = cli.wsk('lint', 'marks.c');
  assert.equal(status, 0);
  assert.match(out, /marks\.c:7:11: info: There is no rule irp-lek, so this mark hides nothing; is irp-leak meant\?/);
  assert.match(out, /\n1 file: 1 info; 1 finding allowed by marks\n$/);
});

test('a function beyond the limits is said, and named when asked for', () => {
  cli.file('limit.c', `int Long(int a)\n{\n${'  a = a + 1;\n'.repeat(9_000)}  return a;\n}\n`);
  assert.equal(
    cli.wsk('lint', 'limit.c').out,
    '1 file: no finding; 1 function not checked to the end (--explain-limits names them)\n',
  );
  const note = 'Long was not checked to the end: it has too many statements.';
  assert.equal(
    cli.wsk('lint', 'limit.c', '--explain-limits').out,
    `limit.c:1:5: note: ${note}\n1 file: no finding; 1 function not checked to the end\n`,
  );
  const json = JSON.parse(cli.wsk('lint', 'limit.c', '--explain-limits', '--format', 'json').out);
  assert.deepEqual(json.limits, [{ place: 'limit.c:1:5', function: 'Long', message: note }]);
  const sarif = JSON.parse(cli.wsk('lint', 'limit.c', '--format', 'sarif').out).runs[0].invocations[0];
  assert.equal(sarif.toolExecutionNotifications[0].message.text, note);
});

test('the built package carries what the help and settings need', () => {
  assert.ok(existsSync(path.join(root, 'dist/rules.json.br')));
  const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const [{ url }] = contributes.yamlValidation;
  const shipped = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
  assert.ok(shipped.includes(`!${url.slice(2)}`), url);
});

test('C++: what holds of a call, and nothing of the syntax', () => {
  const text = `${includes}namespace net {
class Holder {
public:
  explicit Holder(CCHAR count) : irp_(IoAllocateIrp(0, FALSE)) {}
  PIRP get() const noexcept { return irp_; }
private:
  PIRP irp_;
};
PIRP Quiet() {
  return IoAllocateIrp(0, FALSE); // wsk-lint: allow irp-stack-size shows how it fails
}
}
`;
  cli.file('mixed/holder.cpp', text);
  cli.file('mixed/plain.c', wrong);
  const findings = (...names: string[]): readonly string[] => {
    const { status, out } = cli.wsk('lint', '--format', 'json', ...names);
    assert.equal(status, 1);
    return found(out);
  };
  assert.deepEqual(findings('mixed/holder.cpp'), ['6 irp-stack-size error']);
  assert.deepEqual(findings('mixed'), ['6 irp-stack-size error', '5 irp-stack-size error']);
});
