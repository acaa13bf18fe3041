/**
 * What the Network Module Registrar finds wrong with its modules. One driver with a client and a provider of one NPI;
 * each case changes some of its pieces. The right order of things is checked by test/drivers/areas/nmr.c.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

interface Pieces {
  /** At file scope, before everything that uses it. */
  readonly before?: string;
  readonly clientAttach?: string;
  readonly clientDetach?: string;
  readonly providerAttach?: string;
  readonly providerDetach?: string;
  readonly clientCleanup?: string;
  readonly body?: string;
  readonly unload?: string;
  readonly faults?: Parameters<typeof runDriver>[1];
}

const attach = 'return NmrClientAttachProvider(b, &Context, NULL, &Other, &Dispatch);';
const accept = '*pc = &Context; *pd = &Table; return STATUS_SUCCESS;';
const endClient = 'NmrDeregisterClient(Client); NmrWaitForClientDeregisterComplete(Client);';
const endProvider = 'NmrDeregisterProvider(Provider); NmrWaitForProviderDeregisterComplete(Provider);';
const end = `${endClient} ${endProvider}`;

function driver(pieces: Pieces): string {
  return `#include <netioddk.h>
static const NPIID Npi = { 1, 2, 3, { 4, 5, 6, 7, 8, 9, 10, 11 } };
static const NPI_MODULEID Module = { sizeof(NPI_MODULEID), MIT_GUID, { { 12 } } };
static HANDLE Client, Provider, Binding; static PVOID Other; static const VOID *Dispatch; static int Context, Table;
#pragma warning(disable: 4100)
${pieces.before ?? ''}
static NTSTATUS CAttach(HANDLE b, PVOID c, PNPI_REGISTRATION_INSTANCE r) { Binding = b; ${pieces.clientAttach ?? attach} }
static NTSTATUS CDetach(PVOID c) { ${pieces.clientDetach ?? 'return STATUS_SUCCESS;'} }
static VOID CClean(PVOID c) { ${pieces.clientCleanup ?? ''} }
static NTSTATUS PAttach(HANDLE b, PVOID c, PNPI_REGISTRATION_INSTANCE r, PVOID cc, const VOID *cd, PVOID *pc, const VOID **pd) { ${pieces.providerAttach ?? accept} }
static NTSTATUS PDetach(PVOID c) { ${pieces.providerDetach ?? 'return STATUS_SUCCESS;'} }
static NPI_CLIENT_CHARACTERISTICS Cs = { 0, sizeof(Cs), CAttach, CDetach, CClean, { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &Module, 0, NULL } };
static NPI_PROVIDER_CHARACTERISTICS Ps = { 0, sizeof(Ps), PAttach, PDetach, NULL, { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &Module, 0, NULL } };
VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); ${pieces.unload ?? end} }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {
  NTSTATUS s; UNREFERENCED_PARAMETER(p); d->DriverUnload = Unload; s = STATUS_SUCCESS; UNREFERENCED_PARAMETER(s);
  ${pieces.body ?? 'NmrRegisterProvider(&Ps, NULL, &Provider); NmrRegisterClient(&Cs, NULL, &Client);'}
  return STATUS_SUCCESS;
}`;
}

const both = 'NmrRegisterProvider(&Ps, NULL, &Provider); NmrRegisterClient(&Cs, NULL, &Client);';

