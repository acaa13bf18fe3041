import assert from 'node:assert/strict';
import test from 'node:test';
import { inlayHints } from './inlay-hints.ts';
import { analyseDriver } from './testing.ts';

/** The text with the hints in it, each in «». */
function hinted(fixture: string): string {
  const { analysis } = analyseDriver(fixture);
  const { text } = analysis.unit.file;
  const skipped = text.length - fixture.length;
  let shown = '';
  let from = skipped;
  for (const { offset, text: hint } of inlayHints(analysis, 0, text.length)) {
    shown += `${text.slice(from, offset)}«${hint}»`;
    from = offset;
  }
  return shown + text.slice(from);
}

test('parameters of the long calls of WSK', () => {
  assert.equal(
    hinted(
      'void f(PWSK_PROVIDER_NPI Npi, PIRP Irp) { Npi->Dispatch->WskSocket(Npi->Client, AF_INET, SOCK_STREAM, 6, 0, NULL, NULL, NULL, NULL, NULL, Irp); }',
    ),
    'void f(PWSK_PROVIDER_NPI Npi, PIRP Irp) { Npi->Dispatch->WskSocket(Npi->Client, «AddressFamily:»AF_INET, «SocketType:»SOCK_STREAM, «Protocol:»6, «Flags:»0, «SocketContext:»NULL, «Dispatch:»NULL, «OwningProcess:»NULL, «OwningThread:»NULL, «SecurityDescriptor:»NULL, Irp); }',
  );
  const short = 'void f(PIRP i, PWSK_SOCKET s) { ((PWSK_PROVIDER_BASIC_DISPATCH)s->Dispatch)->WskCloseSocket(s, i); }';
  assert.equal(hinted(short), short);
  const other = 'int g(int a, int b, int c, int d, int e); void f(void) { g(1, 2, 3, 4, 5); }';
  assert.equal(hinted(other), other);
});

test('IRQL at the head', () => {
  assert.equal(
    hinted('_IRQL_requires_max_(DISPATCH_LEVEL)\nvoid f(void)\n{\n}\n'),
    '_IRQL_requires_max_(DISPATCH_LEVEL)\nvoid f(void)«IRQL ≤ DISPATCH_LEVEL»\n{\n}\n',
  );
  assert.match(
    hinted('IO_COMPLETION_ROUTINE Done;\nNTSTATUS Done(PDEVICE_OBJECT d, PIRP i, PVOID c) { return 0; }'),
    /c\)«IRQL ≤ DISPATCH_LEVEL» \{/,
  );
  assert.match(
    hinted('KDEFERRED_ROUTINE Dpc;\nvoid Dpc(PKDPC d, PVOID c, PVOID a, PVOID b) {\n}\n'),
    /b\)«IRQL = DISPATCH_LEVEL» \{/,
  );
  assert.equal(hinted('void f(void) { }'), 'void f(void) { }');
});

test('only what is seen', () => {
  const { analysis } = analyseDriver('_IRQL_requires_max_(DISPATCH_LEVEL) void f(void) { }');
  assert.equal(inlayHints(analysis, 0, 20).length, 0);
});
