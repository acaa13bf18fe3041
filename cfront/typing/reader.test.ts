/**
 * Typing: after each edit a reader that has seen the texts before gives the unit that a fresh reading gives.
 * WSK_TYPING=400 is the long form: so many edits in each of many texts.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { createHeaderCache } from '../header-cache.ts';
import { parseTranslationUnit } from '../index.ts';
import { outlineHeaders } from '../outline-headers.ts';
import type { FunctionDefinition } from '../parse/ast.ts';
import { walk } from '../parse/walk.ts';
import { unitText } from '../testing/unit-text.ts';
import type { ParseOptions, TranslationUnit } from '../unit.ts';
import { createReader, type Reader } from './reader.ts';

const texts: Readonly<Record<string, string>> = {
  'os.h': `#pragma once
typedef unsigned long ULONG; typedef int LONG; typedef void VOID;
typedef struct _LIST { struct _LIST *Flink; ULONG Count; } LIST, *PLIST;
VOID Free(PLIST list); LONG Add(LONG *to, LONG by); ULONG Print(const char *format, ...);
LONG Rare(LONG n); LONG Rarer(LONG n); LONG Rarest(LONG n);
static inline LONG Twice(LONG n) { return n + n; }
static inline LONG Four(LONG n) { return Twice(Twice(n)); }
extern LONG Level;
#define ASSERT(e) ((e) ? (void)0 : (void)Print("%s %d", #e, __LINE__))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define NOTHING
#define THERE __has_include("own.h")
`,
  // A header that is bundled in part.
  'ntifs.h': `#pragma once
typedef struct _FCB { LONG References; } FCB;
`,
  'own.h': `#pragma once
struct LATER; extern LONG Shared; LONG Helper(LONG n);
static LONG InHeader(LONG n) { return n + Shared + Level; }
`,
};
const files = new Map(Object.entries(texts).map(([name, text]) => [name, sourceFile(name, text)]));
const headers = createHeaderCache();
let outlines: ReturnType<typeof outlineHeaders> = new Map();
const options: ParseOptions = {
  headers,
  include: ({ name }) => {
    const file: SourceFile | undefined = files.get(name);
    return file === undefined
      ? { kind: 'missing', searched: ['.'] }
      : { kind: 'found', file, isSystem: name !== 'own.h', outline: outlines.get(file) };
  },
};
// Declarations of the system header are read when their names are mentioned, as those of bundled headers are.
outlines = outlineHeaders(sourceFile('all', '#include "os.h"'), options.include);

const driver = `#include "os.h"
#include "own.h"
#define TAG 'gaT'
#define STEP(n) ((n) + TAG)
/* Before. */
static LONG Count; LONG Table[]; LONG Loose();
static LONG First(LONG a, LIST *list);
struct LATER *Head; struct NEVER Hole;

static LONG First(LONG a, LIST *list)
{
    LONG n = STEP(a); // one
    struct { LONG x; } local = { 1 };
    Add(&Count, n); ASSERT(n > 0);
    if (list != 0) { Free(list); }
    Loose(1, 2);
    return n + local.x;
}

#pragma warning(disable: 4101)
struct LATER { LONG value; };
LONG Table[4] = { 1, 2, 3, 4 };
LONG Loose(LONG one) { return one; }
#undef TAG
#define TAG 7

LONG Second(struct LATER *later)
{
    LONG m = MIN(later->value, Table[1]);
    switch (m) {
    case 1: goto out;
    default: break;
    }
    m = InHeader(STEP(m)) + Four(m) + sizeof(Table);
out:
    NOTHING;
    return Helper(m) + First(m, 0);
}

