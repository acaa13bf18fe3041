/** Structured exception handling: what is printed tells the order in which blocks run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GuestAddress, returnsVoid } from './native.ts';
import { type Native, type Resume, runSource } from './testing.ts';

const raise: Native = (call) => ({ kind: 'raise', code: call.arguments.int(0), isContinuable: true });
const touch: Native = (call, machine) => {
  machine.memory.readU8(call.arguments.pointer(0));
  return returnsVoid;
};
const NATIVES = { raise, touch };
const DECLARATIONS = 'void raise(int code); void touch(void *p);\n';

/** Runs `int main()` and compares what it says; with a fault, its kind comes last. */
function check(name: string, source: string, expected: string): void {
  test(name, () => {
    const run = runSource(DECLARATIONS + source, { natives: NATIVES });
    const end = run.fault === undefined ? `= ${run.result}` : `! ${run.fault.kind} ${run.fault.detail}`;
    assert.equal([...run.output, end].join(' '), expected);
  });
}

const MAIN = (body: string): string => `int main() { int x = 0; ${body} return x; }`;

check(
  'a finally block runs at the end of its try',
  MAIN('__try { print(1); } __finally { print(2); } print(3);'),
  '1 2 3 = 0',
);
check(
  'and when the try is left by return, which keeps its value',
  'int f(int n) { __try { return n * 2; } __finally { n = 50; print(n); } return 1; } int main() { return f(4); }',
  '50 = 8',
);
check(
  'by goto, inner block first',
  MAIN('__try { __try { goto out; } __finally { print(1); } } __finally { print(2); } out: print(3);'),
  '1 2 3 = 0',
);
check(
  'by break and continue',
  MAIN('for (int i = 0; i < 3; i++) { __try { if (i == 0) continue; if (i == 1) break; } __finally { print(i); } }'),
  '0 1 = 0',
);
check(
  'a jump within the try runs nothing',
  MAIN('__try { goto in; print(9); in: print(1); } __finally { print(2); }'),
  '1 2 = 0',
);
check(
  '__leave ends the try normally',
  MAIN('__try { __leave; print(9); } __finally { print(_abnormal_termination()); }'),
  '0 = 0',
);
check(
  'AbnormalTermination tells a return',
  'int f(void) { __try { return 1; } __finally { print(_abnormal_termination()); } } int main() { return f(); }',
  '1 = 1',
);

check(
  'a raised exception enters the handler',
  MAIN('__try { raise(5); print(9); } __except (1) { x = _exception_code(); } '),
  '= 5',
);
check(
  'the handler is skipped without one',
  MAIN('__try { print(1); } __except (1) { print(9); } print(2);'),
  '1 2 = 0',
);
check(
  'a filter may look at the code and keep it',
  MAIN('__try { raise(7); } __except (x = _exception_code(), x == 7) { print(x); }'),
  '7 = 7',
);
check(
  'a filter that declines passes it on',
  MAIN('__try { __try { raise(3); } __except (print(1), 0) { print(9); } } __except (print(2), 1) { print(3); }'),
  '1 2 3 = 0',
);
check(
  'a filter that continues goes on after the call',
  MAIN('__try { raise(3); print(4); } __except (-1) { print(9); }'),
  '4 = 0',
);
check(
  'filters run before the finally blocks in between',
  'void f(void) { __try { raise(1); } __finally { print(2); } } ' +
    MAIN('__try { f(); } __except (print(1), 1) { print(3); }'),
  '1 2 3 = 0',
);
check(
  'frames in between keep their variables for their finally blocks',
  'int deep(int a, int b) { int c = a * b; __try { raise(1); } __finally { print(c + a + b); } return c; } int filter(int n) { int p = n + 1, q = p * 2, r = q * 3; return r > 0; } ' +
    MAIN('__try { deep(6, 7); } __except (filter(_exception_code())) { print(1); }'),
  '55 1 = 0',
);
check(
  'AbnormalTermination tells an exception',
  MAIN('__try { __try { raise(1); } __finally { print(_abnormal_termination()); } } __except (1) { print(2); }'),
  '1 2 = 0',
);
check(
  'a handler may raise again',
  MAIN('__try { __try { raise(1); } __except (1) { raise(2); } } __except (1) { x = _exception_code(); }'),
  '= 2',
);
check(
  'and a loop may come back to the try',
  MAIN(
    'for (int i = 1; i < 4; i++) { __try { raise(i); } __except (_exception_code() != 3 || 1) { x += _exception_code(); } }',
  ),
  '= 6',
);
check(
  'nobody takes it',
  MAIN('__try { raise(0xc0000001); } __except (0) { print(9); }'),
  '= 0'.replace('= 0', '! unhandled-exception 0xC0000001'),
);
check('there is no try at all', MAIN('raise(0x80000002);'), '! unhandled-exception 0x80000002');

