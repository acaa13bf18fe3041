import assert from 'node:assert/strict';
import test from 'node:test';
import { hover } from '../hover.ts';
import { analyseDriver } from '../testing.ts';

/** What the hover says of the place, behind the highest IRQL of what is called there. */
function here(fixture: string): string | undefined {
  const { analysis, offset } = analyseDriver(fixture);
  return /^\*\*IRQL\*\* .*; (here .*?) *$/m.exec(hover(analysis, offset)?.markdown ?? '')?.[1];
}

const thread = (body: string): string => `KSTART_ROUTINE Work; KSPIN_LOCK Lock; KIRQL Old; PKEVENT Event;
VOID Work(PVOID Context) {\n${body}\n}`;
const call = 'KeSet/*$*/Event(Event, 0, FALSE);';

test('a call shows the IRQL of the function that makes it', () => {
  assert.equal(here(thread(call)), 'here PASSIVE_LEVEL, by `Work`');
  assert.equal(
    here(`KDEFERRED_ROUTINE Dpc; VOID Dpc(PKDPC D, PVOID C, PVOID A, PVOID B) { PKEVENT Event = C; ${call} }`),
    'here DISPATCH_LEVEL, by `Dpc`',
  );
  assert.equal(
    here(`_IRQL_requires_max_(DISPATCH_LEVEL) VOID Own(PKEVENT Event) { ${call} }`),
    'here ≤ DISPATCH_LEVEL, by `Own`',
  );
  assert.equal(here(`VOID Own(PKEVENT Event) { ${call} }`), undefined);
});

test('a dispatch routine runs as its requests are sent', () => {
  const dispatch = (...types: readonly string[]): string =>
    `${types.map((type) => `_Dispatch_type_(${type}) `).join('')}DRIVER_DISPATCH Answer;
NTSTATUS Answer(PDEVICE_OBJECT Device, PIRP Irp) { PKEVENT Event = NULL; ${call} return 0; }`;
  assert.equal(here(dispatch('IRP_MJ_PNP')), 'here PASSIVE_LEVEL, by `Answer`');
  assert.equal(here(dispatch('IRP_MJ_CREATE', 'IRP_MJ_CLOSE')), 'here PASSIVE_LEVEL, by `Answer`');
  assert.equal(here(dispatch('IRP_MJ_CREATE', 'IRP_MJ_READ')), 'here ≤ DISPATCH_LEVEL, by `Answer`');
  assert.equal(here(dispatch()), 'here ≤ DISPATCH_LEVEL, by `Answer`');
});

test('a routine that is put into the driver object without having been declared as one', () => {
  const dispatch = (...targets: readonly string[]): string =>
    `static NTSTATUS Answer(PDEVICE_OBJECT Device, PIRP Irp) { PKEVENT Event = NULL; ${call} return 0; }
NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) { ULONG i = 0; ${targets.join(' ')} return 0; }`;
  const put = (major: string): string => `D->MajorFunction[${major}] = Answer;`;
  const passive = 'here PASSIVE_LEVEL, by `Answer`';
  assert.equal(here(dispatch(put('IRP_MJ_CREATE'), put('IRP_MJ_CLOSE'))), passive);
  assert.equal(here(dispatch('D->MajorFunction[IRP_MJ_CREATE] = D->MajorFunction[IRP_MJ_CLOSE] = Answer;')), passive);
  assert.equal(here(dispatch(put('IRP_MJ_CREATE'), put('IRP_MJ_WRITE'))), 'here ≤ DISPATCH_LEVEL, by `Answer`');
  assert.equal(here(dispatch(put('i'), put('IRP_MJ_CREATE'))), 'here ≤ DISPATCH_LEVEL, by `Answer`');
  assert.equal(here(dispatch()), undefined);
  const { analysis, offset } = analyseDriver(
    dispatch(put('IRP_MJ_PNP')).replace(call, '').replace('Answer(', 'Ans/*$*/wer('),
  );
  assert.match(hover(analysis, offset)?.markdown ?? '', /\*\*Called at IRQL\*\* PASSIVE_LEVEL *$/m);
});

test('an interrupt is answered at DIRQL, which no annotation can say', () => {
  const service = 'BOOLEAN Answer(PKINTERRUPT I, PVOID C) { PKEVENT Event = C;';
  assert.equal(here(`KSERVICE_ROUTINE Answer; ${service} ${call} return TRUE; }`), 'here DIRQL, by `Answer`');
  const { analysis, offset } = analyseDriver(
    `KSERVICE_ROUTINE Answer; ${service.replace('Ans', 'Ans/*$*/')} return TRUE; }`,
  );
  assert.match(hover(analysis, offset)?.markdown ?? '', /\*\*Called at IRQL\*\* DIRQL/);
});

test('a spin lock that was surely taken before has raised it', () => {
  const lock = 'KeAcquireSpinLock(&Lock, &Old);';
  const unlock = 'KeReleaseSpinLock(&Lock, Old);';
  const raised = /^here DISPATCH_LEVEL, since `KeAcquireSpinLock/;
  assert.match(here(thread(`${lock} ${call} ${unlock}`)) ?? '', raised);
  assert.match(here(thread(`${lock} if (Event != NULL) { ${call} } ${unlock}`)) ?? '', raised);
  assert.equal(here(thread(`if (Event == NULL) { ${lock} } ${call}`)), undefined);
  assert.equal(here(thread(`${lock} ${unlock} ${call}`)), 'here PASSIVE_LEVEL, by `Work`');
  assert.match(here(thread(`${lock} while (Event) { ${call} ${unlock} ${lock} }`)) ?? '', raised);
  assert.equal(here(thread(`${call} ${lock} ${unlock}`)), 'here PASSIVE_LEVEL, by `Work`');
});

test('the level on every way to the place', () => {
  const lock = 'KeAcquireSpinLock(&Lock, &Old);';
  const unlock = 'KeReleaseSpinLock(&Lock, Old);';
  const passive = 'here PASSIVE_LEVEL, by `Work`';
  const raised = 'here DISPATCH_LEVEL, since `KeAcquireSpinLock`';
  for (const [body, expected] of [
    [`${lock} if (!Event) { ${unlock} return; } ${call} ${unlock}`, raised],
    [`${lock} if (!Event) { ${unlock} goto out; } ${call} ${unlock} out: return;`, raised],
    [`${lock} if (!Event) goto out; ${unlock} return; out: ${call} ${unlock}`, raised],
    [`${lock} ${unlock} goto out; ${lock} out: ${call}`, passive],
    [`again: ${call} ${lock} if (Event) goto again; ${unlock}`, undefined],
    [`for (;;) { ${lock} ${call} ${unlock} }`, raised],
    [`while (Event) { ${lock} if (!Context) { ${unlock} continue; } ${unlock} ${call} }`, passive],
    [`while (Event) { ${lock} if (Context) break; ${unlock} } ${call}`, undefined],
    [`switch (Old) { case 0: ${lock} break; default: ${lock} } ${call}`, raised],
    [`switch (Old) { case 0: ${lock} break; } ${call}`, undefined],
    [`__try { ${lock} if (Event) __leave; } __finally { ${call} ${unlock} }`, raised],
    [`KeRaiseIrql(APC_LEVEL, &Old); ${lock} ${unlock} ${call}`, 'here APC_LEVEL, since `KeRaiseIrql`'],
    [`KeRaiseIrql(Old, &Old); ${call}`, undefined],
    [`if (${lock.slice(0, -1)}, Event) { ${call} }`, raised],
  ] as const) {
    assert.equal(here(thread(body)), expected, body);
  }
});
