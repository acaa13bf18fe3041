/** Structured exception handling: what is printed tells the order in which blocks run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GuestAddress, returnsVoid } from './native.ts';
import { type Native, type Resume, runSource } from './testing/run-source.ts';

const raise: Native = (call) => ({ kind: 'raise', code: call.arguments.int(0) });
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