check(
  'a bad user-mode address is an access violation inside a try',
  MAIN('__try { *(int *)0x7fff0000 = 1; } __except (1) { x = _exception_code() == 0xc0000005; }'),
  '= 1',
);
check('also where a native touches it', MAIN('__try { touch((void *)0x10000000); } __except (1) { x = 1; }'), '= 1');
check(
  'but not a bad kernel address',
  MAIN('__try { *(int *)0xffff900000000000 = 1; } __except (1) { x = 1; }'),
  '! wild-address *(int *)0xffff900000000000 = 1',
);
check(
  'without a handler it is the fault that it is',
  MAIN('__try { x = *(int *)0x10; } __finally { print(9); }'),
  '! null-dereference *(int *)0x10',
);

test('a native that goes on after guest code may raise, and leaves no frame behind', () => {
  const later: Native = (call) => ({
    kind: 'call',
    target: call.arguments.pointer(0),
    arguments: [],
    frameLabel: 'later',
    then: { name: 'fail', state: {} },
  });
  const fail: Resume = (machine) => {
    machine.memory.readU8(0x5000_0000n as GuestAddress);
    return returnsVoid;
  };
  const source =
    'void later(int (*f)(void)); int nothing(void) { return 0; } int again(void) { __try { later(nothing); } __except (1) { return 5; } return 0; }\n' +
    'int main() { int i, s = 0; for (i = 0; i < 3; i++) { later2(again); s += again(); } return s; }';
  const later2: Native = (call) => ({
    kind: 'call',
    target: call.arguments.pointer(0),
    arguments: [],
    frameLabel: 'later2',
    then: { name: 'done', state: {} },
  });
  const run = runSource(`void later2(int (*f)(void)); ${source}`, {
    natives: { later, later2 },
    continuations: { fail, done: () => returnsVoid },
  });
  assert.equal(run.fault, undefined);
  assert.equal(run.result, 15n);
});

const RECORDS =
  'struct record { int code; u32 flags; struct record *next; void *address; u32 count; u64 information[15]; }; ' +
  'struct pointers { struct record *record; void *context; }; ';
