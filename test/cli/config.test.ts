/** Where `wsk` takes include folders and macros from, and which source wins. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { type CommandLine, startCommandLine } from './command-line.ts';

let cli: CommandLine;
before(() => {
  cli = startCommandLine();
  cli.file('inc/value.h', '#define HEADER 1\n');
});
after(() => cli.remove());

/** A program that prints macros: what it prints tells how it was compiled. */
const printing = (...names: string[]): string =>
  `#include <stdio.h>\n${names.map((n) => `#ifdef ${n}\n#define T_${n} "${n}=" S(${n}) " "\n#else\n#define T_${n} "-${n} "\n#endif\n`).join('')}#define S_(x) #x\n#define S(x) S_(x)\nint main(void) { printf(${names.map((n) => `T_${n}`).join(' ')}); return 0; }\n`;

const project = (inside: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">\n<ItemDefinitionGroup><ClCompile>${inside}</ClCompile></ItemDefinitionGroup>\n<ItemGroup><ClCompile Include="main.c" /></ItemGroup>\n</Project>\n`;

test('-D, -U in their order, --std', () => {
  const name = cli.file('plain/main.c', printing('A', 'B', 'DBG', '__STDC_VERSION__'));
  const run = (...args: string[]) => cli.wsk('run', name, '--entry', 'main', ...args).out;
  assert.equal(run(), '-A -B DBG=1 -__STDC_VERSION__ ');
  assert.equal(
    run('-DA', '-U', 'A', '-U', 'B', '-DB=2', '-UDBG', '--std', 'c17'),
    '-A B=2 -DBG __STDC_VERSION__=201710L ',
  );
  for (const [args, message] of [
    [['--std', 'c12'], /--std c12.*no edition of C/],
    [['-U', '1X'], /-U 1X/],
    [['--project', 'plain/main.c'], /no \.vcxproj/],
    [['--project', 'gone.vcxproj'], /gone\.vcxproj.*does not exist/],
    [['-p', 'nowhere'], /nowhere.*does not exist/],
    [['--configuration', 'a|b|c'], /--configuration/],
  ] as [string[], RegExp][]) {
    const { status, err } = cli.wsk('run', name, ...args);
    assert.deepEqual([status, message.test(err)], [2, true], err);
  }
});

test('compile_commands.json of the folder or a build folder, in both forms', () => {
  cli.file('db/a/main.c', `#include "value.h"\n${printing('HEADER', 'X')}`);
  const { folder } = cli;
  const commands = [
    { directory: path.join(folder, 'db/a'), file: 'main.c', command: 'cc -I../../inc "-DX=\\"a b\\"" -c main.c' },
    {
      directory: path.join(folder, 'db/a'),
      file: 'main.c',
      arguments: ['cl.exe', '/I..\\..\\inc', '/DX=2', '/c', 'main.c'],
    },
  ];
  for (const [i, expected] of ['HEADER=1 X="a b" ', 'HEADER=1 X=2 '].entries()) {
    cli.file('db/build-debug/compile_commands.json', JSON.stringify([commands[i]]));
    assert.equal(cli.wskWith({ in: 'db' }, 'run', 'a/main.c', '--entry', 'main').out, expected);
    assert.equal(cli.wsk('run', 'db/a/main.c', '-p', 'db/build-debug', '--entry', 'main').out, expected);
  }
});

test('the nearest project that lists the file; --project; a project instead of files', () => {
  cli.file('vs/drv/main.c', `#include "value.h"\n${printing('HEADER', 'X', 'FORCED')}`);
  cli.file('vs/drv/forced.h', '#define FORCED 3\n');
  const text = project(
    '<AdditionalIncludeDirectories>$(SolutionDir)..\\Inc;%(AdditionalIncludeDirectories)</AdditionalIncludeDirectories><PreprocessorDefinitions>X=%24;%(PreprocessorDefinitions)</PreprocessorDefinitions><ForcedIncludeFiles>forced.h</ForcedIncludeFiles>'.replace(
      '%24',
      '4',
    ),
  );
  cli.file('vs/all.sln', 'Project("{0}") = "drv", "drv\\drv.vcxproj", "{1}"\nEndProject\n');
  cli.file('vs/drv/drv.vcxproj', text);
  cli.file(
    'vs/drv/other.vcxproj',
    project('<PreprocessorDefinitions>X=5</PreprocessorDefinitions>').replace('main.c', 'else.c'),
  );
  const expected = 'HEADER=1 X=4 FORCED=3 ';
  assert.equal(cli.wsk('run', 'vs/drv/main.c', '--entry', 'main').out, expected);
  assert.equal(cli.wsk('run', 'vs/drv/drv.vcxproj', '--entry', 'main').out, expected);
  assert.equal(cli.wsk('run', 'vs/drv/drv.vcxproj', '--entry', 'main', '-DX=9').out, 'HEADER=1 X=9 FORCED=3 ');
  const other = cli.wsk('run', 'vs/drv/main.c', '--project', 'vs/drv/other.vcxproj', '-I', 'inc', '--entry', 'main');
  assert.equal(other.out, 'HEADER=1 X=5 -FORCED ');
  assert.match(cli.wsk('lint', 'vs/all.sln').out, /^1 file: no finding/m);
  assert.match(cli.wsk('run', 'vs/all.sln').err, /is a solution/);
  const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.replace('utf-8', 'utf-16'), 'utf16le')]);
  cli.file('vs/drv/drv.vcxproj', wide);
  assert.equal(cli.wsk('run', 'vs/drv/main.c', '--entry', 'main').out, expected);
});