LONG Third(void)
{
    LONG *p = &Level;
    Second(Head);
    return *p; /* last */
}
`;

/** Where headers are missing or known in part, names that nothing declares are told of together. */
const drivers: Readonly<Record<string, string>> = {
  'all headers': driver,
  'conditions in bodies': driver
    .replace('    if (list', '#if TAG != 7\n    if (list')
    .replace(
      '    Loose(1, 2);',
      '#endif\n#ifdef STEP\n    Loose(1, 2);\n#else\n    Third();\n#if 0\n x\n#endif\n#endif',
    )
    .replace('    m = InHeader', '#if defined NEVER || TAG != 7\n  { wrong\n#elif MIN(1, 2) == 1\n    m = InHeader')
    .replace('out:\n', '#endif\nout:\n'),
  'numbers of lines': driver
    .replace('    switch (m) {', '    ASSERT(m > 0);\n    switch (m) {')
    .replace('    Second(Head);', '    Second(Head); ASSERT(p != 0); *p = __LINE__;'),
  'a header in part': `#include "os.h"\n#include "ntifs.h"\n${driver}`,
  'a header that is missing': `#include "gone.h"\n${driver
    .replace('LONG m = MIN(', 'GONE g = unknown + Unheard(1); LONG m = MIN(')
    .replace('LONG Third(', 'GONE Late; LONG Third(')
    .replace('    LONG *p =', '    GONE h; unknown = Unheard(2); Unheard(unknown); LONG *p =')}`,
};

const nameOf = ({ symbol }: FunctionDefinition): string => symbol.name;

test('one body is read again, all others are the trees that they were', () => {
  const { reader, read } = started(driver);
  const before = read(driver);
  const after = check(reader, driver.replace('Free(list);', 'Free(list); Count = 3;'), 'an edit');
  const kept = after.functions.filter((definition) => before.functions.includes(definition));
  assert.deepEqual(
    after.functions.filter((definition) => !kept.includes(definition)).map(({ symbol }) => symbol.name),
    ['First'],
  );
});

test('in what nobody reads, keys change places and no tree', () => {
  const base = driver
    .replace('LONG Third(', '/* What it does:\n * this. */\n\n\nLONG Third(')
    .replace('    m = InHeader', '    m// more\n    m = InHeader')
    .replace(
      '    Loose(1, 2);',
      '#if 0\n    gone();\n#ifdef X\n#endif\n#endif\n    Loose(1, 2); // two\n\n    Loose(3, 4);',
    )
    .replace('#undef TAG', '#ifdef NEVER\nstruct NEVER { LONG gone; };\n#endif\n#undef TAG');
  for (const [what, from, to, isSame] of [
    ['a comment at file scope', 'What it', 'What all of it', true],
    ['a line more in it', 'What it', 'What\n * it', true],
    ['an end in it', 'What it', 'What */ it', false],
    ['a begin in it', 'What it', 'What /* it', true],
    ['a splice in it', 'What it', 'What \\\n it', false],
    ['its end', ' * this. */', ' * this. *', false],
    ['a comment in a body', '// two', '// three', true],
    ['a comment right behind a word that lacks its semicolon', '// more', '// moreover', true],
    ['a comment behind code', '/* last */', '/* the last */', true],
    ['a comment before code', 'LONG Third(', '/* a */ LONG Third(', false],
    ['a blank line', '*/\n\n\nLONG', '*/\n\n\n\nLONG', true],
    ['blanks', '*/\n\n\nLONG', '*/\n  \n\nLONG', true],
    ['a line less', '*/\n\n\nLONG', '*/\n\nLONG', true],
    ['no line between', '*/\n\n\nLONG', '*/LONG', false],
    ['what stands to the right', '\n\n\nLONG Third', '\n\n\n  LONG Third', false],
    ['what is left out', 'struct NEVER { LONG gone; };', 'struct NEVER { LONG gone, two', true],
    ['a definition that is left out', 'NEVER { LONG', 'NEVER {\n#define TAG 9\n LONG', true],
    ['a condition in what is left out', 'struct NEVER { LONG gone; };', '#if 1\n#endif', false],
    ['its end', 'struct NEVER { LONG gone; };', '#endif', false],
    ['what a body leaves out', 'gone();', 'gone(1', true],
  ] as const) {
    assert.ok(base.includes(from), from);
    const { reader, read } = started(base);
    const before = read(base);
    const edited = base.replace(from, () => to);
    const { functions } = check(reader, edited, what);
    assert.equal(
      functions.every((definition, i) => definition === before.functions[i]),
      isSame,
      what,
    );
    check(reader, base, `${what}, taken back`);
    check(reader, base.replace('Free(list);', 'Free(list); Count = 3;'), `${what}, and a body`);
  }
});

