import assert from 'node:assert/strict';
import test from 'node:test';
import { positionAt, sourceFile } from '../base/source.ts';
import { createHeaderCache } from './header-cache.ts';
import { parseTranslationUnit } from './index.ts';
import { check, type Files, reader } from './testing/check-shared.ts';
import { freezeShared } from './testing/frozen.ts';
import { unitText } from './testing/unit-text.ts';
import type { TranslationUnit } from './unit.ts';

const sys = `#ifndef SYS
#define SYS
#define MAX(a, b) ((a) > (b) ? (a) : (b))
typedef unsigned long ULONG; typedef void *PVOID;
struct opaque; struct known { int a; };
enum colour { RED, BLUE };
typedef struct _LIST { struct _LIST *Flink; } LIST, *PLIST;
void Api(ULONG Level, PVOID Context); int Count(LIST *List);
static inline int Twice(int x) { static int calls; struct known k = { x }; calls++; for (int i = 0; i < 2; i++) k.a += Count(0); return k.a; }
extern int Global; static int Hidden = MAX(1, 2);
#endif
`;

const cases: Readonly<Record<string, Files>> = {
  'one header, two files': {
    '<sys.h>': sys,
    'main1.c': '#include <sys.h>\nint f(void) { Api(1, 0); return Twice(RED) + Hidden; }\n',
    'main2.c': '#include <sys.h>\nint f(void) { int *p = &Global; Api(2, p); return *p; }\n',
  },
  'text before and between': {
    '<sys.h>': sys,
    'own.h': '#pragma once\n#define OWN MAX(1,2)\nvoid Own(PLIST list);\n',
    'main1.c': '// a comment\n#define A 1\n#include <sys.h>\n#define B A\n#include "own.h"\nint x = OWN + B;\n',
    'main2.c':
      '\n\n#define A 1\n#include <sys.h>\n\n#define B A\n#include "own.h"\nint y = OWN + B + A;\nvoid Own(PLIST list) { }',
    'main3.c': '#define A 2\n#include <sys.h>\n#define B A\n#include "own.h"\nint y = OWN + B + A;\n',
  },
  'a macro before changes a header': {
    'x.h': '#ifdef BIG\ntypedef long T;\n#else\ntypedef char T;\n#endif\nT name;\n',
    'main1.c': '#include "x.h"\nint n = sizeof(T);',
    'main2.c': '#define BIG\n#include "x.h"\nint n = sizeof(T);',
    'main3.c': '#define BIG 0\n#include "x.h"\n#ifdef BIG\nint n = sizeof(T);\n#endif\n',
    'main4.c': '#define BIG\n#undef BIG\n#include "x.h"\nint n = sizeof(T);',
  },
  'a macro of the file is used in a header': {
    'x.h': 'int NAME = VALUE;\n',
    'main1.c': '#define NAME a\n#define VALUE 1\n#include "x.h"\nint b = a;',
    'main2.c': '\n#define NAME a\n#define VALUE 1\n#include "x.h"\nint c = NAME;',
  },
  'a macro of the file is redefined, removed or kept by a header': {
    'x.h': '#define M 2\n#undef N\nint x;\n',
    'main1.c': '#define M 1\n#define N 1\n#define K 1\n#include "x.h"\nint y = M + K;\n#ifdef N\n#error\n#endif\n',
    'main2.c': '\n\n#define M 1\n#define N 1\n#define K 1\n#include "x.h"\nint y = M + K;\n#define N 3\n',
    'main3.c': '#define M 2\n#define K 1\n#include "x.h"\nint y = M + K;',
  },
  '#undef between includes': {
    'x.h': '#define X 1\nint x;\n',
    'y.h': '#ifdef X\nint y1;\n#else\nint y2;\n#endif\n',
    'main1.c': '#include "x.h"\n#include "y.h"\n',
    'main2.c': '#include "x.h"\n#undef X\n#include "y.h"\nint X;',
    'main3.c': '#include "x.h"\n#undef X\n#define X\n#include "y.h"\n',
  },
  'no guard, twice': {
    'x.h': 'extern int x;\nvoid f(void);\n#ifdef ONE\n#define TWO\n#endif\n#define ONE\n',
    'main1.c': '#include "x.h"\n#include "x.h"\nint x = 3;\n',
    'main2.c': '#include "x.h"\nint x = 3;\n#include "x.h"\n',
    'main3.c': '#include "x.h"\n#include "x.h"\n#include "x.h"\nvoid f(void) { x = 1; }\n',
  },
  'a struct is completed later': {
    '<sys.h>': sys,
    'a.h': 'struct late; typedef struct later LATER; void use(struct late *, LATER *); enum colours;\n',
    'b.h': 'struct later { LATER *next; };\n',
    'main1.c': '#include <sys.h>\n#include "a.h"\nint f(struct late *p);\n',
    'main2.c':
      '#include <sys.h>\n#include "a.h"\nstruct late { int x; };\nint f(struct late *p) { use(p, 0); return p->x; }\n',
    'main3.c': '#include <sys.h>\n#include "a.h"\n#include "b.h"\nint f(LATER *p) { return p->next == p; }\n',
    'main4.c':
      '#include <sys.h>\nstruct opaque { int hidden; };\ntypedef struct known KNOWN;\nKNOWN k; typedef enum colour COLOUR;',
    'main5.c':
      '#include <sys.h>\nstruct __declspec(align(16)) opaque { int hidden; } o;\ntypedef struct known const KNOWN;\nint f(void) { struct opaque { int inner; } x; return x.inner; }',
    'main6.c': '#include <sys.h>\nstruct known { int twice; };\n',
  },
  'functions declared again': {
    '<sys.h>': sys,
    'd.h':
      '_IRQL_requires_(0) void Start(_In_ int a); typedef int ROUTINE(int); ROUTINE Done; extern int Table[]; int Late(); static int Fwd(void);\ninline int Calls(void) { return Fwd() + Table[0]; }\n',
    'main1.c':
      '#include "d.h"\nvoid Start(int a) { Start(a); Calls(); }\nint Done(int x) { return x; }\nint Table[4] = { 1 };\nstatic int Fwd(void) { return 1; }\n',
    'main2.c':
      '#include "d.h"\nint g(void) { return Late(1) + Fwd() + Done(2); }\n_Must_inspect_result_ int Late(int a);\nint Done(int x);\nint *p = Table;\n',
    'main3.c':
      '#include "d.h"\nint (*f)(void) = Calls; long Start(int a);\nextern int Table[3]; inline int Calls(void);',
    'main4.c':
      '#include <sys.h>\n#include "d.h"\nvoid Api(unsigned long l, void *p) {}\nint Twice(int x);\ntypedef unsigned long ULONG;\nULONG Global;\nint t(void) { extern int Table[]; int Api = 1; { extern void Start(int); Start(Api); } return Twice(Table[0]); }',
  },
  'names with linkage inside a function': {
    'i.h': 'static inline int Inside(void) { extern int far; int near(int); return near(far); }\n',
    'main1.c': '#include "i.h"\nint x;\n',
    'main2.c': '#include "i.h"\nint far = 1;\nint near(int a) { return a; }\n',
    'main3.c': '#include "i.h"\nint x(void) { return near(1) + Inside(); }\n',
  },
  'a system header of which little is asked for': {
    '<types.h>': `#pragma once
#define NTAPI __stdcall
#define TWO(name) int name##First(void); int name##Second(void)
#define NOTHING
typedef long STATUS;
typedef struct _NODE NODE, *PNODE;
struct _OPEN;
typedef enum _KIND { KindNone, KindSome = KindNone + 4 } KIND;
typedef STATUS ROUTINE(PNODE Node, struct _NEW *Inside, KIND Kind);
#pragma pack(push, 1)
typedef struct _TIGHT { char c; int i; } TIGHT;
#pragma pack(pop)
typedef struct _NODE {
  struct _NODE *Next;
  ROUTINE *Routine;
  TIGHT Tight;
} NODE;
`,
    '<calls.h>': `#include <types.h>
STATUS NTAPI Low(int a);
  static __inline STATUS NTAPI Middle(int a) { return Low(a) + KindSome; }
static __inline int Odd(int n);
static __inline int Even(int n) { return n ? Odd(n - 1) : Low(1); }
static __inline STATUS NTAPI High(PNODE n) { return n->Next ? Middle(1) : Even(2); }
static __inline int Odd(int n) { return n ? Even(n - 1) : 0; }
extern int Count;
static int * const Pointer = &Count;
static int Numbers[] = { 1, KindSome, sizeof(NODE) };
NOTHING ROUTINE Named;
TWO(Both);
TWO(Other);
struct _NEW { int members; struct _NODE Node; };
int (*Table[4])(NODE n), Plain, *Star(struct _TIGHT t);
`,
    'main1.c': '#include <calls.h>\nint f(void) { return Low(1); }\n',
    'main2.c': '#include <types.h>\n#include <calls.h>\nint g = KindSome; NODE n; int x = sizeof(n.Routine);\n',
    'main3.c': '#include <calls.h>\n#include <types.h>\nint *f(void) { return Count++ ? Pointer : Numbers; }\n',
    'main4.c':
      '#include <calls.h>\nSTATUS Named(PNODE n, struct _NEW *p, KIND k) { return High(n) + p->members + k; }\n',
    'main5.c': '#include <calls.h>\nstruct _OPEN { NODE n; }; int Plain = 3; int BothFirst(void) { return Even(1); }\n',
    'main6.c': '#define a b\n#define KindNone 7\n#include <calls.h>\nPNODE p; int k = KindNone;\n',
    'main7.c':
      '#include <types.h>\ntypedef int members, Inside;\n#include <calls.h>\nint f(struct _NEW *n) { return n->Node.Tight.i; }\n',
    'main8.c':
      '#pragma pack(2)\n#include <calls.h>\n#pragma alloc_text(PAGE, Middle)\nstruct _NODE; typedef struct _TIGHT LOOSE; int y;\n',
    'main9.c': '#include <calls.h>\nint Low; struct _NODE { int again; }; typedef int KIND; int z = Unknown(High);\n',
    'main10.c': '#undef NTAPI\n#pragma deprecated(Low)\n#include <calls.h>\nint f(void) { return Middle(1); }\n',
  },
  'a header that uses another one': {
    '<sys.h>': sys,
    'pch.h': '#pragma once\n#define PCH\n#include <sys.h>\n#include "own.h"\nvoid Pch(LIST *);\n',
    'own.h': '#ifndef OWN_H\n#define OWN_H\n#include <sys.h>\nvoid Own(void);\n#endif\n',
    'main1.c': '#include "pch.h"\nvoid Own(void) { Pch(0); }\n',
    'main2.c': '#include "pch.h"\n#include "own.h"\n#include <sys.h>\nint x;\n',
    'main3.c': '#include "own.h"\n#include "pch.h"\nint x;\n',
    'main4.c': '#include <sys.h>\n#include "own.h"\nvoid Own(void);\n',
    'main5.c': '#define PCH\n#include "pch.h"\nstruct opaque { int x; };\n',
  },
  'a header behind the guards of others': {
    '<sys.h>': sys,
    'common.h':
      '#ifndef COMMON\n#define COMMON\n#include <sys.h>\n#define NAME2(a, b) a##b\nint common;\n#ifdef SET_FIRST\nint set;\n#endif\n#endif\n',
    'paste.h': '#define NAME1(a, b) NAME2(a, b)\nint NAME1(A, _H);\n',
    'level.h': '#include "common.h"\nint level = __INCLUDE_LEVEL__;\n',
    'a.h': '#ifndef A_H\n#define A_H 7\n#include "common.h"\n#include "paste.h"\nint a;\n#endif\n',
    'b.h': '#ifndef B_H\n#define B_H\n#include "common.h"\n#include "paste.h"\nint b;\n#include "a.h"\n#endif\n',
    'c.h': '#ifndef C_H\n#define C_H\n#define SET_FIRST\n#include "b.h"\n#include "level.h"\n#endif\n',
    'main1.c': '#include "a.h"\n#include "b.h"\nint x = A_H;\n',
    'main2.c': '#include "b.h"\nint x = A_H;\n#ifdef C_H\n#error\n#endif\n',
    'main3.c': '#include "c.h"\nint x = A_H;\n',
    'main4.c': '#include "level.h"\n#include "c.h"\nint x = A_H;\n',
    'main5.c': '#define OWN 1\n#define Api Other\n#include "level.h"\nint x = OWN;\nvoid Other(int);\n',
    'main6.c': '#define NOBODY 1\n#undef OTHER\n#include "level.h"\n#undef NOBODY\n#include "a.h"\n',
    'main7.c': '#define ONE 1\n#define TWO 2\n#include "a.h"\nint x = ONE + TWO;\n',
    'main8.c': '#define TWO 2\n#define ONE 1\n#include "a.h"\nint x = ONE + TWO;\n',
  },
  'headers that come back to each other through a third': {
    'x.h': '#pragma once\n#include "third.h"\nint x;\n',
    'y.h': '#pragma once\n#include "third.h"\nint y;\n',
    'third.h': '#include "y.h"\nint third;\n',
    'main1.c': '#include "x.h"\n',
    'main2.c': '#include "y.h"\n',
  },
  'order of includes': {
    'a.h': '#ifndef A\n#define A 1\n#endif\nint a;\n',
    'b.h': '#ifdef A\nint b = A;\n#else\n#define A 2\n#endif\n',
    'main1.c': '#include "a.h"\n#include "b.h"\nint c = A;',
    'main2.c': '#include "b.h"\n#include "a.h"\nint c = A;',
  },
  'pragmas left open': {
    'p.h':
      '#pragma pack(push, 1)\n#pragma warning(push)\n#pragma warning(disable: 4091 4047)\nstruct packed { char c; int i; };\n',
    'q.h': 'struct after { char c; int i; };\nint;\n',
    'r.h': '#pragma pack(pop)\n#pragma warning(pop)\n#pragma code_seg("PAGE")\n',
    's.h': '#pragma warning(suppress: 4091)\n',
    't.h': '#pragma alloc_text(INIT, Inl)\ninline int Inl(void) { return 1; }\n',
    'main1.c': '#include "p.h"\n#include "q.h"\nstruct mine { char c; int i; } m;\nint;\n',
    'main2.c':
      '#include "p.h"\n#include "q.h"\n#include "r.h"\nstruct mine { char c; int i; } m;\nint;\nvoid f(void) {}\n',
    'main3.c': '#pragma pack(2)\n#include "q.h"\nstruct mine { char c; int i; } m;\n',
    'main4.c': '#include "q.h"\n#pragma warning(disable: 4091)\n#include "s.h"\nint;\nint;\n',
    'main5.c': '#include "s.h"\nint;\nint;\n',
    'main6.c': '#include "t.h"\n#pragma alloc_text(PAGE, Inl)\nint x;\n',
    'main7.c': '#include "t.h"\n__pragma(pack(1))\n#include "q.h"\nstruct mine { char c; int i; } m;\n',
  },
  conditions: {
    'a.h': 'int a;\n',
    'b.h': 'int b;\n',
    'main1.c': '#ifdef DBG\n#include "a.h"\n#else\n#include "b.h"\n#endif\nint c;\n',
    'main2.c': '#undef DBG\n#ifdef DBG\n#include "a.h"\n#else\n#include "b.h"\n#endif\nint c;\n',
    'main3.c':
      '#if __has_include("a.h") && defined(DBG)\n#include "a.h"\n#endif\n#if 0\n#include "b.h"\n#endif\nint c = DBG;\n',
    'main4.c': '#if 1\n#include "a.h"\nint open;\n',
  },
  counters: {
    'n.h': '#define NAME2(a, b) a##b\n#define NAME1(a, b) NAME2(a, b)\nint NAME1(v, __COUNTER__);\n',
    'l.h': 'int level = __INCLUDE_LEVEL__; char *base = __BASE_FILE__; char *file = __FILE__; int line = __LINE__;\n',
    'u.h': '#include "l.h"\n',
    'main1.c': '#include "n.h"\n#include "n.h"\nint NAME1(v, __COUNTER__);\n',
    'main2.c': '#if __COUNTER__\n#endif\n#include "n.h"\nint NAME1(v, __COUNTER__);\n',
    'main3.c': '#include "l.h"\nint x;',
    'main4.c': '#include "u.h"\nint x;',
  },
  'once and cycles': {
    'o.h': '#pragma once\nint o;\n#include "o.h"\n',
    'c.h': '#include "c.h"\n',
    'main1.c': '#include "o.h"\n#include "o.h"\n',
    'main2.c': '#include "c.h"\n#include "o.h"\n',
    'm.h': 'int m;\n#include "main3.c"\n',
    'main3.c': '#pragma once\n#include "m.h"\nint x;\n',
  },
  'a declaration goes on behind its header': {
    'half.h': 'int a, b\n',
    'open.h': 'struct open {\nint x;\n',
    'name.h': 'static\n',
    'list.h': '1, 2,\n',
    'call.h': '#define CALL(x) x\nint c = CALL\n',
    'fn.h': 'int f(int a)\n',
    'brace.h': 'void g(void) {\n',
    'semi.h': 'struct s { int a; }\n',
    'main1.c': '#include "half.h"\n;\nint c;',
    'main2.c': '#include "open.h"\nint y; };\nstruct open o;',
    'main3.c': '#include "name.h"\nint x;',
    'main4.c': 'int list[] = {\n#include "list.h"\n};',
    'main5.c': '#include "call.h"\n(1);',
    'main6.c': '#include "fn.h"\n{ return a; }\n#include "fn.h"\n;',
    'main7.c': '#include "brace.h"\n#include "half.h"\n; }',
    'main8.c': '#include "semi.h"\n;int x;',
    'main9.c': '#include "semi.h"\nint x;',
  },
  'errors in headers': {
    'e.h': 'unknown_t f(void);\nint a[;\nint ok;\n',
    'w.h': 'int;\nvoid g(void) { int *p = 3; }\n#define D 1\n#define D 2\n',
    's.h': 'int s @ = 1;\n"open\n',
    'n.h': 'int n;\n#if 1\n',
    'main1.c': '#include "e.h"\nint x = ok;',
    'main2.c': '#include "w.h"\n#include "e.h"\nint y = 1',
    'main3.c': '#include "s.h"\n#include "w.h"\nint x @;',
    'main4.c': '#include "n.h"\n#include "missing.h"\n#include "w.h"\nother_t x;\n',
    'main5.c': '#include "w.h"\nother_t x;\n',
    'main6.c': '#include "w.h"\nint x =;\nint y',
  },
  'unknown names in headers': {
    'u.h': 'typedef struct { gone_t g; other_t *o; } S;\nstatic inline int f(S *s) { return s->g + call(lenght); }\n',
    'v.h': 'S s;\nint g(gone_t a);\nstruct never t;\nint h(gone_t',
    'w.h': '#include "u.h"\nstatic inline int k(void) { struct never *n = 0; return n->a; }\nextern last_t',
    'main1.c': '#include "u.h"\nint x = call(1);\ngone_t y;\n',
    'main2.c': '#define length 1\n#include "u.h"\nint x;\n',
    'main3.c': '#include "u.h"\n#define other_t(a) a\n#define call1(a) a\nint x;\n',
    'main4.c': '#include "u.h"\n#include "missing.h"\nint x = lenght;\nother_t z;\n',
    'main5.c': '#include "u.h"\n#include <ntddndis.h>\nint x = f(0);\n',
    'main6.c': '#include "u.h"\n#include "v.h"\n) ;\nint x = f(0);\n',
    'main7.c': '#include "w.h"\n= 1;\nint x = k();\nlast_t y;\n',
    'main8.c': '#include "missing.h"\n#include "w.h"\n= 1;\nint x = k(;\nlast_t y;\n',
    'main9.cpp': '#include "u.h"\nextern "C" int x = f(0);\n',
  },
  'saved macros': {
    's.h': '#define M 1\n#pragma push_macro("M")\n#undef M\n#define M 2\nint s = M;\n',
    't.h': '#pragma pop_macro("M")\nint t = M;\n',
    'main1.c': '#include "s.h"\n#include "t.h"\nint x = M;\n',
    'main2.c':
      '#define M 3\n#pragma push_macro("M")\n#include "s.h"\n#pragma pop_macro("M")\n#include "t.h"\nint x = M;\n',
    'main3.c': '#define M 3\n#pragma push_macro("M")\n#include "t.h"\nint x = M;\n',
  },
  'white space left over': {
    'a.h': '#define NOTHING\nint a; NOTHING\n',
    'b.h': 'int b;\n',
    'main1.c': '#include "a.h"\nint x;',
    'main2.c': '#include "a.h"\n#include "b.h"\n#define STR(x) #x\nNOTHING NOTHING\n#include "a.h"\nint x;',
  },
  'a table in the middle': {
    't.h': 'X(1)\nX(2)\n#undef X\n',
    'main1.c':
      '#include "t.h"\n#define X(n) int v##n;\n#include "t.h"\n#define X(n) + n\nint sum = 0\n#include "t.h"\n;',
    'main2.c': '#define X(n) int v##n;\n#include "t.h"\nint y;\n',
  },
};