check(
  'a filter sees the exception record',
  `${RECORDS}int look(struct pointers *p) { struct record *r = p->record; print((u32)r->code == 0xc0000005); print(r->count); print(r->information[0]); print(r->information[1]); return 1; } ` +
    MAIN('__try { *(int *)0x7fff0000 = 1; } __except (look(_exception_info())) { print(9); }'),
  '1 2 1 2147418112 9 = 0',
);
check(
  'a function that raises has no parameters, and its record is gone after the filter',
  `${RECORDS}struct pointers *kept; int look(struct pointers *p) { kept = p; print(p->record->count); return 1; } ` +
    MAIN('__try { raise(3); } __except (look(_exception_info())) { x = kept->record->code; }'),
  '0 ! use-after-return kept->record',
);
check(
  'a filter with side effects may go on after repairing the cause',
  MAIN('int *p = (int *)0x10000; __try { x = *p; print(1); } __except (p = &x, x = 6, -1) { print(9); } print(x);'),
  '1 6 = 6',
);
check(
  'a filter may call a function that handles its own exception',
  'int ask(void) { __try { raise(7); } __except (1) { print(_exception_code()); } return 1; } ' +
    MAIN('__try { raise(3); } __except (ask()) { print(_exception_code()); }'),
  '7 3 = 0',
);
check(
  'a finally block may handle an exception of its own and the unwinding goes on',
  MAIN(
    '__try { __try { raise(1); } __finally { __try { raise(2); } __except (1) { print(2); } print(3); } } __except (1) { print(_exception_code()); }',
  ),
  '2 3 1 = 0',
);
check(
  'an exception in a finally block takes the place of the first',
  MAIN('__try { __try { raise(1); } __finally { raise(2); } } __except (1) { print(_exception_code()); }'),
  '2 = 0',
);
check(
  'also from a callee of the finally block',
  'void fail(void) { raise(5); } ' +
    MAIN('__try { __try { raise(1); } __finally { fail(); } } __except (1) { print(_exception_code()); } print(8);'),
  '5 8 = 0',
);
check(
  'return out of a finally block ends the unwinding',
  'int f(void) { __try { raise(1); } __finally { return 4; } return 5; } ' +
    MAIN('__try { x = f(); } __except (1) { x = 9; }'),
  '= 4',
);
check(
  'and a later exception is not confused by it',
  'int f(void) { __try { raise(1); } __finally { return 4; } return 5; } ' +
    MAIN(
      '__try { for (int i = 0; i < 3; i++) x += f(); __try { raise(6); } __finally { print(1); } } __except (1) { print(_exception_code()); }',
    ),
  '1 6 = 12',
);
check(
  'a division by zero is an exception inside a try',
  MAIN('int zero = 0; __try { x = 1 / zero; } __except (1) { x = _exception_code() == 0xc0000094; }'),
  '= 1',
);
check(
  'so is a quotient that does not fit',
  MAIN(
    'int least = -2147483647 - 1, n = -1; __try { x = least % n; } __except (1) { x = _exception_code() == 0xc0000095; }',
  ),
  '= 1',
);
check(
  '__leave out of blocks within the try ends their objects',
  MAIN('int *p; __try { { int y = 1; p = &y; __leave; } } __finally { print(1); } x = *p;'),
  '1 ! use-after-scope *p',
);

test('a filter that always goes on uses up the budget', () => {
  const run = runSource(`${DECLARATIONS}int main() { __try { *(int *)0x10000 = 1; } __except (-1) { } return 0; }`, {
    natives: NATIVES,
    budget: 5000,
  });
  assert.equal(run.stop.kind, 'budget');
});
test('no filter can make a function that does not return go on', () => {
  const final: Native = () => ({ kind: 'raise', code: 3 });
  const source =
    'void final(void); int main() { __try { final(); } __except (_exception_code() == 3 ? -1 : 1) { print((u32)_exception_code()); } return 0; }';
  assert.deepEqual(runSource(source, { natives: { final } }).output, [String(0xc0000025)]);
});

// ---- exceptions inside filters ----