const edits: readonly (readonly [what: string, from: string, to: string])[] = [
  ['a line more before numbers of lines', 'LONG n = STEP(a);', 'LONG n =\n STEP(a);'],
  ['a macro that means something else later', 'goto out;', 'return TAG;'],
  ['a macro as it was before', 'list != 0', 'list != (LIST *)TAG'],
  ['a record that is completed later', 'return n + local.x;', 'return Head->value;'],
  ['an array whose length comes later', 'return n + local.x;', 'return sizeof(Table);'],
  ['a prototype that comes later', 'Loose(1, 2);', 'Loose(1, 2, 3);'],
  ['a function that comes later', 'Loose(1, 2);', 'Third();'],
  ['an address that is taken no more', 'Add(&Count, n);', ''],
  ['an address of what a header declares', 'LONG *p = &Level;', 'LONG *p = 0;'],
  ['an address that is taken', 'Second(Head);', 'Add(&Count, (LONG)&m);'],
  ['a brace too many', 'Free(list); }', 'Free(list); } }'],
  ['a brace too few', 'Free(list); }', 'Free(list);'],
  ['a brace in the first column', 'Loose(1, 2);', '\n}\n'],
  ['a comment without an end', 'Loose(1, 2);', '/* Loose(1, 2);'],
  ['a comment that takes the brace', '\n    return *p; /* last */\n', ' // '],
  ['a string without an end', 'Loose(1, 2);', 'Print("x);'],
  ['a call without an end', 'ASSERT(n > 0);', 'ASSERT(n > 0;'],
  ['a directive', 'Loose(1, 2);', '\n#if 0\n Loose(1, 2);\n#endif\n'],
  ['a condition that holds', 'Loose(1, 2);', '\n#ifdef TAG\n Loose(1, 2);\n#endif\n'],
  ['groups that are left out', 'Loose(1, 2);', '\n#if !STEP(0)\n x }\n#elif 0\n{ "\n#else\n Loose(1, 2);\n#endif\n'],
  ['a condition in another', 'Loose(1, 2);', '\n#if 1\n#ifndef TAG\n x\n#endif\n Loose(1, 2);\n#endif\n'],
  ['a condition about a header', 'Loose(1, 2);', '\n#if __has_include("own.h")\n Loose(1, 2);\n#endif\n'],
  ['a macro about a header', 'Loose(1, 2);', '\n#if THERE\n Loose(1, 2);\n#endif\n'],
  ['a condition without an end', 'Loose(1, 2);', '\n#if TAG\n Loose(1, 2);\n'],
  ['an end without a condition', 'Loose(1, 2);', '\n Loose(1, 2);\n#endif\n'],
  ['a definition in a condition', 'Loose(1, 2);', '\n#if 1\n#undef TAG\n#endif\n'],
  ['a condition in a call', 'Loose(1, 2);', 'ASSERT(n\n#if 1\n > 0\n#endif\n);'],
  ['a definition', 'Loose(1, 2);', '\n#define TAG 8\n'],
  ['a declaration that others see', 'Loose(1, 2);', 'extern LONG Table[5];'],
  ['a function that nothing declares', 'Loose(1, 2);', 'Undeclared(1);'],
  ['a type that nothing declares', 'Loose(1, 2);', 'UNDECLARED x;'],
  ['a name that nothing declares', 'Loose(1, 2);', 'undeclared = Conut;'],
  ['a label', 'Loose(1, 2);', 'again: goto again;'],
  ['a declaration in the middle', 'Loose(1, 2);', 'struct LATER; enum E { A, B } e = B; LONG f(LONG q);'],
  ['a pragma', 'Loose(1, 2);', '__pragma(warning(disable: 4013))'],
  ['a splice', 'Loose(1, 2);', 'Loose(1, \\\n 2);'],
  ['an inline function of a header', 'Loose(1, 2);', 'Twice(2);'],
  ['no result', 'return n + local.x;', ''],
  ['a statement half typed', 'Loose(1, 2);', 'Loose(1, 2)'],
  ['the head', 'LONG a, LIST *list)\n{', 'LONG a, LIST *list, LONG b)\n{'],
  ['two places at once', 'static LONG Count;', 'static LONG Count, Other;'],
];

