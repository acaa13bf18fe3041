import assert from 'node:assert/strict';
import test from 'node:test';
import { semanticTokens } from './semantic-tokens.ts';
import { analyseDriver, INCLUDES } from './testing.ts';

function tokens(fixture: string): string {
  const { analysis } = analyseDriver(fixture);
  return semanticTokens(analysis)
    .filter(({ start }) => start >= INCLUDES.length)
    .map(({ start, end, type, modifiers }) => {
      return [analysis.unit.file.text.slice(start, end), type, ...modifiers].join(' ');
    })
    .join(', ');
}

test('names of WSK, of the kernel, and the driver’s own', () => {
  assert.equal(
    tokens('static ULONG Count;\nvoid f(PWSK_SOCKET Socket) { Count = WSK_FLAG_NODELAY; }'),
    'ULONG type defaultLibrary, Count variable definition static, f function definition, PWSK_SOCKET type defaultLibrary, Socket parameter definition, Count variable static, WSK_FLAG_NODELAY macro readonly defaultLibrary',
  );
  assert.equal(
    tokens('void f(PIRP Irp) { IoFreeIrp(Irp); Irp->IoStatus.Status = STATUS_PENDING; }'),
    'f function definition, PIRP type defaultLibrary, Irp parameter definition, IoFreeIrp function defaultLibrary, Irp parameter, Irp parameter, IoStatus property defaultLibrary, Status property defaultLibrary, STATUS_PENDING macro readonly defaultLibrary',
  );
  assert.equal(
    tokens('struct S { int a; }; enum e { one };\nint f(PWSK_PROVIDER_NPI n) { n->Dispatch->WskSocket; return one; }'),
    'S struct definition, a property declaration, e enum definition, one enumMember definition readonly, f function definition, PWSK_PROVIDER_NPI type defaultLibrary, n parameter definition, n parameter, Dispatch property defaultLibrary, WskSocket method defaultLibrary, one enumMember readonly',
  );
});