for (const [title, files] of Object.entries(cases)) {
  test(`read with shared headers as without: ${title}`, () => {
    check(title, files);
  });
}

test('options tell configurations apart', () => {
  const files = { 'x.h': '#if A\nint a;\n#else\nint b;\n#endif\n', 'f.h': 'int forced;\n' };
  const cache = createHeaderCache();
  const { read: plain } = reader(files);
  const { read: defined } = reader(files, { defines: { A: '1' } });
  const { read: forced } = reader(files, { forcedIncludes: ['f.h', 'x.h', 'f.h'] });
  for (const read of [plain, defined, forced, plain, defined, forced]) {
    const text = '#include "x.h"\nint c;';
    assert.equal(unitText(read('main.c', text, cache)), unitText(read('main.c', text, undefined)));
  }
});

test('headers that change, go and come are seen', () => {
  const { read, edit } = reader({ 'a.h': '#include "b.h"\nint a;\n', 'b.h': 'int b;\n' });
  const cache = createHeaderCache();
  const text = '#include "a.h"\n#if __has_include("c.h")\n#include "c.h"\n#endif\nint x;\n';
  const same = (): void => {
    for (let i = 0; i < 3; i++)
      assert.equal(unitText(read('m.c', text, cache)), unitText(read('m.c', text, undefined)));
  };
  same();
  for (const [name, content] of [
    ['b.h', 'long b;\n'],
    ['b.h', undefined],
    ['c.h', 'int c;\n'],
    ['b.h', '#define B\n#include "c.h"\n'],
    ['a.h', '#include "b.h"\nint changed;\n'],
    ['c.h', undefined],
    ['a.h', undefined],
    ['a.h', 'struct a { int x; };\n'],
  ] as const) {
    edit(name, content);
    same();
  }
});

