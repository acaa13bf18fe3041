/** Compilation databases of both worlds, good and bad. */
import assert from 'node:assert/strict';
import nodePath from 'node:path';
import test from 'node:test';
import { placeText, sourceFile } from '../../base/source.ts';
import { assertQuick } from '../../test/support/effort.ts';
import { readCompileCommands } from './compile-commands.ts';
import { fileKey } from './paths.ts';

function read(text: string, flavour: 'posix' | 'win32' = 'posix') {
  const path = nodePath[flavour];
  const file = sourceFile(
    flavour === 'posix' ? '/w/build/compile_commands.json' : 'C:\\w\\compile_commands.json',
    text,
  );
  const { settings, problems } = readCompileCommands(file, { path, environment: {} });
  return {
    of: (name: string) => settings.get(fileKey(name, path)),
    files: [...settings.keys()],
    problems: problems.map(({ span, severity, message }) => `${placeText(span)} ${severity} ${message}`),
  };
}

test('"command" with the quoting of a POSIX shell', () => {
  const { of, problems } = read(
    JSON.stringify([
      { directory: '/w/build', file: '../src/a.c', command: 'gcc -I../inc \'-DT="x y"\' -c ../src/a.c' },
    ]),
  );
  assert.deepEqual(of('/w/src/a.c')?.includePath, ['/w/inc']);
  assert.deepEqual(of('/w/src/a.c')?.macros, [{ kind: 'define', name: 'T', value: '"x y"' }]);
  assert.deepEqual(problems, []);
});

test('"command" with the quoting of Windows, files without case', () => {
  const { of } = read(
    JSON.stringify([
      { directory: 'C:\\w', file: 'Src\\A.c', command: 'C:\\VC\\cl.exe /I"C:\\a b" /DT=\\"x\\" /c Src\\A.c' },
    ]),
    'win32',
  );
  assert.deepEqual(of('c:\\w\\src\\a.C')?.includePath, ['C:\\a b']);
  assert.deepEqual(of('C:\\w\\src\\a.c')?.macros, [{ kind: 'define', name: 'T', value: '"x"' }]);
});

test('"arguments", relative directories, the first command of a file', () => {
  const { of, files } = read(
    JSON.stringify([
      { directory: 'sub', file: 'a.c', arguments: ['clang', '-I', 'inc', '-std=c99'] },
      { directory: '/w/build/sub', file: './a.c', arguments: ['clang', '-DLATER'] },
      { file: 'b.c', arguments: ['cc'] },
    ]),
  );
  assert.deepEqual(files, ['/w/build/sub/a.c', '/w/build/b.c']);
  assert.deepEqual(of('/w/build/sub/a.c')?.includePath, ['/w/build/sub/inc']);
  assert.deepEqual([of('/w/build/sub/a.c')?.standard, of('/w/build/sub/a.c')?.macros], ['c99', []]);
});

test('what is broken is said with its place, and the rest is used', () => {
  const entry = '{ "directory": "/w", "file": "a.c", "arguments": ["cc", "-DA"] }';
  const cases: [text: string, files: number, problems: RegExp[]][] = [
    [`[ ${entry},\n  { "file": "b.c" `, 1, [/:2:\d+ warning This is no JSON: .*expected/]],
    [`[ ${entry} ${entry} ]`, 1, [/:1:\d+ warning This is no JSON: comma expected/]],
    [`[ ${entry}, ]`, 1, []],
    [`// why\n[ ${entry} ]`, 1, []],
    ['', 0, [/:1:1 warning This is no JSON: value expected/]],
    ['{}', 0, [/:1:1 warning A compilation database is a list/]],
    [`[ {"command": "cc"}, ${entry}, 7 ]`, 1, [/:1:3 warning .*no "file"/, /:1:\d+ warning .*no "file"/]],
    [`[ {"file": "x.c", "command": 7}, ${entry} ]`, 1, [/:1:3 warning .*neither "command" nor "arguments"/]],
    [`${'['.repeat(100_000)}`, 0, [/:1:1 warning/]],
    ['\u0000\u0001', 0, [/:1:1 warning/]],
  ];
  for (const [text, files, expected] of cases) {
    const result = read(text);
    assert.equal(result.files.length, files, text.slice(0, 80));
    assert.equal(result.problems.length, expected.length, `${text.slice(0, 80)}: ${result.problems.join('; ')}`);
    for (const [i, pattern] of expected.entries()) assert.match(result.problems[i] ?? '', pattern);
  }
});

test('thousands of entries are read quickly', () => {
  const entries = Array.from({ length: 5000 }, (_, i) => ({
    directory: '/w',
    file: `f${i}.c`,
    command: `cc ${'-Iinc -DNAME=1 '.repeat(10)} -c f${i}.c`,
  }));
  assertQuick(3000, () => assert.equal(read(JSON.stringify(entries)).files.length, 5000));
});

test('commands of Windows are read elsewhere by the folder that the sources have there', () => {
  const entries = [
    {
      directory: 'C:\\proj\\build',
      file: 'C:\\proj\\Src\\x.c',
      command: 'cl.exe /IC:\\proj\\include /I..\\gen /ID:\\sdk /c x.c',
    },
    { directory: 'c:\\Proj\\build', file: '..\\src\\y.c', command: 'cl.exe /DY /c y.c' },
  ];
  const file = sourceFile('/w/drv/build/compile_commands.json', JSON.stringify(entries));
  const disk = new Set(['/w/drv/src/x.c', '/w/drv/src/y.c']);
  const context = {
    path: nodePath.posix,
    environment: {},
    exists: (path: string) => disk.has(path),
    actual: (path: string) => path.replace('/Src/', '/src/'),
  };
  const { settings, problems } = readCompileCommands(file, context);
  assert.deepEqual(settings.get('/w/drv/src/x.c')?.includePath, ['/w/drv/include', '/w/drv/gen', 'D:\\sdk']);
  assert.deepEqual(settings.get('/w/drv/src/y.c')?.macros, [{ kind: 'define', name: 'Y', value: '1' }]);
  assert.deepEqual(problems, []);
  const elsewhere = readCompileCommands(file, { ...context, exists: () => false });
  assert.match(
    elsewhere.problems[0]?.message ?? '',
    /of a Windows machine, and no file around this one is C:\\proj\\Src\\x\.c/,
  );
});
