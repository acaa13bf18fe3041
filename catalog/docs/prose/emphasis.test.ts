import assert from 'node:assert/strict';
import test from 'node:test';
import { withoutStrayMarks } from './emphasis.ts';

const cases: readonly (readonly [what: string, written: string, shown: string])[] = [
  ['pairs', 'the **a** and *b* of `**`', 'the **a** and *b* of `**`'],
  ['marks in marks', '**Nt*Xxx*** and **sizeof(**X**)**.', '**Nt*Xxx*** and **sizeof(**X**)**.'],
  ['three that open and close', '**u.***xxx***.E** m', '**u.***xxx***.E** m'],
  ['a rest of what opens', 'in **RetFilter*. This', 'in *RetFilter*. This'],
  ['a rest of what closes', '*ppData**: A', '*ppData*: A'],
  ['nothing that closes', '**a', 'a'],
  ['nothing that opens', '(SPC-2)** spec', '(SPC-2) spec'],
  ['two that touch', '**NULL****Time** x', '**NULL** **Time** x'],
  ['four within a word', 'KSEVENT_ENT****RY', 'KSEVENT_ENTRY'],
  ['a blank before what closes', 'See **TIER ** for', 'See **TIER** for'],
  ['a blank behind what opens', '** Code Sample**', '**Code Sample**'],
  ['an operator', '2 ** 6 is **b**, 2**6', '2 \\*\\* 6 is **b**, 2\\*\\*6'],
  ['an operator before a mark', '2 ** **Shift**, or', '2 \\*\\* **Shift**, or'],
  ['an asterisk in bold', 'an asterisk (*****) and', 'an asterisk (\\*) and'],
  ['code with asterisks', '`a ** b` and ``**`` **c', '`a ** b` and ``**`` c'],
  ['what has backslashes', '\\*\\*a', '\\*\\*a'],
  ['pointers', '*ppData and *b', '*ppData and *b'],
];

for (const [what, written, shown] of cases) {
  test(what, () => {
    assert.equal(withoutStrayMarks(written), shown);
    assert.equal(withoutStrayMarks(shown), shown);
  });
}

test('time grows with the length', () => {
  const text = withoutStrayMarks('**a *b** '.repeat(20_000));
  assert.ok(text.length > 20_000);
});