check(
  'what a filter raises is offered to the same filter again',
  'int f(int code) { print(code); if (code == 1) raise(2); return code == 2; } int main() { __try { raise(1); } __except (f(_exception_code())) { print(100 + (u32)_exception_code()); } return 0; }',
  '1 2 102 = 0',
);
check(
  'and to the handlers around it',
  'int f(int code) { if (code == 1) raise(2); return 0; } int main() { __try { __try { raise(1); } __except (f(_exception_code())) { print(9); } } __except (_exception_code() == 2) { print(3); } print(4); return 0; }',
  '3 4 = 0',
);
check(
  'in the filter itself, of a function that was called within the __try',
  'void deep(int n) { __try { if (n) deep(n - 1); else raise(1); } __finally { print(n); } } int main() { int *p = 0; __try { __try { deep(2); } __except (_exception_code() == 1 ? *p : 0) { print(9); } } __except ((u32)_exception_code() == 0xc0000005) { print(77); } return 0; }',
  '0 1 2 77 = 0',
);
check(
  'handlers inside the functions that a filter calls come first',
  'int f(void) { __try { raise(2); } __except (1) { print(5); } return 1; } int main() { __try { raise(1); } __except (f()) { print(_exception_code()); } return 0; }',
  '5 1 = 0',
);
check(
  'a filter that lets its own exception go on still has the first one',
  'int f(int code) { if (code == 1) { raise(2); return 1; } return -1; } int main() { __try { raise(1); print(8); } __except (f(_exception_code())) { print(_exception_code()); } return 0; }',
  '1 = 0',
);
check(
  'locals of the frames that were left by way of a filter are what they were',
  'int main() { int a = 1, b = 2, c = 3; int *p = 0; __try { int k = 5; __try { raise(k + a); } __except (_exception_code() == 6 ? b + c + *p : 0) { print(9); } } __except (1) { print(a + b + c); } return a; }',
  '6 = 1',
);
check(
  'a filter that only raises ends the run',
  'int main() { int *p = 0; __try { raise(1); } __except (*p) { print(9); } return 0; }',
  '! null-dereference *p',
);
check(
  'and a __finally inside a function of a filter runs',
  'int f(int code) { if (code == 2) return 0; __try { raise(2); } __finally { print(6); } return 1; } int main() { __try { __try { raise(1); } __except (f(_exception_code())) { print(8); } } __except (_exception_code() == 2) { print(7); } return 0; }',
  '6 7 = 0',
);

// ---- setjmp and longjmp ----

const JUMPS: Readonly<Record<string, Native>> = {
  _setjmp: (call) => ({ kind: 'set-jump', buffer: call.arguments.pointer(0) }),
  longjmp: (call) => ({ kind: 'long-jump', buffer: call.arguments.pointer(0), value: call.arguments.int(1) }),
};
const JUMP_DECLARATIONS = 'int _setjmp(u64 *b); void longjmp(u64 *b, int value); u64 place[4]; ';

function checkJump(name: string, source: string, expected: string): void {
  test(name, () => {
    const run = runSource(JUMP_DECLARATIONS + source, { natives: JUMPS });
    const end = run.fault === undefined ? `= ${run.result}` : `! ${run.fault.kind} ${run.fault.detail}`;
    assert.equal([...run.output, end].join(' '), expected);
  });
}

checkJump(
  'longjmp goes back through frames with its value',
  'void deep(int n) { if (n == 0) longjmp(place, 7); deep(n - 1); print(9); } int main() { int r = _setjmp(place); print(r); if (r == 0) deep(5); return r; }',
  '0 7 = 7',
);
checkJump(
  'zero becomes one',
  'int main() { int n = 0; if (_setjmp(place) == 0) { n = 1; longjmp(place, 0); } return n + 1; }',
  '= 2',
);
checkJump(
  'the function that called setjmp must still stand',
  'void set(void) { _setjmp(place); } int main() { set(); longjmp(place, 1); return 0; }',
  '! bad-jump the function that called setjmp has returned',
);
checkJump(
  'a const local is made anew when the jump leads before it',
  'int main() { int n = 0, r = _setjmp(place); const int c = r; const int *p = &c; print(*p); if (r == 0) longjmp(place, 4); return n; }',
  '0 4 = 0',
);
checkJump(
  'locals of the frames that were left are dead',
  'int *kept; void inner(void) { int x = 3; kept = &x; longjmp(place, 1); } int main() { if (_setjmp(place) == 0) inner(); return *kept; }',
  '! use-after-return *kept',
);

check(
  'what is no address of x64 raises an exception, which says neither where nor what',
  MAIN('__try { *(int *)0x4141414141414141 = 1; } __except (1) { print(1); } print(2);'),
  '1 2 = 0',
);
check(
  'a native that touches what is no address raises it, too',
  MAIN('__try { touch((void *)0x4141414141414141); } __except (1) { print(1); }'),
  '1 = 0',
);