test('a header cut off anywhere is read as without sharing', () => {
  const tail = '\nint x;\nstruct known k;\nint f(void) { return Twice(x); }\n';
  for (let cut = 0; cut < sys.length; cut += 3) {
    check(`cut at ${cut}`, { '<sys.h>': sys.slice(0, cut), 'main1.c': `#include <sys.h>${tail}` });
    check(`cut at ${cut}`, { 'sys.h': sys.slice(0, cut), 'main1.c': `#include "sys.h"${tail}` });
  }
});

test('every edit of a file is read as without sharing', () => {
  const files = { '<sys.h>': sys, 'own.h': '#pragma once\n#include <sys.h>\nvoid Own(PLIST);\nextern int Shared;\n' };
  const main =
    '#define A 1\n#include "own.h"\n#ifdef A\n#include <sys.h>\n#endif\nint Shared = A;\nstruct opaque { int x; };\nvoid Own(PLIST p) { Api(Twice(1), p); Shared++; }\n';
  const { read } = reader(files);
  const cache = createHeaderCache();
  for (let cut = 0; cut < main.length; cut++) {
    for (const text of [main.slice(0, cut), main.slice(0, cut) + main.slice(cut + 1)]) {
      assert.equal(unitText(read('m.c', text, cache)), unitText(read('m.c', text, undefined)), text);
    }
  }
  freezeShared(cache);
  assert.equal(unitText(read('m.c', main, cache)), unitText(read('m.c', main, undefined)));
});