for (const [around, whole] of Object.entries(drivers)) {
  for (const [what, from, to] of edits) {
    test(`${what} with ${around}: there, gone again, and after other edits`, () => {
      const { reader } = started(whole);
      const edited = whole.replace(from, () => to);
      assert.notEqual(edited, whole);
      for (const text of [edited, whole, edited, `${edited} `]) check(reader, text, what);
      for (const [from2, to2] of [
        ['Free(list);', 'Free(list), Free(0);'],
        ['Free(list);', 'Free(list), unknown;'],
        ['m = InHeader', 'unknown = unknown2 + InHeader'],
        ['Second(Head);', 'Second(Head); p++;'],
        ['return *p;', 'return *unknown'],
        ['return *p;', 'return Unheard(*p) + Unheard2(0)'],
        ['m = InHeader', 'GONE i; Unheard2(0); m = Unheard3(InHeader(0)) + InHeader'],
      ] as const) {
        check(reader, edited.replace(from2, to2), `${what}, then ${to2}`);
        check(reader, edited, `${what}, then without ${to2}`);
      }
    });
  }

  test(`a name half typed with ${around}: its body alone is read`, () => {
    const { reader } = started(whole);
    const typed = ['u', 'un', 'und', 'unde', 'und', ''].map((name) =>
      whole.replace('Loose(1, 2);', `Loose(1, 2); ${name}`),
    );
    const [first, ...others] = typed.map((text) => check(reader, text, 'half typed').functions.at(-1));
    assert.ok(first !== undefined && others.every((definition) => definition === first));
  });
}

test('a block that is typed has its body alone read, open or closed, once the text has had a mistake', () => {
  const typed = (text: string): string => driver.replace('Loose(1, 2);', `Loose(1, 2);\n    ${text}\n`);
  const { reader } = started(typed(''));
  const last = (text: string) => check(reader, typed(text), text).functions.at(-1);
  last('if (a');
  const open = last('if (a) {');
  for (const text of ['if (a) { Count', 'if (a) { Count = 1;', 'if (a) { while (n) {', 'if (a) {'])
    assert.equal(last(text), open, text);
  // Another body is read while this one is open.
  const elsewhere = (text: string): string => text.replace('return *p;', 'return *p + 1;');
  check(reader, elsewhere(typed('if (a) {')), 'another body');
  check(reader, typed('if (a) {'), 'another body as it was');
  const closed = last('if (a) { }');
  assert.equal(last('if (a) { ; }'), closed);
  last('if (a) { ;');
  check(reader, elsewhere(typed('if (a) { ; }')), 'closed, then another body');
});

/** What is typed into a body, from a right text on. */
const mistakes = [
  '\n#\n',
  '\n#i\n',
  'Print("',
  "n = 'x",
  'if (a) {',
  'n = ',
  '(',
  'Conut++;',
  'UNDECLARED x;',
  'n = list',
  '\n  n = \n',
  'if (a) { }',
] as const;

for (const around of ['all headers', 'numbers of lines', 'a header in part'] as const) {
  test(`the first mistake of a text and its last one cost their body alone with ${around}`, () => {
    const whole = drivers[around] ?? '';
    for (const mistake of mistakes) {
      const { reader, read } = started(whole);
      const others = (unit: TranslationUnit) => unit.functions.filter(({ symbol }) => symbol.name === 'Loose');
      const before = others(read(whole));
      const typed = (text: string): string => whole.replace('Loose(1, 2);', `Loose(1, 2); ${text}`);
      for (const text of [typed(mistake), typed(`${mistake} `), typed(''), typed(mistake)])
        assert.deepEqual(others(check(reader, text, mistake)), before, mistake);
      // A second body is wrong at the same time, and the first one is mended before it.
      const second = (text: string): string => text.replace('Second(Head);', 'Second(Head); unknown = (;');
      for (const text of [second(typed(mistake)), second(whole), whole])
        assert.deepEqual(others(check(reader, text, mistake)), before, `${mistake}, and a second one`);
    }
  });
}

/** What is typed behind the first body's call, key by key: the first ones have all of the text read, the last one not. */
const mended: readonly (readonly string[])[] = [
  [' /*', ' /* w', ' /* why', ' /* why */'],
  ['\n#if', '\n#if ', '\n#if TAG', '\n#if TAG\n#endif\n'],
  ['\n#if 0\n', '\n#if 0\n x', '\n#if 0\n x\n#endif\n'],
  [' Print("', ' Print("x', ' Print("x");'],
  [' }', ' { }'],
  ['\n#define', '\n#define A', ''],
];

