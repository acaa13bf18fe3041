/** Where a fix is offered and where none is, and what it writes. That each mends what it is offered for, the pages' tests show. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lint, SYNTAX_RULE, syntaxFindings } from './lint.ts';
import { catalog, INCLUDES, lintTexts, parse, root } from './testing.ts';

const folder = join(root, 'server/lint/rules');

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

test('what is inserted ends its lines as the file does', () => {
  for (const rule of ['irp-not-reused', 'irp-freed-in-flight']) {
    const page = readFileSync(join(folder, rule, 'rule.md'), 'utf8');
    const inserted = [...page.matchAll(/^```c\n([\s\S]*?)^```/gm)].flatMap(([, text = '']) => {
      const { findings } = lint([parse('driver.c', (INCLUDES + text).replaceAll('\n', '\r\n'))], catalog);
      return findings.flatMap(({ fixes = [] }) => fixes.flatMap(({ edits }) => edits.map(({ newText }) => newText)));
    });
    assert.ok(
      inserted.some((text) => text.includes('\r\n')),
      rule,
    );
    for (const text of inserted) assert.doesNotMatch(text, /(?<!\r)\n/);
  }
});

test('no fix is offered for what has more to mend', () => {
  const offered = (rule: string, text: string): boolean => {
    const found = lintTexts(text).findings.find((one) => one.rule === rule);
    assert.ok(found, rule);
    return found.fixes !== undefined;
  };
  const query = (use: string): string =>
    `NTSTATUS f(PWSK_PROVIDER_NPI p, PVOID o) { ULONG n; NTSTATUS s = p->Dispatch->WskControlClient(p->Client, WSK_TRANSPORT_LIST_QUERY, 0, NULL, 100, o, (SIZE_T *)&n, NULL); ${use} return s; }\n`;
  assert.equal(offered('output-size-returned', query('if (s == 0) KeStallExecutionProcessor(1);')), true);
  assert.equal(offered('output-size-returned', query('if (s == 0) DbgPrint("%u", n);')), false);
  const events = (sizes: string): string =>
    `NTSTATUS f(PWSK_SOCKET s, PWSK_EVENT_CALLBACK_CONTROL c, PIRP i) { return ((const WSK_PROVIDER_DATAGRAM_DISPATCH *)s->Dispatch)->WskControlSocket(s, WskGetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, ${sizes}, NULL, i); }\n`;
  assert.equal(offered('control-request-type', events('sizeof(*c), c, 0, NULL')), true);
  assert.equal(offered('control-request-type', events('0, NULL, sizeof(*c), c')), false);
});