test('a file that has been read is read again without its headers', () => {
  const { read } = reader({
    '<sys.h>': sys,
    'own.h': 'static int Counter; static int Next(void) { return ++Counter; }\n',
  });
  const cache = createHeaderCache();
  const text = '#include <sys.h>\n#include "own.h"\nvoid f(void) { Api(1, 0); }\n';
  const shared = (unit: TranslationUnit) => [
    unit.records.get('known'),
    unit.enums.get('colour'),
    unit.symbols.get('RED'),
  ];
  const first = read('main.c', text, cache);
  const second = read('main.c', `// edited\n${text}`, cache);
  assert.deepEqual(
    shared(first).map((thing, i) => thing !== undefined && thing === shared(second)[i]),
    [true, true, true],
  );
  for (const name of ['Api', 'Counter', 'Next']) {
    assert.notEqual(first.symbols.get(name), second.symbols.get(name), `each unit has its own ${name}`);
  }
});

test('a header with warnings is parsed once, and its warnings are told to each file', () => {
  const headers = createHeaderCache();
  const header = sourceFile('w.h', 'struct w { int x; };\nint;\nstatic __inline int *f(void) { return 1; }\n');
  const read = (name: string) =>
    parseTranslationUnit(sourceFile(name, `#include "w.h"\nint ${name[0]};\nint;\n`), {
      include: () => ({ kind: 'found', file: header, isSystem: false }),
      headers,
    });
  const [first, second] = [read('a.c'), read('b.c')];
  const places = ['w.h 2', 'w.h 3', 'a.c 3'];
  const shown = ({ problems }: typeof first): string[] =>
    problems.map(({ span }) => `${span.file.path} ${positionAt(span.file, span.start).line + 1}`);
  assert.deepEqual(shown(first), places);
  assert.deepEqual(shown(second), [...places.slice(0, 2), 'b.c 3']);
  assert.ok(first.records.get('w') === second.records.get('w'), 'the header is parsed twice');
});

