/** Symbols: one per entity, what its declarations say together, and what the emulator and lint are told by it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeText } from '../types/text.ts';
import { annotationText } from './declarations/entities.ts';
import { functionNamed, parse, shownProblems } from './testing.ts';

const role = [
  '_Function_class_(IO_COMPLETION_ROUTINE) _IRQL_requires_max_(DISPATCH_LEVEL)',
  'typedef int IO_COMPLETION_ROUTINE(_In_ void *Device, _In_opt_ void *Context);',
  'typedef IO_COMPLETION_ROUTINE *PIO_COMPLETION_ROUTINE;',
  'IO_COMPLETION_ROUTINE Done;',
].join('\n');

test('a role type gives a function its name and annotations, and the definition keeps them', () => {
  const unit = parse(`${role}\n_Use_decl_annotations_ int Done(void *Device, void *Context) { return Context != 0; }`);
  assert.equal(shownProblems(unit), '');
  const { symbol } = functionNamed(unit, 'Done');
  assert.equal(symbol.roleType, 'IO_COMPLETION_ROUTINE');
  assert.deepEqual(symbol.annotations.map(annotationText), [
    '_Function_class_(IO_COMPLETION_ROUTINE)',
    '_IRQL_requires_max_(DISPATCH_LEVEL)',
    '_Use_decl_annotations_',
  ]);
  assert.deepEqual(
    symbol.type.parameters.map((p) => p.annotations.map(annotationText).join()),
    ['_In_', '_In_opt_'],
  );
  assert.equal(symbol.declarations.length, 2);
  assert.equal(symbol.definition, functionNamed(unit, 'Done'));
});

test('a pointer to a role type carries its annotations', () => {
  const unit = parse(`${role}\nPIO_COMPLETION_ROUTINE p; struct S { PIO_COMPLETION_ROUTINE r; };`);
  const p = unit.symbols.get('p');
  assert.equal(p?.kind === 'variable' && p.type.kind === 'pointer' && p.type.target.kind, 'function');
  if (p?.kind !== 'variable' || p.type.kind !== 'pointer' || p.type.target.kind !== 'function') return;
  assert.equal(p.type.target.annotations.length, 2);
  assert.equal(p.type.target.alias, 'IO_COMPLETION_ROUTINE');
  assert.equal(typeText(p.type), 'PIO_COMPLETION_ROUTINE');
});

test('annotations stand on functions, parameters, fields, variables and typedefs', () => {
  const unit = parse(
    [
      '_Must_inspect_result_ _When_(return == 0, _Post_satisfies_(n > 1)) __drv_maxIRQL(2)',
      'int f(_In_reads_bytes_(n) const void *p, __in int n, _Out_writes_to_(n, *got) char *out, int *got);',
      'struct S { _Field_size_bytes_part_(n, m) void *data; _Guarded_by_(lock) int n; };',
      '_Interlocked_ volatile long counter;',
      'typedef _Null_terminated_ char *PSTR; typedef _Return_type_success_(return >= 0) long NTSTATUS;',
    ].join('\n'),
  );
  assert.equal(shownProblems(unit), '');
  const f = unit.symbols.get('f');
  assert.deepEqual(f?.kind === 'function' ? f.annotations.map((a) => a.name) : [], [
    '_Must_inspect_result_',
    '_When_',
    '__drv_maxIRQL',
  ]);
  assert.deepEqual(
    f?.kind === 'function' ? f.annotations[1]?.arguments.map((tokens) => tokens.map((t) => t.text).join(' ')) : [],
    ['return == 0', '_Post_satisfies_ ( n > 1 )'],
  );
  assert.deepEqual(
    f?.kind === 'function' ? f.type.parameters.map((p) => p.annotations.map(annotationText).join()) : [],
    ['_In_reads_bytes_(n)', '__in', '_Out_writes_to_(n, * got)', ''],
  );
  const fields = unit.records.get('S')?.fields ?? [];
  assert.deepEqual(
    fields.map((field) => field.annotations.map(annotationText).join()),
    ['_Field_size_bytes_part_(n, m)', '_Guarded_by_(lock)'],
  );
  const names = (name: string): string[] => {
    const symbol = unit.symbols.get(name);
    return symbol?.kind === 'variable' || symbol?.kind === 'typedef' ? symbol.annotations.map((a) => a.name) : [];
  };
  assert.deepEqual(names('counter'), ['_Interlocked_']);
  assert.deepEqual(names('PSTR'), ['_Null_terminated_']);
  assert.deepEqual(names('NTSTATUS'), ['_Return_type_success_']);
});

test('a word that looks like an annotation but is declared is what it is declared as', () => {
  const unit = parse(
    'typedef int _My_type_; _My_type_ x; int f(_In_ _My_type_ y) { int _Local_ = y; return _Local_; }',
  );
  assert.equal(shownProblems(unit), '');
});

test('annotations stand anywhere in a declaration', () => {
  const unit = parse(
    [
      'int _Check_return_ f(int _In_ a, int *_Out_ b) _Success_(return > 0);',
      'typedef _IRQL_requires_(0) void (*PF)(_In_ int); typedef int (_Must_inspect_result_ *PG)(void);',
      '_IRQL_requires_same_ static _Ret_maybenull_ void *g(void) { _Analysis_assume_(1 == 1); return 0; }',
      'void h(_At_(*p, _Post_notnull_) void **p) { __in int x = 1; _Pre_satisfies_(x) x = 2; }',
      'struct _Struct_size_bytes_(n) S { int n; };',
    ].join('\n'),
  );
  assert.equal(shownProblems(unit), '');
});

test('what needs memory is marked', () => {
  const unit = parse(
    'struct S { int a; int b[2]; }; int f(int p, int q, struct S r) { int a, b, c[2]; struct S s, *t; int *x = &a; ' +
      'x = &p; x = &s.a; x = &t->a; x = &c[1]; x = &*x; b = q; return sizeof(b); }',
  );
  const f = functionNamed(unit, 'f');
  const marked = [...f.parameters, ...f.locals].filter((v) => v.isAddressTaken).map((v) => v.name);
  assert.deepEqual(marked, ['p', 'r', 'a', 'c', 's']);
});

test('locals are listed with those of inner blocks, statics and unnamed objects', () => {
  const unit = parse(
    'int f(int p) { int a; { static int b; for (int c = 0; ; ) { } } extern int e; return (struct { int x; }){ 1 }.x; }',
  );
  const locals = functionNamed(unit, 'f').locals.map((v) => `${v.name}:${v.duration}`);
  assert.deepEqual(locals, ['a:automatic', 'b:static', 'c:automatic', ':automatic']);
});

test('redeclarations share a symbol; a later one completes the type', () => {
  const unit = parse(
    'extern int a[]; int a[3]; int n = sizeof a; struct S *s; struct S { int x; }; int m = sizeof *s; ' +
      'static int f(); static int f(int x); int g(void) { extern int a[3]; int f(int); return f(a[1]); } static int f(int x) { return x; }',
  );
  assert.equal(shownProblems(unit), '');
  const a = unit.symbols.get('a');
  assert.equal(a?.kind === 'variable' ? `${typeText(a.type)} ${a.declarations.length}` : '', 'int[3] 3');
  assert.equal(unit.functions.length, 2);
  const f = unit.symbols.get('f');
  assert.equal(
    f?.kind === 'function' ? `${f.linkage} ${typeText(f.type)} ${f.declarations.length}` : '',
    'internal int (int x) 4',
  );
});

test('sections come from alloc_text, code_seg and __declspec', () => {
  const unit = parse(
    [
      '#ifdef ALLOC_PRAGMA',
      '#pragma alloc_text(INIT, a)',
      '#pragma alloc_text(PAGE, b, e)',
      '#endif',
      '#define ALLOC_PRAGMA',
      '#pragma alloc_text(INIT, a)',
      '#pragma alloc_text("PAGE", b, e)',
      'void a(void) {} void b(void) {}',
      '#pragma code_seg("PAGE")',
      'void c(void) {}',
      '#pragma code_seg()',
      'void d(void) {} void e(void) {} __declspec(code_seg("PAGED")) void f(void) {}',
      '#pragma code_seg(push, "X")',
      'void g(void) {}',
      '#pragma code_seg(pop)',
      'void h(void) {}',
    ].join('\n'),
  );
  assert.equal(
    unit.functions.map((f) => `${f.symbol.name}:${f.section ?? ''}`).join(' '),
    'a:INIT b:PAGE c:PAGE d: e:PAGE f:PAGED g:X h:',
  );
});

test('pragmas may stand between any two tokens', () => {
  const unit = parse(
    [
      'struct A { char a;',
      '#pragma warning(disable: 4201)',
      '  int b; };',
      'int f(int x,',
      '#pragma warning(suppress: 6001)',
      '  int y) { return x +',
      '#pragma prefast(suppress: 28175, "why")',
      '  y; __pragma(warning(pop)) }',
      '#pragma pack(push, one, 1)',
      'struct B { char a; int b; };',
      '#pragma pack(push, 4)',
      '#pragma pack(pop, one)',
      'struct C { char a; int b; };',
    ].join('\n'),
  );
  assert.equal(shownProblems(unit), '');
  assert.equal(['A', 'B', 'C'].map((tag) => unit.records.get(tag)?.size).join(), '8,5,8');
});

test('a declaration says more than one that is called before it', () => {
  const unit = parse('int f(void) { return later(1); } void *later(int x);');
  assert.equal(shownProblems(unit), '1:22 warning implicit-function');
  const later = unit.symbols.get('later');
  assert.equal(later?.kind === 'function' ? typeText(later.type) : '', 'void *(int x)');
});

test('other results and parameters of one function are reported by their weight', () => {
  assert.equal(shownProblems(parse('int f(int); int f(char);')), '1:17 warning parameter-mismatch');
  assert.equal(shownProblems(parse('int f(int); int f(int, int);')), '1:17 error conflicting-types');
  assert.equal(shownProblems(parse('int f(int); long f(int);')), '1:18 error conflicting-types');
  assert.equal(shownProblems(parse('int x; long x;')), '1:13 error conflicting-types');
  assert.equal(shownProblems(parse('int x; typedef int x;')), '1:20 error redefinition');
  assert.equal(shownProblems(parse('typedef int T; typedef int T; typedef char T;')), '1:44 error redefinition');
  assert.equal(shownProblems(parse('typedef int T; typedef long T; T t;')), '1:29 warning benign-redefinition');
});