test('the command line wins over compile_commands.json, that over the project', () => {
  cli.file('all/main.c', printing('A', 'B', 'C', 'DBG'));
  cli.file('all/all.vcxproj', project('<PreprocessorDefinitions>A=1;B=1;C=1</PreprocessorDefinitions>'));
  const run = (...args: string[]) => cli.wskWith({ in: 'all' }, 'run', 'main.c', '--entry', 'main', ...args).out;
  assert.equal(run(), 'A=1 B=1 C=1 DBG=1 ');
  const entry = {
    directory: path.join(cli.folder, 'all'),
    file: 'main.c',
    arguments: ['cc', '-DA=2', '-DB=2', '-UDBG'],
  };
  cli.file('all/compile_commands.json', JSON.stringify([entry]));
  assert.equal(run(), 'A=2 B=2 -C -DBG ');
  assert.equal(run('-DA=3'), 'A=3 B=2 -C -DBG ');
  assert.equal(run('--project', 'all.vcxproj'), 'A=1 B=1 C=1 DBG=1 ');
});

test('--show-config tells what holds and who said it', () => {
  cli.file('show/main.c', 'int x;\n');
  cli.file(
    'show/show.vcxproj',
    project(
      '<AdditionalIncludeDirectories>..\\inc;$(NOWHERE)</AdditionalIncludeDirectories><LanguageStandard_C>stdc17</LanguageStandard_C>',
    ),
  );
  const { status, out, err } = cli.wsk('lint', 'show/main.c', '-DB=2', '--show-config');
  assert.equal(status, 0);
  assert.equal(
    out,
    `show/main.c
  from           command line, show/show.vcxproj (Debug|x64)
  include        inc  show/show.vcxproj (Debug|x64)
  define         B=2  command line
  std            c17  show/show.vcxproj (Debug|x64)
`,
  );
  assert.match(err, /^show\/show\.vcxproj:1:1: note: \$\(NOWHERE\) is not known; it is left out/);
  const json = JSON.parse(cli.wsk('lint', 'show/main.c', '--show-config', '--format', 'json').out);
  assert.deepEqual(json.files[0].include, ['inc']);
});

test('broken configuration is one message with its place, and the file is read all the same', () => {
  cli.file('bad/main.c', 'int main(void) { return 0; }\n');
  cli.file('bad/compile_commands.json', '[ { "file": \n');
  cli.file('bad/bad.vcxproj', '<Project>\n<ItemGroup><ClCompile Include="main.c" />\n</Project>');
  const { status, out, err } = cli.wskWith({ in: 'bad' }, 'lint', 'main.c');
  assert.deepEqual([status, out], [0, '1 file: no finding\n']);
  assert.match(err, /^compile_commands\.json:\d+:\d+: warning: This is no JSON/m);
  assert.match(err, /^bad\.vcxproj:3:\d+: warning: This is no XML/m);
  assert.equal(err.trim().split('\n').length, 2);
});

test('what a project has wrong that has nothing to do with the file is not its business', () => {
  cli.file('beside/src/main.c', 'int main(void) { return 0; }\n');
  cli.file('beside/other/other.vcxproj', '<Project><ItemGroup>');
  assert.equal(cli.wsk('lint', 'beside/src/main.c').err, '');
  cli.file('beside/near.vcxproj', '<Project><ItemGroup>');
  assert.match(cli.wsk('lint', 'beside/src/main.c').err, /^beside\/near\.vcxproj:1:\d+: warning: This is no XML/);
});

test('headers are found whatever their case', () => {
  cli.file('case/main.c', '#include "Sub\\Limits.H"\nint main(void) { return LIMIT; }\n');
  cli.file('case/sub/limits.h', '#define LIMIT 5\n');
  assert.equal(cli.wsk('run', 'case/main.c', '--entry', 'main').status, 5);
});

test('a configuration that the project lacks is bad input; without a project it is said to change nothing', () => {
  const text = project('').replace(
    '<ItemGroup>',
    '<ItemGroup><ProjectConfiguration Include="Debug|x64" /><ProjectConfiguration Include="Release|x64" /></ItemGroup><ItemGroup>',
  );
  cli.file('which/main.c', printing('X'));
  cli.file('which/which.vcxproj', text);
  for (const command of ['lint', 'run']) {
    const { status, err } = cli.wsk(command, 'which/main.c', '--configuration', 'Checked');
    assert.equal(status, 2, err);
    assert.match(err, /which\.vcxproj has no configuration Checked\|x64\.\n.*Debug\|x64, Release\|x64/);
  }
  assert.equal(cli.wsk('lint', 'which/main.c', '--configuration', 'release').status, 0);
  cli.file('alone/main.c', printing('X'));
  const { status, err } = cli.wsk('lint', 'alone/main.c', '--configuration', 'Release');
  assert.equal(status, 0);
  assert.match(err, /`--configuration Release\|x64` changes nothing/);
});