test('a header is parsed once for files whose own headers include it behind guards of theirs', () => {
  const headers = createHeaderCache();
  const files = new Map(
    Object.entries({
      'common.h': '#ifndef COMMON_H\n#define COMMON_H\nstruct w { int x; };\n#endif\n',
      'a.h': '#ifndef A_H\n#define A_H\n#include "common.h"\n#endif\n',
      'b.h': '#ifndef B_H\n#define B_H\n#include "a.h"\n#endif\n',
      'c.h': '#ifndef C_H\n#define C_H\n#define COMMON_H\n#include "common.h"\n#endif\n',
    }).map(([name, text]) => [name, sourceFile(name, text)]),
  );
  const read = (name: string, text: string) =>
    parseTranslationUnit(sourceFile(name, text), {
      include: ({ name: asked }) => {
        const file = files.get(asked);
        return file === undefined ? { kind: 'missing', searched: [] } : { kind: 'found', file, isSystem: false };
      },
      headers,
    });
  const [first, second, third, without] = [
    read('a.c', '#include "a.h"\n'),
    read('b.c', '#include "b.h"\n'),
    read('d.c', '#define D 1\n#include "b.h"\n'),
    read('c.c', '#include "c.h"\n'),
  ];
  assert.ok(first.records.get('w') === second.records.get('w'), 'behind two guards it is parsed again');
  assert.ok(first.records.get('w') === third.records.get('w'), 'behind a macro it is parsed again');
  assert.equal(without.records.get('w'), undefined);
  assert.deepEqual([...second.macros.keys()].slice(-3), ['B_H', 'A_H', 'COMMON_H']);
});