test('what mends a body brings the trees of the text before back, also where all had to be read between', () => {
  for (const keys of mended) {
    const { reader, read } = started(driver);
    const others = (unit: TranslationUnit) => unit.functions.filter(({ symbol }) => symbol.name !== 'First');
    const before = others(read(driver));
    const typed = keys.map((text) => check(reader, driver.replace('Loose(1, 2);', `Loose(1, 2);${text}`), text));
    const last = typed[typed.length - 1] as TranslationUnit;
    assert.deepEqual(others(last).map(nameOf), before.map(nameOf));
    assert.ok(
      others(last).every((node, i) => node === before[i]),
      keys.join(),
    );
  }
});

test('a brace that is deleted and typed again brings the trees back', () => {
  const { reader, read } = started(driver);
  const before = read(driver).functions;
  check(reader, driver.replace('local.x;\n}', 'local.x;\n'), 'deleted');
  check(reader, driver.replace('local.x;\n}', 'local.x;\n;'), 'and more');
  const after = check(reader, driver, 'typed again').functions;
  assert.equal(after.filter((node) => before.includes(node)).length, before.length - 1);
  // Another place is typed in: the text before is of no more use.
  check(reader, driver.replace('local.x;\n}', 'local.x;\n'), 'deleted');
  check(reader, driver.replace('local.x;\n}', 'local.x;\n').replace('LONG Count;', 'LONG Count, Other;'), 'elsewhere');
  check(reader, driver.replace('LONG Count;', 'LONG Count, Other;'), 'typed again');
});

/** What is typed between two declarations, key by key. */
const declared = [
  'static LONG Typed = 1;\n',
  'LONG Typed(LIST *l);\n',
  'static LONG\nTyped(LONG a)\n{\n    return a;\n}\n',
  'struct TYPED {\n    LONG a;\n};\n',
  'typedef LONG TYPED, *PTYPED;\n',
  'enum TYPED { ONE, TWO = ONE };\n',
] as const;

/** Where it is typed: before this. */
const between = [
  'static LONG Count;',
  'static LONG First(LONG a, LIST *list)\n{',
  '#pragma',
  'LONG Second(',
  '',
] as const;

test('a declaration that is typed at file scope, and taken back key by key', () => {
  for (const [i, text] of declared.entries()) {
    for (const [k, before] of between.entries()) {
      const whole = Object.values(drivers)[(i + k) % 5] ?? driver;
      const at = before === '' ? whole.length : whole.indexOf(before);
      const { reader } = started(whole);
      const typed = (count: number): string => `${whole.slice(0, at)}${text.slice(0, count)}\n${whole.slice(at)}`;
      for (let count = 0; count <= text.length; count++) check(reader, typed(count), `${count} keys of ${text}`);
      // Another place is typed in while it is half there.
      const half = typed(text.length >> 1);
      const elsewhere = half.replace('Second(Head);', 'Second(Head); p++;');
      for (const now of [half, elsewhere, half, `${half}\nLONG Last;`, half])
        check(reader, now, `half of ${text}, then more`);
      for (let count = text.length - 1; count >= 0; count -= 3)
        check(reader, typed(count), `${count} keys left of ${text}`);
    }
  }
});

/** Nothing is wrong with it. */
const right = `#include "os.h"
static LONG Count;

static LONG First(LONG a)
{
    return Add(&Count, a);
}

typedef LONG OTHER;

LONG Third(void)
{
    return First(1);
}
`;

test('a brace too many that goes again brings the trees of a right text back', () => {
  const { reader, read } = started(right);
  const before = read(right).functions.at(-1);
  check(reader, right.replace('return Add', '} return Add'), 'a brace');
  assert.equal(check(reader, right, 'gone again').functions.at(-1), before);
});

