/**
 * Broken C text from right one: a text, another to splice with, and random numbers in; a mutant out.
 *
 * Mutations are those that people and merges make (a token lost, doubled, swapped; a file cut off; two files run into
 * one another) and those that only a hostile file has (storms of braces, nesting without an end, huge numbers, random
 * bytes). Every mutant is a function of its seed.
 */
import type { Random } from './random.ts';

const tokenPattern = /[A-Za-z_]\w*|\.?\d[\w.]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\s+|[^\s\w]/g;

/** Tokens, spaces among them, so that joining them gives the text back. */
function piecesOf(text: string): string[] {
  return text.match(tokenPattern) ?? [];
}

export function mutate(text: string, other: string, random: Random): string {
  let mutant = text;
  for (let changes = 1 + random.below(5); changes > 0; changes--) {
    mutant = random.pick(mutations)(mutant, other, random);
    // What doubles a file again and again would measure nothing but its size.
    if (mutant.length > lengthMax) mutant = mutant.slice(0, lengthMax);
  }
  return mutant;
}

/** A change after which most texts are still right C: another number or operator, a line less, two words swapped. */
export function mutateGently(text: string, random: Random): string {
  const pieces = piecesOf(text);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const kind = random.pick(kinds);
    const places = pieces.flatMap((piece, at) => (kind.includes(piece) ? [at] : []));
    if (places.length > 0) pieces[random.pick(places)] = random.pick(kind);
  }
  const lines = pieces.join('').split('\n');
  const statements = lines.flatMap((line, at) => (/^\s+[^{}]*;$/.test(line) ? [at] : []));
  if (statements.length > 0 && random.oneIn(2)) lines.splice(random.pick(statements), 1);
  return lines.join('\n');
}

/** What can stand for one another. */
const kinds: readonly (readonly string[])[] = [
  ['0', '1', '2', '3', '4', '8', '16', '100', '0x7fffffff', '0xffffffff', '-1', '1ull'],
  ['+', '-', '*', '/', '%', '&', '|', '^'],
  ['<', '>'],
  ['TRUE', 'FALSE', 'NULL', '0'],
  ['int', 'char', 'short', 'unsigned', 'long long', 'float', 'double'],
  ['ULONG', 'USHORT', 'UCHAR', 'LONG', 'ULONGLONG', 'SIZE_T', 'PVOID'],
  ['break', 'continue'],
  ['if', 'while'],
  ['STATUS_SUCCESS', 'STATUS_PENDING', 'STATUS_MORE_PROCESSING_REQUIRED', 'STATUS_UNSUCCESSFUL'],
];

const lengthMax = 200_000;

type Mutation = (text: string, other: string, random: Random) => string;

const mutations: readonly Mutation[] = [
  tokens((pieces, at, random) => pieces.splice(at, 1 + random.below(3))),
  tokens((pieces, at, random) => pieces.splice(at, 0, ...pieces.slice(at, at + 1 + random.below(8)))),
  tokens((pieces, at, random) => {
    const to = random.below(pieces.length);
    [pieces[at], pieces[to]] = [pieces[to] ?? '', pieces[at] ?? ''];
  }),
  tokens((pieces, at, random) => pieces.splice(at, 1, random.pick(pieces))),
  tokens((pieces, at, random) => pieces.splice(at, 1, random.pick(words))),
  tokens((pieces, at, random) => pieces.splice(at, 0, ' ', random.pick(words), ' ')),
  tokens((pieces, at, random) => pieces.splice(at, 0, random.pick(marks))),
  tokens((pieces, at, random) => pieces.splice(at, random.below(100))),
  byteFlips,
  lineSplice,
  truncation,
  storm,
  fileSplice,
  nesting,
  hugeNumber,
  macros,
];

function tokens(change: (pieces: string[], at: number, random: Random) => void): Mutation {
  return (text, _other, random) => {
    const pieces = piecesOf(text);
    if (pieces.length === 0) return text;
    change(pieces, random.below(pieces.length), random);
    return pieces.join('');
  };
}

function place(text: string, random: Random): number {
  return random.below(text.length + 1);
}

