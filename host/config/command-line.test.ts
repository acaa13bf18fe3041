/** Command lines by the rules of both worlds, and compiler arguments to settings. */
import assert from 'node:assert/strict';
import nodePath from 'node:path';
import test from 'node:test';
import { type Quoting, splitCommand } from './command-line.ts';
import { readCompilerArguments, takesSlashOptions } from './compiler-arguments.ts';
import { resolvePath } from './paths.ts';

const commands: [Quoting, string, string[]][] = [
  ['windows', 'cl /c a.c', ['cl', '/c', 'a.c']],
  ['windows', '"C:\\Program Files\\cl.exe" /I"C:\\a b" x.c', ['C:\\Program Files\\cl.exe', '/IC:\\a b', 'x.c']],
  ['windows', '/DNAME=\\"text\\"', ['/DNAME="text"']],
  ['windows', '"/DNAME=\\"a b\\""', ['/DNAME="a b"']],
  ['windows', '/I"C:\\dir\\\\" next', ['/IC:\\dir\\', 'next']],
  ['windows', 'a\\\\\\"b c', ['a\\"b', 'c']],
  ['windows', '"a""b" c', ['a"b', 'c']],
  ['windows', "'a b'", ["'a", "b'"]],
  ['windows', 'a "" b', ['a', '', 'b']],
  ['windows', '  a\t b\r\n', ['a', 'b']],
  ['posix', 'gcc -c a.c', ['gcc', '-c', 'a.c']],
  ['posix', "-DNAME='\"a b\"' -I'/x y'", ['-DNAME="a b"', '-I/x y']],
  ['posix', '-DNAME=\\"text\\" a\\ b', ['-DNAME="text"', 'a b']],
  ['posix', '"a\\"b\\\\c\\d" e', ['a"b\\c\\d', 'e']],
  ['posix', "a '' b", ['a', '', 'b']],
  ['posix', 'a \\\n b', ['a', 'b']],
  ['posix', '"never closed', ['never closed']],
  ['windows', '"never closed', ['never closed']],
];
for (const [quoting, text, expected] of commands) {
  test(`${quoting}: ${JSON.stringify(text)}`, () => assert.deepEqual(splitCommand(text, quoting), expected));
}

function read(flavour: 'posix' | 'win32', args: readonly string[]) {
  const directory = flavour === 'posix' ? '/w/build' : 'C:\\w\\build';
  const path = nodePath[flavour];
  const { settings, notes } = readCompilerArguments(args, {
    directory,
    takesSlashes: takesSlashOptions(args),
    resolve: (name, from) => resolvePath(name, from, { path, environment: { SDK: path.join(directory, 'sdk') } }),
  });
  const macros = settings.macros.map((m) => (m.kind === 'define' ? `${m.name}=${m.value}` : `-${m.name}`));
  const forced = settings.forcedIncludes.map(({ name, path: full }) => `${name} ${full}`);
  return { include: settings.includePath, macros, forced, std: settings.standard, notes };
}

test('options of gcc and clang', () => {
  const args = 'gcc -Iinc -I /abs -isystem sys -iquote q -idirafter last -DA -D B=2 -UC -U D -include pre.h -std=gnu11';
  assert.deepEqual(read('posix', [...args.split(' '), '-o', '-Iout', '-c', '/Users/x.c']), {
    include: ['/w/build/inc', '/abs', '/w/build/q', '/w/build/sys', '/w/build/last'],
    macros: ['A=1', 'B=2', '-C', '-D'],
    forced: ['pre.h /w/build/pre.h'],
    std: 'c11',
    notes: [],
  });
});

test('options of cl and clang-cl', () => {
  const args =
    'cl.exe /nologo /Iinc /I C:\\abs /external:I ext -imsvc msvc /DA /D B=2 /DC#3 /UD /FIpre.h /FI two.h /std:c17 /c a.c /link /INCREMENTAL';
  assert.deepEqual(read('win32', args.split(' ')), {
    include: ['C:\\w\\build\\inc', 'C:\\abs', 'C:\\w\\build\\ext', 'C:\\w\\build\\msvc'],
    macros: ['A=1', 'B=2', 'C=3', '-D'],
    forced: ['pre.h C:\\w\\build\\pre.h', 'two.h C:\\w\\build\\two.h'],
    std: 'c17',
    notes: [],
  });
  assert.deepEqual(read('posix', ['/opt/clang-cl', '/Iinc\\sub', '/DA=']).include, ['/w/build/inc/sub']);
  assert.deepEqual(read('posix', ['clang', '--driver-mode=cl', '/DX']).macros, ['X=1']);
});

test('variables of the environment, and what can not be known', () => {
  assert.deepEqual(read('win32', ['cl', '/I%SDK%\\inc', '/I%sdk%', '/I%NOWHERE%\\inc']), {
    include: ['C:\\w\\build\\sdk\\inc', 'C:\\w\\build\\sdk'],
    macros: [],
    forced: [],
    std: undefined,
    notes: ['The folder %NOWHERE%\\inc is left out: it names a variable that is not set.'],
  });
  assert.deepEqual(read('posix', ['gcc', '@more.rsp', '-DF(x)=x', '-std=c++17', '-std=k&r', '-I']), {
    include: [],
    macros: [],
    forced: [],
    std: undefined,
    notes: [
      'The response file @more.rsp is not read.',
      'The definition "F(x)=x" is left out: it names no macro without parameters.',
      'The standard "k&r" is not known.',
    ],
  });
});