test('a typedef for a tag that a header declares leaves the header as it is', () => {
  const { read } = reader({
    '<sys.h>': sys,
    'own.h': '#include <sys.h>\ntypedef struct opaque OPAQUE;\ntypedef struct { int x; } PLAIN;\n',
  });
  const cache = createHeaderCache();
  const first = read('a.c', '#include <sys.h>\nint x;\n', cache);
  const second = read('b.c', '#include <sys.h>\ntypedef struct opaque OTHER; OTHER *o;\n', cache);
  const third = read('c.c', '#include "own.h"\nOPAQUE *o; PLAIN p;\n', cache);
  assert.ok(first.records.get('opaque') === second.records.get('opaque'), 'it is parsed again for a file');
  const own = third.symbols.get('p')?.type;
  assert.equal(own?.kind === 'record' && own.definition.typedefName, 'PLAIN');
  assert.equal(third.symbols.get('o')?.type.kind, 'pointer');
});

test('headers are looked for beside the files that are open now', () => {
  const headers = createHeaderCache();
  const files = new Map(
    Object.entries({
      'one/own.h': '#pragma once\n#include "../common.h"\n',
      'two/own.h': '#pragma once\n#include "../common.h"\n',
      'common.h': '#include "other.h"\n',
      'one/other.h': 'struct one { int x; };\n',
      'two/other.h': 'struct two { int x; };\n',
    }).map(([name, text]) => [name, sourceFile(name, text)]),
  );
  const read = (folder: string) =>
    parseTranslationUnit(sourceFile(`${folder}/main.c`, '#include "own.h"\n'), {
      include: ({ name, from, openers = [] }) => {
        const folders = [from.path, ...openers].map((path) => path.replace(/[^/]*$/, ''));
        for (const at of folders) {
          const file = files.get(`${at}${name}`.replace(/[^/]+\/\.\.\//, ''));
          if (file !== undefined) return { kind: 'found', file, isSystem: false };
        }
        return { kind: 'missing', searched: [] };
      },
      headers,
    });
  assert.deepEqual(
    ['one', 'two', 'one'].map((folder) => [...read(folder).records.keys()]),
    [['one'], ['two'], ['one']],
  );
});

test('a header with unknown names is parsed once for files that say the same of these', () => {
  const headers = createHeaderCache();
  const header = sourceFile(
    'u.h',
    'struct u { gone_t x; };\nstatic __inline int f(void) { return missing; }\nint a[;\nint b;\n',
  );
  const read = (name: string, text: string) =>
    parseTranslationUnit(sourceFile(name, text), {
      include: ({ name: asked }) =>
        asked === 'u.h' ? { kind: 'found', file: header, isSystem: false } : { kind: 'missing', searched: [] },
      headers,
    });
  const first = read('a.c', '#include "u.h"\nint x;\n');
  const second = read('b.c', '#include "u.h"\nint y;\n');
  const other = read('c.c', '#include "u.h"\n#include "no.h"\nint z;\n');
  assert.ok(first.records.get('u') === second.records.get('u'), 'the header is parsed twice');
  assert.ok(first.records.get('u') !== other.records.get('u'), 'with a header missing, other things are said');
  assert.deepEqual(
    first.problems.map(({ code }) => code),
    second.problems.map(({ code }) => code),
  );
});

test('what an edit in passing made of large headers is let go of after some readings', () => {
  const big = sourceFile('<big.h>', `#ifdef A\nint a;\n#endif\n${'int f(int);'.repeat(20_000)}\n`);
  const headers = createHeaderCache();
  const read = (text: string): void => {
    const file = sourceFile('main.c', text);
    parseTranslationUnit(file, { headers, include: () => ({ kind: 'found', file: big, isSystem: true }) });
  };
  const kept = (): number => [...headers.roots.values()].reduce((sum, { links }) => sum + links.length, 0);
  read('#include <big.h>\n');
  read('#define A\n#include <big.h>\n');
  assert.equal(kept(), 2);
  for (let i = 0; i < 25; i++) read(`#include <big.h>\nint x${i};\n`);
  assert.equal(kept(), 1);
});
