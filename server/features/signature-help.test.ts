import assert from 'node:assert/strict';
import test from 'node:test';
import { signatureHelp } from './signature-help.ts';
import { analyseDriver } from './testing.ts';

/** `name: active parameter`, or '' without help. */
function check(body: string, expected: string): void {
  const { analysis, offset } = analyseDriver(
    `#define TWICE(a, b) ((a) + (b))\n#define SAY(format, ...) DbgPrint(format, __VA_ARGS__)\nint own(int first, char second);\nvoid f(PWSK_PROVIDER_NPI Npi, PFN_WSK_SOCKET Make, PIRP Irp) {\n${body}\n}\n`,
  );
  const help = signatureHelp(analysis, offset);
  const name = /(\w+)\(/.exec(help?.label ?? '')?.[1];
  const active = help?.parameters[help.active];
  const shown =
    help === undefined ? '' : `${name}: ${active === undefined ? '-' : help.label.slice(active.start, active.end)}`;
  assert.equal(shown, expected, body);
}

test('the call at hand and its argument', () => {
  check('own(/*$*/', 'own: int first');
  check('own(1, /*$*/', 'own: char second');
  check('own(1, /*$*/);', 'own: char second');
  check('own(1, 2, /*$*/', 'own: -');
  check('own (1,\n\n  /*$*/', 'own: char second');
  check('Npi->Dispatch->WskSocket(Npi->Client, AF_INET, /*$*/', 'WskSocket: USHORT SocketType');
  check('Make(0, /*$*/', 'WskSocket: ADDRESS_FAMILY AddressFamily');
  check('(*Make)(0, /*$*/', 'WskSocket: ADDRESS_FAMILY AddressFamily');
  check('IoSetCompletionRoutine(Irp, /*$*/', 'IoSetCompletionRoutine: PIO_COMPLETION_ROUTINE CompletionRoutine');
  check('NTSTATUS s = IoCallDriver(/*$*/', 'IoCallDriver: PDEVICE_OBJECT DeviceObject');
});

test('nested calls: the innermost that the cursor is in', () => {
  check('own(own(1, 2), /*$*/', 'own: char second');
  check('own(TWICE(1, 2), /*$*/', 'own: char second');
  check('own(1, IoFreeIrp(/*$*/', 'IoFreeIrp: PIRP Irp');
  check('own((1 + /*$*/', 'own: int first');
  check('own(a[1, /*$*/', 'own: int first');
  check('if (own(1, /*$*/) > 0) { }', 'own: char second');
  check('if (NT_SUCCESS(own(1, /*$*/', 'own: char second');
  check('own(sizeof(/*$*/', 'own: int first');
});

test('commas and brackets in strings and comments do not count', () => {
  check('own("a,b(", /*$*/', 'own: char second');
  check("own(',', /*$*/", 'own: char second');
  check('own(1 /* , */, /*$*/', 'own: char second');
  check('own(1, // one, two\n  /*$*/', 'own: char second');
});

test('macros and variable arguments', () => {
  check('TWICE(1, /*$*/', 'TWICE: b');
  check('SAY("%d", 1, 2, /*$*/', 'SAY: ...');
  check('DbgPrint("%d %d", 1, /*$*/', 'DbgPrint: ...');
  check('NT_SUCCESS(/*$*/', 'NT_SUCCESS: Status');
});

test('no help outside of a call', () => {
  check('own(1, 2)/*$*/', '');
  check('own/*$*/(1, 2)', '');
  check('if (/*$*/', '');
  check('own(1, 2; \n /*$*/', '');
  check('// own(/*$*/', '');
  check('unknown(/*$*/', '');
  check('int a[] = { /*$*/', '');
  // Parameters that are being declared.
  for (const head of ['void own(int a, /*$*/', 'int own(int a, /*$*/ int b) { return 0; }']) {
    const { analysis, offset } = analyseDriver(`int own(int a, int b);\n${head}`);
    assert.equal(signatureHelp(analysis, offset), undefined, head);
  }
});

test('a parameter tells its note and values', () => {
  const { analysis, offset } = analyseDriver('void f(PWSK_PROVIDER_NPI n) { n->Dispatch->WskSocket(0, 0, /*$*/');
  const help = signatureHelp(analysis, offset);
  assert.match(help?.parameters[2]?.markdown ?? '', /`SOCK_STREAM`/);
  assert.match(help?.markdown ?? '', /socket/i);
});

test('the values of the argument at hand fit those before it', () => {
  const values = (body: string): string | undefined => {
    const { analysis, offset } = analyseDriver(
      `int own(int a, BOOLEAN isOn);\nvoid f(PWSK_PROVIDER_NPI n, PWSK_PROVIDER_BASIC_DISPATCH d, PWSK_SOCKET s) { ${body}`,
    );
    const help = signatureHelp(analysis, offset);
    return /Values: (.*)\.$/.exec(help?.parameters[help.active]?.markdown ?? '')?.[1];
  };
  assert.equal(values('n->Dispatch->WskSocket(0, AF_INET, SOCK_DGRAM, /*$*/'), '`IPPROTO_UDP`');
  assert.equal(values('n->Dispatch->WskSocket(0, AF_INET, SOCK_STREAM, /*$*/'), '`IPPROTO_TCP`');
  assert.match(values('d->WskControlSocket(s, WskIoctl, SIO_WSK_QUERY_RECEIVE_BACKLOG, /*$*/') ?? '', /^`0`/);
  assert.match(values('d->WskControlSocket(s, WskSetOption, /*$*/') ?? '', /^(`\w+`, ){11}`\w+` and \d+ more$/);
  assert.equal(values('own(1, /*$*/'), '`TRUE`, `FALSE`');
  assert.equal(values('own(/*$*/'), undefined);
});