function inserted(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

function byteFlips(text: string, _other: string, random: Random): string {
  const characters = [...text];
  if (characters.length === 0) return text;
  for (let count = 1 + random.below(6); count > 0; count--) {
    const at = random.below(characters.length);
    const code = (characters[at] ?? ' ').charCodeAt(0);
    characters[at] = String.fromCharCode(
      random.oneIn(6) ? random.below(0x10000) : (code ^ (1 << random.below(8))) & 0xff,
    );
  }
  return characters.join('');
}

/** A line goes, comes twice, ends in a backslash, or runs into the next. */
function lineSplice(text: string, _other: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  switch (random.below(4)) {
    case 0:
      lines.splice(at, 1 + random.below(5));
      break;
    case 1:
      lines.splice(at, 0, ...lines.slice(at, at + 1 + random.below(10)));
      break;
    case 2:
      lines[at] += '\\';
      break;
    default:
      lines.splice(at, 2, `${lines[at] ?? ''} ${lines[at + 1] ?? ''}`);
  }
  return lines.join('\n');
}

function truncation(text: string, _other: string, random: Random): string {
  return random.oneIn(2) ? text.slice(0, place(text, random)) : text.slice(place(text, random));
}

function storm(text: string, _other: string, random: Random): string {
  const set = random.pick(['{}', '()', '[]', '{}()[];', '<>', '"\'', '*&', '#\n', '(){', ',;:?']);
  let all = '';
  for (let count = 1 + random.below(200); count > 0; count--) all += set.charAt(random.below(set.length));
  return inserted(text, place(text, random), all);
}

function fileSplice(text: string, other: string, random: Random): string {
  const from = place(other, random);
  const piece = other.slice(from, from + random.below(4000));
  const at = place(text, random);
  return text.slice(0, at) + piece + text.slice(at + random.below(4000));
}

function nesting(text: string, _other: string, random: Random): string {
  const [open, close] = random.pick(nests);
  const depth = random.pick([10, 100, 1000, 10_000]);
  const closes = random.oneIn(3) ? 0 : depth;
  return inserted(text, place(text, random), open.repeat(depth) + close.repeat(closes));
}

const nests: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'],
  ['{', '}'],
  ['[', ']'],
  ['f(', ')'],
  ['if (1) ', ';'],
  ['if (1) {', '} else {}'],
  ['while (x) ', ';'],
  ['switch (x) { case 1: ', '}'],
  ['struct {', '} x;'],
  ['union { struct {', '}; } x;'],
  ['!', ''],
  ['- ', ''],
  ['*', ''],
  ['(int)', ''],
  ['sizeof ', ''],
  ['sizeof(', ')'],
  ['1 + (', ')'],
  ['x = ', ''],
  ['x ? x : ', ''],
  ['{ .a = ', '}'],
  ['int (*', ')(void)'],
  ['int a(int (*', ')(int))'],
  ['#if 1\n', '#endif\n'],
  ['#ifdef A\n#else\n', '#endif\n'],
  ['_Generic(1, int: ', ')'],
  ['__try { ', '} __finally { }'],
  ['({ ', '; })'],
  ['typeof(', ')'],
  ['__declspec(align(', '))'],
  ['_When_(1, ', ')'],
  ['_At_(', ', )'],
  ['enum { A = ', '};'],
  ['->x', ''],
  ['[0]', ''],
  ['"a" ', ''],
  ['a, ', ''],
];

const numbers = [
  '99999999999999999999999999999999',
  '0xffffffffffffffffffff',
  '1e99999',
  '1e-99999',
  '0x1p99999',
  '0777777777777777777777777777',
  '0b11111111111111111111111111111111111111111111111111111111111111111111',
  '2147483648',
  '18446744073709551615u',
  '-1',
  '0',
  '1.2.3',
  '0x',
  '1u8q',
  "'abcdefgh'",
  "''",
  '1i128',
];

function hugeNumber(text: string, _other: string, random: Random): string {
  const number = random.pick(numbers);
  const form = random.pick([number, `[${number}]`, ` : ${number}`, `x[${number}][${number}]`, `(1 << ${number})`]);
  return random.oneIn(2)
    ? inserted(text, place(text, random), form)
    : text.replace(/(?<!\w)\d+(?!\w)/g, (found) => (random.oneIn(8) ? number : found));
}

/** Macros that eat the words of the text, or call themselves and one another. */
function macros(text: string, _other: string, random: Random): string {
  const names = text.match(/\b[A-Za-z_]\w*\b/g) ?? ['x'];
  const a = random.pick(names);
  const b = random.pick(names);
  const line = random.pick([
    `#define ${a} ${b}`,
    `#define ${a} ${a} ${a}`,
    `#define ${a}(x) x x ${a}(x)\n#define ${b} ${a}(${a}(${b}))`,
    `#define ${a}(...) __VA_ARGS__ #__VA_ARGS__ ${b}(__VA_ARGS__)`,
    `#define ${a}(x, y) x ## y ## ${b}`,
    `#define ${a} (`,
    `#define ${a} {`,
    `#define ${a}`,
    `#define ${a}(`,
    `#undef ${a}`,
    `#if ${a}(${b}`,
    `#if 1 ? ${a} : / 0`,
    `#include ${a}`,
    '#include "driver.c"',
    `#define M0 ${a} ${b}\n${Array.from({ length: 30 }, (_, i) => `#define M${i + 1} M${i} M${i}`).join('\n')}\nM30`,
    `#pragma ${a}(${b}`,
    `_Pragma("${a}`,
    `#line 99999999999 "${b}`,
    '#else',
    '#endif',
    '#elif 1',
    `#error ${a}`,
  ]);
  const lines = text.split('\n');
  lines.splice(random.below(lines.length), 0, line);
  return lines.join('\n');
}

const marks = [
  ...'{}()[];,.*&#"\'\\<>=:?!~+-/%^|@`$\0',
  '##',
  '...',
  '->',
  '<<=',
  '/*',
  '*/',
  '//',
  '\\\n',
  '??/',
  '%:',
];

const words = (
  'int char short long unsigned signed float double void _Bool const volatile static extern inline typedef struct union ' +
  'enum if else while do for switch case default break continue goto return sizeof _Alignof _Alignas _Generic ' +
  '_Static_assert _Noreturn _Atomic _Complex _Thread_local register restrict auto typeof __typeof__ __attribute__ ' +
  '__declspec __try __except __finally __leave __int64 __int8 __cdecl __stdcall __forceinline __pragma __asm ' +
  '__builtin_va_arg va_arg offsetof __unaligned __ptr64 _In_ _Out_ _Inout_opt_ _IRQL_requires_max_ _When_ _At_ ' +
  '_Function_class_ _Success_ _Use_decl_annotations_ __drv_aliasesMem NTSTATUS PIRP PVOID VOID NULL DriverEntry x f ' +
  '__LINE__ __VA_ARGS__ __VA_OPT__ __COUNTER__ __FUNCTION__ __has_include defined L"x" u8"x" L\'x\' "" 0x1 1.0f 1ull'
).split(' ');