test('who types a declaration at file scope has it alone read, and the one behind it where it may belong to that', () => {
  for (const text of declared.slice(0, 3)) {
    const { reader, read } = started(right);
    const others = (unit: TranslationUnit) => unit.functions.filter(({ symbol }) => !symbol.name.startsWith('T'));
    const before = others(read(right));
    const at = right.indexOf('typedef');
    // A body that has no end yet ends where the next one begins.
    for (let count = 1; count <= text.length; count += text.charAt(count) === '{' ? 20 : 1) {
      const typed = `${right.slice(0, at)}${text.slice(0, count)}\n${right.slice(at)}`;
      const now = others(check(reader, typed, `${count} keys of ${text}`));
      assert.ok(
        now.every((node, i) => node === before[i]),
        text.slice(0, count),
      );
    }
  }
});

test('an old-style parameter has its place in the newer text', () => {
  const old = `${driver}\nLONG Old(m) LONG m; { return m; }\n`;
  const { reader } = started(old);
  check(reader, old.replace('Loose(1, 2);', 'Loose(1, 22);'), 'above it');
});

test('names of headers that a body mentions first leave those between it and the next body where they are', () => {
  const { reader } = started(driver);
  const first = driver.replace('Loose(1, 2);', 'Rare(Rarer(Rarest(1))); Loose(1, 2);');
  check(reader, first, 'the first body');
  check(reader, first.replace('Second(Head);', 'Head = (void *)Second; p = (void *)Third;'), 'the last body');
});

test('a tree of an older text that somebody holds has all of its places in one text', () => {
  const { reader, read } = started(driver);
  const held = read(driver).functions.find(({ symbol }) => symbol.name === 'Third') as FunctionDefinition;
  // The first text that is broken has the whole file read, the second one a body only.
  const broken = driver.replace('Free(list);', 'Free(list); (');
  check(reader, broken, 'broken');
  check(reader, broken.replace('(list); (', '(list); ( x'), 'more of it');
  const texts = new Set<string>();
  walk(held.body, ({ first, last }) => {
    for (const { file } of [first, last]) texts.add(file.text);
  });
  assert.equal(texts.size, 1);
});

test('a header that has changed is read', () => {
  const { reader } = started(driver);
  files.set('own.h', sourceFile('own.h', `${texts['own.h']} extern LONG More;\n`));
  const unit = check(reader, driver.replace('Loose(1, 2);', 'Loose(More, 2);'), 'a header');
  assert.ok(unit.symbols.has('More'));
  files.set('own.h', sourceFile('own.h', texts['own.h'] ?? ''));
  check(reader, driver, 'a header as it was');
});

test('a reading is current as long as its text and its headers are the same', () => {
  const reader = createReader();
  const file = sourceFile('driver.c', driver);
  assert.equal(reader.isCurrent(file, options), false);
  reader.read(file, options);
  assert.equal(reader.isCurrent(file, options), true);
  assert.equal(reader.isCurrent(sourceFile('driver.c', driver), options), false);
  assert.equal(reader.isCurrent(file, { ...options, defines: { TAG: '1' } }), false);
  assert.equal(reader.isCurrent(file, { ...options, include: () => ({ kind: 'missing', searched: ['.'] }) }), false);
  files.set('own.h', sourceFile('own.h', `${texts['own.h']} extern LONG More;\n`));
  assert.equal(reader.isCurrent(file, options), false);
  files.set('own.h', sourceFile('own.h', texts['own.h'] ?? ''));
});

test('between the pieces of a reading other files are read with the same headers, and older units asked', () => {
  for (const [name, text] of Object.entries(drivers)) {
    const reader = createReader();
    const older = reader.read(sourceFile('older.c', text), options);
    const work = reader.reading(sourceFile('driver.c', text), options);
    const others = Object.values(drivers);
    let pieces = 0;
    let step = work.next();
    for (; step.done !== true; step = work.next()) {
      const other = others[pieces++ % others.length] ?? '';
      reader.read(sourceFile('other.c', `${other}\nLONG Of${pieces}(LONG n) { return Rare(n); }\n`), options);
      older.symbols.get(['Rarer', 'Four', 'Helper'][pieces % 3] ?? '');
    }
    assert.ok(pieces > 10, `${name}: ${pieces} pieces`);
    const fresh = parseTranslationUnit(sourceFile('driver.c', text), { ...options, headers: createHeaderCache() });
    assert.equal(unitText(step.value), unitText(fresh), name);
    check(reader, text.replace('return', ' return'), `${name}, typed in`);
  }
});

