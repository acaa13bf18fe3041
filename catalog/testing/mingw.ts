/**
 * A C compiler and kernel headers that nobody here wrote: mingw-w64 (Debian: gcc-mingw-w64-x86-64-win32).
 *
 * In: names of headers and C text. Out: what the compiler says or makes of them. Our headers are compiled with the
 * annotation words as empty macros, because only our front end knows those by itself.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { data, root } from './bundled.ts';

export const compiler = 'x86_64-w64-mingw32-gcc';
export const canCompile = spawnSync(compiler, ['--version']).status === 0;

/** A set of headers to compile with, and how to find them. */
export interface HeaderSet {
  readonly includes: readonly string[];
  readonly flags: readonly string[];
}

export interface Mingw {
  readonly ours: HeaderSet;
  readonly kernel: HeaderSet;
  readonly user: HeaderSet;
  /** Errors and warnings, one text each. */
  diagnose(headers: HeaderSet, text: string, options?: readonly string[]): string[];
  /** Compiles assertions, one a line: those that fail, and how many there were whose names are known there. */
  checkAsserts(
    headers: HeaderSet,
    asserts: readonly string[],
  ): { readonly failed: string[]; readonly compared: number };
  /** Names of the macros in capitals that have a replacement and no parameters. */
  macroNames(headers: HeaderSet): Set<string>;
  /** Values of those names that are integers there. */
  valuesOf(headers: HeaderSet, names: readonly string[]): Map<string, bigint>;
  dispose(): void;
}

const defines = ['-D_AMD64_', '-DNTDDI_VERSION=0x0A00000C', '-D_WIN32_WINNT=0x0A00', '-DDBG=1'];
/** Microsoft's words, as this compiler spells them. */
const words = [
  '-D__int64=long long',
  '-D__forceinline=static inline __attribute__((unused))',
  '-Dalign(x)=aligned(x)',
  '-D__unaligned=',
  '-D__ptr64=',
  '-D__assume(x)=((void)0)',
];

export function openMingw(): Mingw {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-headers-'));
  const annotations = join(folder, 'annotations.h');
  writeFileSync(annotations, annotationMacros());
  const language = ['-std=gnu11', '-fms-extensions', '-fno-builtin', '-fshort-wchar', '-nostdinc', '-Wno-attributes'];
  const ourFlags = [...language, ...words, '-I', join(root, 'catalog/headers'), '-include', annotations];
  const theirFlags = ['-I', kernelFolder(folder), '-w'];
  const run = (headers: HeaderSet, text: string, options: readonly string[]): { output: string; errors: string } => {
    const source = join(folder, 'test.c');
    writeFileSync(source, `${headers.includes.map((name) => `#include <${name}>\n`).join('')}${text}\n`);
    const all = [...headers.flags, ...defines, '-fmax-errors=0', ...options, source];
    const { stdout, stderr } = spawnSync(compiler, all, { encoding: 'utf8', maxBuffer: 1 << 28 });
    return { output: stdout, errors: stderr };
  };
  // Both have these behind the headers that they begin with.
  const besides = ['ntddcdrm.h', 'ntdddisk.h', 'ntimage.h', 'ntddkbd.h', 'stdint.h', 'limits.h', 'float.h'];
  const mingw: Mingw = {
    ours: {
      includes: [
        'ntifs.h',
        'aux_klib.h',
        'wsk.h',
        'wdf.h',
        'netioapi.h',
        'd4drvif.h',
        'bcrypt.h',
        'wmilib.h',
        'evntrace.h',
        'wdmsec.h',
        'ntstrsafe.h',
        ...besides,
      ],
      flags: ourFlags,
    },
    kernel: {
      includes: ['ntifs.h', 'ntstatus.h', 'd4iface.h', 'd4drvif.h', ...besides],
      flags: theirFlags,
    },
    user: {
      includes: ['winsock2.h', 'ws2tcpip.h', 'mstcpip.h', 'netioapi.h', 'bcrypt.h', 'evntrace.h'],
      flags: theirFlags,
    },
    diagnose: (headers, text, options = ['-w']) => {
      const { errors } = run(headers, text, [...options, '-fsyntax-only']);
      return [...errors.matchAll(/: ((?:fatal error|error|warning): .*)$/gm)].map((match) => match[1] ?? '');
    },
    checkAsserts: (headers, asserts) => {
      const { errors } = run(headers, `#line 1 "asserts"\n${asserts.join('\n')}`, ['-w', '-fsyntax-only']);
      const found = [...errors.matchAll(/^asserts:(\d+):\d+: error: (.*)$/gm)];
      const failed = found.map((match) => match[2] ?? '').filter((text) => text.startsWith('static assertion failed'));
      const unknown = new Set(found.filter((match) => !failed.includes(match[2] ?? '')).map((match) => match[1]));
      return { failed, compared: asserts.length - unknown.size };
    },
    macroNames: (headers) => {
      const { output } = run(headers, '', ['-E', '-dM']);
      return new Set([...output.matchAll(/^#define ([A-Z]\w*) \S/gm)].map((match) => match[1] ?? ''));
    },
    valuesOf: (headers, names) => {
      let rest = names;
      // Each round drops the names at which the compiler stumbles; what depends on them goes in the next one.
      for (let round = 0; round < 8; round++) {
        const text = rest.map(
          (name) => `\n#line 1 "${name}"\nconst long long wsk_${name} = ${flip}(long long)(${name});`,
        );
        const { output, errors } = run(headers, text.join(''), ['-w', '-S', '-o', '-']);
        const bad = new Set([...errors.matchAll(/^(\w+):1:\d+: (?:error|note)/gm)].map((match) => match[1] ?? ''));
        if (bad.size === 0) return new Map([...output.matchAll(/^wsk_(\w+):\s*\.quad\s+(-?\d+)/gm)].map(readValue));
        rest = rest.filter((name) => !bad.has(name));
      }
      return new Map();
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
  return mingw;
}

/** Zeros would go where no value is printed, so every value is stored with its bits flipped. */
const flip = '~';

function readValue(match: RegExpExecArray): [string, bigint] {
  return [match[1] ?? '', ~BigInt.asIntN(64, BigInt(match[2] ?? '0'))];
}

/** Every annotation word of our headers as a macro without a replacement. */
function annotationMacros(): string {
  const found = new Map<string, boolean>();
  for (const text of Object.values(data.headers)) {
    const code = text.replace(/\/\*.*?\*\//gs, '');
    for (const match of code.matchAll(/(?<!\w)(_[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*_|__drv_\w+)(\s*\()?/g))
      found.set(match[1] ?? '', match[2] !== undefined);
  }
  return [...found].map(([word, hasArguments]) => `#define ${word}${hasArguments ? '(...)' : ''}\n`).join('');
}

/** Where the compiler keeps the kernel headers: a folder beside its own. */
function kernelFolder(folder: string): string {
  const source = join(folder, 'where.c');
  writeFileSync(source, '#include <windef.h>\n#include <ddk/d4iface.h>\n');
  const { stderr } = spawnSync(compiler, ['-w', '-H', '-fsyntax-only', source], { encoding: 'utf8' });
  return dirname(/^\.+ (.*d4iface\.h)$/m.exec(stderr)?.[1] ?? '');
}
