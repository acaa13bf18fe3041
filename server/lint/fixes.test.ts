/** A fix mends what it is offered for: the pages' wrong programs with it applied no longer have that finding. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../../base/finding.ts';
import { SYNTAX_RULE, syntaxFindings } from './lint.ts';
import { fixable, INCLUDES, lintTexts, parse, root, shown } from './testing.ts';

const folder = join(root, 'server/lint/rules');

/** The text with a finding's first fix applied. */
function fixed({ span, fixes = [] }: Finding): string {
  const edits = [...(fixes[0]?.edits ?? [])].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce(
    (text, edit) => text.slice(0, edit.span.start) + edit.newText + text.slice(edit.span.end),
    span.file.text,
  );
}

for (const rule of fixable) {
  test(rule, () => {
    const page = readFileSync(join(folder, rule, 'rule.md'), 'utf8');
    let applied = 0;
    for (const [, text = ''] of page.matchAll(/^```c\n([\s\S]*?)^```/gm)) {
      for (const finding of lintTexts(text).findings) {
        if (finding.fixes === undefined) continue;
        applied++;
        const after = fixed(finding).slice(INCLUDES.length);
        assert.deepEqual(parse('fixed.c', INCLUDES + after).problems, []);
        const left = lintTexts(after).findings.map(shown);
        assert.ok(!left.includes(shown(finding)), `${shown(finding)} is still there`);
      }
    }
    assert.ok(applied >= 2, `${applied} fixes were applied`);
  });
}

test('what a macro makes together with more of the call is not replaced', () => {
  const macros = [
    '#define BIND(s, a, i) (((const WSK_PROVIDER_LISTEN_DISPATCH *)(s)->Dispatch)->WskBind((s), (a), 1, (i)))',
    '#define TAIL 1, i',
    '#define ONE 1',
  ].join('\n');
  const dispatch = '((const WSK_PROVIDER_LISTEN_DISPATCH *)s->Dispatch)';
  const fixesOf = (call: string): readonly string[] | undefined => {
    const { findings } = lintTexts(`${macros}\nNTSTATUS f(PWSK_SOCKET s, PSOCKADDR a, PIRP i) { return ${call}; }\n`);
    const found = findings.find(({ rule }) => rule === 'reserved-flags');
    assert.ok(found, call);
    return found.fixes?.map(({ edits: [edit] }) => found.span.file.text.slice(edit?.span.start, edit?.span.end));
  };
  assert.deepEqual(fixesOf(`${dispatch}->WskBind(s, a, ONE, i)`), ['ONE']);
  assert.equal(fixesOf('BIND(s, a, i)'), undefined);
  assert.equal(fixesOf(`${dispatch}->WskBind(s, a, TAIL)`), undefined);
});

test('syntax problems become findings that break no documentation rule', () => {
  const findings = syntaxFindings(parse('t.c', 'int f( { return 1; }\n'));
  assert.ok(findings.length > 0);
  for (const finding of findings) {
    assert.equal(finding.rule, SYNTAX_RULE);
    assert.deepEqual(finding.docRules, []);
  }
});
