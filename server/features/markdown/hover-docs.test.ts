import assert from 'node:assert/strict';
import test from 'node:test';
import { analyseDriver } from '../testing.ts';
import { documentedAt } from './hover-docs.ts';

/** Names to look up, `.member` after them; the UID's API in front. Empty: no page can be about it. */
function asked(fixture: string): string {
  const { analysis, offset } = analyseDriver(fixture);
  const found = documentedAt(analysis, offset);
  if (found === undefined) return '';
  const member = found.member === undefined ? '' : `.${found.member}`;
  return `${found.uid ?? '-'} ${found.names.join(' ')}${member}`;
}

const f = (body: string): string => `void f(PWSK_PROVIDER_NPI Npi, PWSK_SOCKET Socket, PIRP Irp) {\n${body}\n}\n`;
const socket = 'NC:wsk.PFN_WSK_SOCKET PFN_WSK_SOCKET WskSocket';

for (const [fixture, expected] of [
  [f('  Npi->Dispatch->Wsk/*$*/Socket(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Irp);'), socket],
  [f('  PFN_WSK_SOCKET make = Npi->Dispatch->WskSocket; ma/*$*/ke(0);'), socket],
  [f('  IoCall/*$*/Driver(0, Irp);'), 'NF:wdm.IoCallDriver IoCallDriver'],
  [f('  Flt/*$*/GetVolumeName(0);'), '- FltGetVolumeName'],
  ['#include <fltKernel.h>\nPFLT_/*$*/FILTER filter;', '- PFLT_FILTER'],
  [f('  undeclared/*$*/_thing(0);'), '- undeclared_thing'],
  ['void Own/*$*/Helper(void) { }', ''],
  ['typedef struct { int x; } OWN_/*$*/TYPE;', ''],
  ['struct _OWN { int Mem/*$*/ber; };', ''],
  ['#define OWN_/*$*/MACRO 1\n', ''],
  [f('  int LocalName = 0; Local/*$*/Name++;'), ''],
  [f('  /* Wsk/*$*/Socket */'), ''],
  [f('  char *s = "Wsk/*$*/Socket";'), ''],
] as const) {
  test(JSON.stringify(fixture), () => assert.equal(asked(fixture), expected));
}

test('members, enumerators and callbacks', () => {
  assert.match(asked(f('  Irp->Io/*$*/Status;')), /\b_IRP\b.*\.IoStatus$/);
  assert.match(
    asked(f('  int x = Whea/*$*/x; x = Notification/*$*/Event;').replace('Whea/*$*/x', '0')),
    /EVENT_TYPE\.NotificationEvent$/,
  );
  assert.match(asked('IO_COMPLETION_ROUTINE Do/*$*/ne;'), /^NC:wdm\.IO_COMPLETION_ROUTINE IO_COMPLETION_ROUTINE/);
  assert.match(asked(f('  WSK_B/*$*/UF b;')), /_WSK_BUF/);
  assert.match(asked(f('  int x = SO_REUSE/*$*/ADDR;')), /SO_REUSEADDR/);
});