/** Rule, what the message says, and the driver. */
const cases: readonly (readonly [string, readonly string[], RegExp, Pieces])[] = [
  ['a driver that does everything right', [], /^$/, {}],
  [
    'a client that stays registered',
    ['callback-outlives-driver'],
    /^The NMR client of Npi \(CAttach\) is still registered when the driver is unloaded: NmrDeregisterClient/,
    { unload: endProvider },
  ],
  [
    'both stay registered',
    ['callback-outlives-driver', 'callback-outlives-driver'],
    /The NMR client of Npi \(CAttach\)/,
    { unload: '' },
  ],
  [
    'an unload while a binding is not ended',
    ['deregister-wait-missing', 'deregister-wait-missing'],
    /being deregistered \(1 binding not ended\)/,
    {
      clientDetach: 'return STATUS_PENDING;',
      unload: 'NmrDeregisterClient(Client); NmrDeregisterProvider(Provider);',
    },
  ],
  [
    'a provider that never completes',
    ['hang'],
    /waits in NmrWaitForClientDeregisterComplete for NmrProviderDetachClientComplete, which the NMR provider of Npi \(PAttach\) owes since PDetach returned STATUS_PENDING at driver\.c:/,
    { providerDetach: 'return STATUS_PENDING;' },
  ],
  [
    'a wait inside of the detach callback',
    ['hang'],
    /for the return of CDetach, which this same thread is in/,
    { clientDetach: 'NmrWaitForClientDeregisterComplete(Client); return STATUS_SUCCESS;' },
  ],
  [
    'a completion after STATUS_SUCCESS',
    ['nmr-completed-twice'],
    /for a binding from which the NMR client of Npi \(CAttach\) has detached already/,
    { unload: `NmrDeregisterClient(Client); NmrClientDetachProviderComplete(Binding);` },
  ],
  [
    'a completion inside of a callback that returns STATUS_SUCCESS',
    ['nmr-completed-twice'],
    /CDetach returns STATUS_SUCCESS, although NmrClientDetachProviderComplete has been called/,
    { clientDetach: 'NmrClientDetachProviderComplete(Binding); return STATUS_SUCCESS;' },
  ],
  [
    'a completion inside of a callback that returns STATUS_PENDING',
    [],
    /^$/,
    { clientDetach: 'NmrClientDetachProviderComplete(Binding); return STATUS_PENDING;' },
  ],
  [
    'two completions',
    ['nmr-completed-twice'],
    /it is called once for each ProviderDetachClient that returns STATUS_PENDING/,
    {
      providerDetach: 'return STATUS_PENDING;',
      unload:
        'NmrDeregisterClient(Client); NmrProviderDetachClientComplete(Binding); NmrProviderDetachClientComplete(Binding);',
    },
  ],
  [
    'a completion before there is anything to complete',
    ['nmr-complete-before-detach'],
    /although CDetach has not been called/,
    { body: `${both} NmrClientDetachProviderComplete(Binding);` },
  ],
  [
    'a detach that is refused',
    ['nmr-detach-status'],
    /PDetach returns STATUS_UNSUCCESSFUL: a module can't refuse to detach/,
    { providerDetach: 'return STATUS_UNSUCCESSFUL;' },
  ],
  [
    'a client that says it is attached, and is not',
    ['nmr-attach-status'],
    /CAttach returns STATUS_SUCCESS, although it is not attached/,
    { clientAttach: 'return STATUS_SUCCESS;' },
  ],
  [
    'a client that says it is not attached, and is',
    ['nmr-attach-status'],
    /CAttach returns STATUS_NOINTERFACE, although NmrClientAttachProvider has attached it/,
    { clientAttach: `(void)NmrClientAttachProvider(b, NULL, NULL, &Other, &Dispatch); return STATUS_NOINTERFACE;` },
  ],
  [
    'a provider that sets no dispatch table',
    ['nmr-result-not-set'],
    /PAttach returns STATUS_SUCCESS, but has not set ProviderDispatch/,
    { providerAttach: '*pc = NULL; return STATUS_SUCCESS;' },
  ],
  [
    'an attachment outside of the callback',
    ['nmr-attach-outside-callback'],
    /is called when the NMR client of Npi \(CAttach\) is attached already/,
    { body: `${both} s = NmrClientAttachProvider(Binding, NULL, NULL, &Other, &Dispatch);` },
  ],
  [
    'a handle of nothing',
    ['nmr-handle'],
    /NmrDeregisterClient is given 0x00000000'00001234, which is no handle of a client module/,
    { body: 's = NmrDeregisterClient((HANDLE)0x1234);' },
  ],
  [
    'a provider handle for a client',
    ['nmr-handle'],
    /which is no handle of a client module/,
    { body: `${both} s = NmrDeregisterClient(Provider);` },
  ],
  [
    'two deregistrations',
    ['nmr-deregistered-twice'],
    /what follows is NmrWaitForProviderDeregisterComplete, once/,
    { unload: 'NmrDeregisterProvider(Provider); NmrDeregisterProvider(Provider);' },
  ],
  [
    'a binding context that is freed while it is bound',
    ['nmr-memory-gone'],
    /The ClientBindingContext of the NMR client of Npi \(CAttach\) no longer exists: .* has been freed/,
    {
      before: 'static PVOID Memory;',
      clientAttach: `Memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'xtcB'); return NmrClientAttachProvider(b, Memory, NULL, &Other, &Dispatch);`,
      unload: `ExFreePool(Memory); ${end}`,
    },
  ],
  [
    'a binding context that the clean-up frees',
    [],
    /^$/,
    {
      clientAttach: `return NmrClientAttachProvider(b, ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'xtcB'), NULL, &Other, &Dispatch);`,
      clientCleanup: 'ExFreePool(c);',
    },
  ],
  [
    'a callback that keeps the IRQL',
    ['irql-not-restored'],
    /CDetach, a ClientDetachProvider routine, returns at IRQL 2, but was called at 0/,
    { clientDetach: 'KIRQL old; KeRaiseIrql(DISPATCH_LEVEL, &old); return STATUS_SUCCESS;' },
  ],
  [
    'characteristics without a size',
    ['nmr-characteristics'],
    /ClientRegistrationInstance\.Size is less than sizeof\(NPI_REGISTRATION_INSTANCE\)/,
    {
      body: 'Cs.ClientRegistrationInstance.Size = 0; s = NmrRegisterClient(&Cs, NULL, &Client); if (s != STATUS_INVALID_PARAMETER) DbgBreakPoint();',
      unload: '',
    },
  ],
  [
    'a registration at DISPATCH_LEVEL',
    ['irql-too-high'],
    /NmrRegisterClient/,
    { body: 'KIRQL old; KeRaiseIrql(DISPATCH_LEVEL, &old); s = NmrRegisterClient(&Cs, NULL, &Client);' },
  ],
  [
    'a registration that fails',
    [],
    /^$/,
    {
      body: 's = NmrRegisterClient(&Cs, NULL, &Client); if (s != STATUS_INSUFFICIENT_RESOURCES) DbgBreakPoint();',
      unload: '',
      faults: { faults: [{ call: 'NmrRegisterClient', occurrence: 1, status: 0xc000009a }] },
    },
  ],
  [
    'a client that is deregistered while it attaches',
    [],
    /^$/,
    {
      before: 'static int Detached;',
      clientAttach:
        'NTSTATUS s = NmrClientAttachProvider(b, NULL, NULL, &Other, &Dispatch); if (NmrDeregisterClient(Client) != STATUS_PENDING || Detached) DbgBreakPoint(); return s;',
      clientDetach: 'Detached++; return STATUS_SUCCESS;',
      unload: `if (Detached != 1) DbgBreakPoint(); NmrWaitForClientDeregisterComplete(Client); ${endProvider}`,
    },
  ],
];

for (const [name, rules, message, pieces] of cases) {
  test(name, () => {
    const run = runDriver(driver(pieces), pieces.faults);
    assert.deepEqual(
      run.findings.map((finding) => finding.replace(/:.*/, '')),
      rules,
      run.messages.join('\n'),
    );
    assert.match(run.messages.at(-1) ?? '', message);
  });
}
