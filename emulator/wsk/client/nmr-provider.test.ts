/** WSK reached through the Network Module Registrar: when it starts late, when a client goes with a socket open. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunPlan, RunResult } from '../../run/types.ts';
import { runText, scenarioText } from '../../testing.ts';

interface Client {
  readonly detach?: string;
  readonly body: string;
  readonly unload: string;
  readonly scenario?: string;
}

function run({ detach = 'return STATUS_SUCCESS;', body, unload, scenario }: Client): RunResult {
  const changes: Partial<RunPlan> = scenario === undefined ? {} : { scenario: scenarioText(scenario) };
  return runText(
    `#include <ntddk.h>
#include <wsk.h>
static const NPI_MODULEID Module = { sizeof(NPI_MODULEID), MIT_GUID, { { 12 } } };
static const WSK_CLIENT_DISPATCH Mine = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static HANDLE Client, Binding; static PWSK_CLIENT Wsk; static const WSK_PROVIDER_DISPATCH *Functions; static KEVENT Bound, Done; static PIRP Irp;
static NTSTATUS Attach(HANDLE b, PVOID c, PNPI_REGISTRATION_INSTANCE r) {
  NTSTATUS s = NmrClientAttachProvider(b, NULL, &Mine, (PVOID *)&Wsk, (const VOID **)&Functions);
  UNREFERENCED_PARAMETER(c); UNREFERENCED_PARAMETER(r); Binding = b; KeSetEvent(&Bound, 0, FALSE); return s;
}
static NTSTATUS Detach(PVOID c) { UNREFERENCED_PARAMETER(c); ${detach} }
static const NPI_CLIENT_CHARACTERISTICS Data = { 0, sizeof(Data), Attach, Detach, NULL, { 0, sizeof(NPI_REGISTRATION_INSTANCE), &NPI_WSK_INTERFACE_ID, &Module, 0, NULL } };
static NTSTATUS Completed(PDEVICE_OBJECT d, PIRP i, PVOID c) { UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(i); KeSetEvent((PKEVENT)c, 0, FALSE); return STATUS_MORE_PROCESSING_REQUIRED; }
static PWSK_SOCKET Open(void) {
  IoReuseIrp(Irp, 0); IoSetCompletionRoutine(Irp, Completed, &Done, TRUE, TRUE, TRUE);
  Functions->WskSocket(Wsk, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, NULL, Irp);
  KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
  return (PWSK_SOCKET)Irp->IoStatus.Information;
}
static void Wait(void) { KeWaitForSingleObject(&Bound, Executive, KernelMode, FALSE, NULL); }
static void End(void) { if (NmrDeregisterClient(Client) == STATUS_PENDING) NmrWaitForClientDeregisterComplete(Client); }
static VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); ${unload} IoFreeIrp(Irp); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {
  UNREFERENCED_PARAMETER(p); d->DriverUnload = Unload;
  KeInitializeEvent(&Bound, NotificationEvent, FALSE); KeInitializeEvent(&Done, SynchronizationEvent, FALSE);
  Irp = IoAllocateIrp(1, FALSE);
  ${body}
  return STATUS_SUCCESS;
}`,
    changes,
  );
}

const told = (result: RunResult): string[] => result.findings.map(({ rule, message }) => `${rule}: ${message}`);

test('WSK that starts later is attached by a worker of the system', () => {
  const late = run({
    body: 'NmrRegisterClient(&Data, NULL, &Client); DbgPrint(Wsk == NULL ? "not yet\\n" : "too early\\n"); Wait(); DbgPrint(Functions->Version >= MAKE_WSK_VERSION(1, 0) ? "attached\\n" : "?\\n");',
    unload: 'End();',
    scenario: 'wskReadyAfterMs: 5',
  });
  assert.deepEqual(told(late), []);
  assert.deepEqual(late.log, ['not yet', 'attached']);
});

test('a socket that is never closed keeps the client from ending', () => {
  const [hang = ''] = told(run({ body: 'NmrRegisterClient(&Data, NULL, &Client); Open();', unload: 'End();' }));
  assert.match(
    hang,
    /^hang: .*waits in NmrWaitForClientDeregisterComplete for WSK to detach.*Still open: socket #1 \(/,
  );
});

test('a client that stays registered is told with its socket', () => {
  const left = told(run({ body: 'NmrRegisterClient(&Data, NULL, &Client); Open();', unload: '' }));
  assert.deepEqual(
    left.map((one) => one.replace(/:.*/, '')),
    ['callback-outlives-driver', 'socket-leak'],
  );
});

test('the functions of WSK are not called when the client has detached', () => {
  const [late = ''] = told(
    run({ body: 'NmrRegisterClient(&Data, NULL, &Client);', unload: 'NmrDeregisterClient(Client); Open();' }),
  );
  assert.match(late, /^npi-after-release: WskSocket was called .* after the client had detached from WSK/);
});