test('a reading that is let go of leaves nothing to the next one', () => {
  const { reader } = started(driver);
  for (const pieces of [1, 3, 10]) {
    const work = reader.reading(sourceFile('driver.c', driver.replace('#define TAG', '#define TAGS')), options);
    for (let i = 0; i < pieces; i++) assert.equal(work.next().done, false);
    check(reader, driver.replace('Loose(1, 2);', `Loose(${pieces}, 2);`), `after ${pieces} pieces`);
  }
});

const scraps = [
  ...['{', '}', '(', ')', ';', ';', '*', '"', "'", '/*', '*/', '//', '\n', '\r\n', '\\\n', '#if 0\n', '\n#endif\n'],
  ...['#', ' ', 'é', '0x', 'return 1;', 'STEP(', 'TAG', 'LONG ', 'if (', 'else ', 'goto out;', 'out:', 'static '],
  ...['struct {', 'typedef ', 'x', '&', 'LONG q; q = 1;', '&Count', 'Table[0]', 'ASSERT(Count);', 'Add(&Count, 1);'],
  ...['Undeclared(1);', 'UNDECLARED x;', 'extern LONG Shared;', 'LONG f(LONG z);', 'NOTHING', '__LINE__', 'case 3:'],
  ...['unknown', 'unknown;', 'unknown2(', 'list->none', '(UNKNOWN)n', 'unknown = ', 'GONE gone;'],
  ...['\n#if TAG\n', '\n#ifdef NEVER\n', '\n#else\n', '\n#elif 1\n', '\n#endif\n', '\n#if 1\n x;\n#endif\n'],
  ...['Unheard(1);', 'Unheard2(1);', 'Unheard3(', 'Unheard', 'LONG Unheard2(LONG n);'],
] as const;

test('random edits', () => {
  const long = process.env['WSK_TYPING'];
  const count = Number(long ?? 40);
  let again = 0;
  for (let seed = 1; seed <= (long === undefined ? 12 : 120); seed++) {
    const below = random(seed);
    const whole = Object.values(drivers)[seed % 5] ?? driver;
    const { reader } = started(whole);
    let text = whole;
    let near = 0;
    let last: FunctionDefinition | undefined;
    for (let done = 0; done < count; done++) {
      if (done % 8 === 0) {
        text = whole;
        const place = below(5);
        near = place === 0 ? below(text.length) : text.indexOf(place === 1 ? '\n\n' : ';', 500 + below(700));
      }
      const at = Math.min(text.length, near + below(30));
      const removed = below(3) === 0 ? below(12) : 0;
      const added = below(4) === 0 ? '' : (scraps[below(scraps.length)] ?? '');
      text = text.slice(0, at) + added + text.slice(at + removed);
      const unit = check(reader, text, `seed ${seed}, ${done} edits`);
      // As the editor does between keystrokes: looking something up must not change what is read later.
      unit.symbols.get(['Four', 'Twice', 'Print', 'Level'][below(8)] ?? '');
      const now = unit.functions.at(-1);
      if (now === last) again++;
      last = now;
    }
  }
  assert.ok(again > 10, `only ${again} bodies were read by themselves`);
});

function started(text: string): { readonly reader: Reader; readonly read: (text: string) => TranslationUnit } {
  const reader = createReader();
  const read = (now: string): TranslationUnit => reader.read(sourceFile('driver.c', now), options);
  read(text);
  return { reader, read };
}

function check(reader: Reader, text: string, what: string): TranslationUnit {
  const unit = reader.read(sourceFile('driver.c', text), options);
  const include: ParseOptions['include'] = (request) => {
    const result = options.include(request);
    return result.kind === 'found' ? { ...result, outline: undefined } : result;
  };
  const fresh = parseTranslationUnit(sourceFile('driver.c', text), { include });
  const [seen, wanted] = [unitText(unit).split('\n'), unitText(fresh).split('\n')];
  // Only the first line that differs: a comparison of two whole units takes minutes to print.
  const line = wanted.findIndex((content, i) => content !== seen[i]);
  if (line >= 0 || seen.length !== wanted.length) assert.equal(seen[line], wanted[line], `${what}:\n${text}`);
  return unit;
}

function random(seed: number): (n: number) => number {
  let state = seed * 7919;
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return n === 0 ? 0 : (state >>> 8) % n;
  };
}
