/** Raw tokens: what text splits into, where, and what is wrong with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionAt, type Span, sourceFile } from '../../base/source.ts';
import { type TokenizedFile, tokenize } from './tokenize.ts';

const read = (text: string): TokenizedFile => tokenize(sourceFile('t.c', text));

const letters = {
  identifier: 'i',
  number: 'n',
  char: 'c',
  string: 's',
  punctuator: 'p',
  define: 'd',
  part: 'D',
  pragma: '#',
  unknown: '?',
  end: '$',
};

/** Tokens as `kind:text`, blank-separated, without the end; no problem may come. */
function check(text: string, expected: string): void {
  const { tokens, problems } = read(text);
  assert.equal(
    tokens
      .slice(0, -1)
      .map((t) => `${letters[t.kind]}:${t.text}`)
      .join(' '),
    expected,
    text,
  );
  assert.deepEqual(problems, [], text);
}

function shown(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${line + 1}:${column + 1} ${JSON.stringify(span.file.text.slice(span.start, span.end))}`;
}

test('names', () => {
  check('a _b c1 $d e$ While', 'i:a i:_b i:c1 i:$d i:e$ i:While');
  check(
    'Größe привет 名前 x\u0301 \\u00e9x a\\U0001F600b 𝒳y',
    'i:Größe i:привет i:名前 i:x\u0301 i:éx i:a\\U0001F600b i:𝒳y',
  );
});

test('numbers', () => {
  check('0 12 0x1F 017 0b11 1ULL 5i64 7ui8 0xFFFFi64', 'n:0 n:12 n:0x1F n:017 n:0b11 n:1ULL n:5i64 n:7ui8 n:0xFFFFi64');
  check('1.5 .5 5. 1e5 1e+5 1.E-3f 0x1p-3 0x.8P+1L', 'n:1.5 n:.5 n:5. n:1e5 n:1e+5 n:1.E-3f n:0x1p-3 n:0x.8P+1L');
  check('1+2 1.2.3 0xE+1 1..2 a.5', 'n:1 p:+ n:2 n:1.2.3 n:0xE p:+ n:1 n:1..2 i:a n:.5');
  check('1_2 1a.b', 'n:1_2 n:1a.b');
});

test('literals', () => {
  check(`"a" L"b" u"c" U"d" u8"e" 'f' L'g' u8'h'`, `s:"a" s:L"b" s:u"c" s:U"d" s:u8"e" c:'f' c:L'g' c:u8'h'`);
  check(`"a\\"b\\\\" '\\'' 'WskT' "/*" "//" '"' "'"`, `s:"a\\"b\\\\" c:'\\'' c:'WskT' s:"/*" s:"//" c:'"' s:"'"`);
  check('L "a" LL"b" x"c"', 'i:L s:"a" i:LL s:"b" i:x s:"c"');
  check('"\\0\\x41\\u00e9ü"', 's:"\\0\\x41\\u00e9ü"');
});

test('punctuators, the longest first', () => {
  const all =
    '[ ] ( ) { } . -> ++ -- & * + - ~ ! / % << >> < > <= >= == != ^ | && || ? : ; ... = *= /= %= += -= <<= >>= &= ^= |= , # ##';
  check(
    all,
    all
      .split(' ')
      .map((p) => `p:${p}`)
      .join(' '),
  );
  check(
    'a+++b a---b ..  a<<=b #@x ->* <<<',
    'i:a p:++ p:+ i:b i:a p:-- p:- i:b p:. p:. i:a p:<<= i:b p:#@ i:x p:-> p:* p:<< p:<',
  );
  check('<: :> <% %> %: %:%: %:% <::>', 'p:[ p:] p:{ p:} p:# p:## p:# p:% p:[ p:]');
  check('a ? b::c', 'i:a p:? i:b p:: p:: i:c');
  check('??= ??(', 'p:? p:? p:= p:? p:? p:(');
});

test('comments and white space', () => {
  check('a/**/b/* * / \n */c//d\ne /***/ f //', 'i:a i:b i:c i:e i:f');
  check('a//b\\\nc\nd /\\\n/ e\nf /\\\n* g *\\\n/ h', 'i:a i:d i:f i:h');
  check('\ufeffa\tb\vc\fd\0e\x1a', 'i:a i:b i:c i:d i:e');
  check('a\rb\r\nc\nd', 'i:a i:b i:c i:d');
});

test('line splices join anything', () => {
  check('ab\\\nc 1\\\r\n2 "x\\\ny" +\\\n\\\n+ \\\n', 'i:abc n:12 s:"xy" p:++');
});

test('places point into the text as it is', () => {
  const { tokens } = read('a b\\\nc\\\r\n  "d\\\n"\\\n;\\\n');
  const places = tokens.map((t) => shown({ file: t.file, start: t.start, end: t.end }));
  assert.deepEqual(places, ['1:1 "a"', '1:3 "b\\\\\\nc"', '3:3 "\\"d\\\\\\n\\""', '5:1 ";"', '6:1 ""']);
});

test('line starts and white space before tokens', () => {
  const { tokens } = read('a b(/**/c\n d/*\n*/e\n\nf');
  const flags = tokens.map((t) => `${t.startsLine ? '^' : ''}${t.afterSpace ? '_' : ''}${t.text}`);
  assert.deepEqual(flags, ['^a', '_b', '(', '_c', '^_d', '_e', '^_f', '']);
});

test('directives and header names', () => {
  const { tokens, directives } = read(
    '#include <a/b\'c.h> // x\n # include "d\\e.h"\na # b\n#\n#if a < b\n/**/#include <x\n/*\n*/ #define <c>\n',
  );
  assert.deepEqual(
    directives.map((i) => `${tokens[i]?.text}${tokens[i + 1]?.text}`),
    ['#include', '#include', '##', '#if', '#include', '#define'],
  );
  assert.deepEqual(
    tokens.filter((t) => t.kind === 'string').map((t) => t.text),
    ["<a/b'c.h>", '"d\\e.h"'],
  );
});

/** Problems as place and code. */
function problems(text: string, expected: readonly string[]): void {
  assert.deepEqual(
    read(text).problems.map((p) => `${shown(p.span)} ${p.code}`),
    expected,
    text,
  );
}

test('what is wrong has a place', () => {
  problems('"a\nb \'c\n"', [
    '1:1 "\\"a" unterminated-literal',
    '2:3 "\'c" unterminated-literal',
    '3:1 "\\"" unterminated-literal',
  ]);
  problems('L"a\\', ['1:1 "L\\"a\\\\" unterminated-literal']);
  problems("'' L'' \"\"", ['1:1 "\'\'" empty-character-constant', '1:4 "L\'\'" empty-character-constant']);
  problems('a /* b\nc', ['1:3 "/*" unterminated-comment']);
  problems('a \\ \nb // c \\\t\nd\n/* e \\ \n*/ \\ x', [
    '1:3 "\\\\ " backslash-and-space',
    '2:8 "\\\\\\t" backslash-and-space',
  ]);
  assert.equal(read('@').tokens[0]?.kind, 'unknown');
  assert.deepEqual(
    read('a ` \\ 😀 \u00a0').tokens.map((t) => t.kind),
    ['identifier', 'unknown', 'unknown', 'unknown', 'unknown', 'end'],
  );
});

test('a file is read once', () => {
  const file = sourceFile('t.c', 'a');
  assert.equal(tokenize(file), tokenize(file));
  assert.notEqual(tokenize(file), tokenize(sourceFile('t.c', 'a')));
});
