// What WSK keeps or has been lent (registrations, descriptors, pages, addresses, IRPs): misuse of it is found, its
// right twin has no finding.
import { closeAll, connected, eventTable, receiveEvent, testPairs } from './testing/pairs.ts';
import type { WskTest } from './testing.ts';

/** Paged pool that is locked, sent, and unlocked before the send is over, or after it. */
function sendOfLocked(): { readonly wrong: string; readonly right: string } {
  const whole = (unlock: string): string => `${connected}
    PVOID paged = ExAllocatePool2(POOL_FLAG_PAGED, 8, 'gaPT');
    WSK_BUF b = { IoAllocateMdl(paged, 8, FALSE, FALSE, NULL), 0, 8 };
    __try { MmProbeAndLockPages(b.Mdl, KernelMode, IoReadAccess); } __except (EXCEPTION_EXECUTE_HANDLER) { return; }
    C(c)->WskSend(c, &b, 0, Send()); ${unlock}
    IoFreeMdl(b.Mdl); ExFreePool(paged);
    Close(a); Close(c); Close(l); FreeBuffer(in); FreeBuffer(out);`;
  return { wrong: whole('MmUnlockPages(b.Mdl); Wait();'), right: whole('Wait(); MmUnlockPages(b.Mdl);') };
}

/** A descriptor is cached and set on a socket; `then` waits and releases it. */
function security(then: string): WskTest {
  return {
    declarations: `
static PSECURITY_DESCRIPTOR raw = &reg, cached;
static void Client(ULONG code, PSECURITY_DESCRIPTOR *one)
{
  PSECURITY_DESCRIPTOR *in = one ? one : &cached;
  npi.Dispatch->WskControlClient(npi.Client, code, sizeof(raw), in, one ? sizeof(raw) : 0, one ? &cached : NULL, NULL, NULL);
}`,
    body: `PWSK_SOCKET s = Listener(); Client(WSK_CACHE_SD, &raw);
      B(s)->WskControlSocket(s, WskSetOption, SO_WSK_SECURITY, SOL_SOCKET, sizeof(cached), &cached, 0, NULL, NULL, Send());
      ${then} Close(s);`,
  };
}

/** WskAcceptEvent does something with the remote address, which is looked at later. */
function acceptEvent(keeps: string): WskTest {
  return {
    declarations: `
static PSOCKADDR remote;
static SOCKADDR copy;
static PWSK_SOCKET accepted;
static NTSTATUS WSKAPI OnAccept(PVOID context, ULONG flags, PSOCKADDR to, PSOCKADDR from, PWSK_SOCKET socket, PVOID *its, const WSK_CLIENT_CONNECTION_DISPATCH **table)
{
  UNREFERENCED_PARAMETER(context); UNREFERENCED_PARAMETER(flags); UNREFERENCED_PARAMETER(to);
  ${keeps}
  accepted = socket; *its = NULL; *table = NULL;
  return STATUS_SUCCESS;
}
static const WSK_CLIENT_LISTEN_DISPATCH listens = { OnAccept };
static WSK_EVENT_CALLBACK_CONTROL accepts = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT };`,
    body: `PWSK_SOCKET l = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, &listens), c = Connection();
      Bind(l, At(INADDR_LOOPBACK, 8888)); Bind(c, At(INADDR_ANY, 0));
      B(l)->WskControlSocket(l, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(accepts), &accepts, 0, NULL, NULL, NULL);
      C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); Sleep(2);
      Is("family", remote->sa_family, AF_INET);
      Close(accepted); Close(c); Close(l);`,
  };
}

/** WskBind with an IRP of its own. */
function ownIrp(locations: number, invoke: string): string {
  return `PWSK_SOCKET s = Listener(); PIRP i = IoAllocateIrp(${locations}, FALSE);
    IoSetCompletionRoutine(i, Done, &done2, ${invoke});
    L(s)->WskBind(s, At(INADDR_ANY, 0), 0, i); WaitFor(i, &done2); IoFreeIrp(i); Close(s);`;
}

function names(then: string): string {
  return `PADDRINFOEXW list; UNICODE_STRING n; RtlInitUnicodeString(&n, L"localhost");
    npi.Dispatch->WskGetAddressInfo(npi.Client, &n, NULL, 0, NULL, NULL, &list, NULL, NULL, Send()); Wait(); npi.Dispatch->${then}`;
}

testPairs({
  'a WSK_CLIENT_DISPATCH on the stack of a function that has returned': {
    finding: 'registration-block-gone R07',
    wrong: {
      declarations: `
static WSK_REGISTRATION other;
static void Another(void)
{
  WSK_CLIENT_DISPATCH table = { MAKE_WSK_VERSION(1, 0), 0, NULL };
  WSK_CLIENT_NPI client = { NULL, &table };
  WskRegister(&client, &other);
}`,
      body: 'Another(); WskDeregister(&other);',
    },
    right: {
      declarations:
        'static WSK_REGISTRATION other; static WSK_CLIENT_DISPATCH table = { MAKE_WSK_VERSION(1, 0), 0, NULL };',
      body: 'WSK_CLIENT_NPI client = { NULL, &table }; if (NT_SUCCESS(WskRegister(&client, &other))) WskDeregister(&other);',
    },
  },
  'a WSK_REGISTRATION that the driver clears itself': {
    finding: 'registration-block-changed R07',
    at: /WskDeregister/,
    wrong: {
      declarations: 'static WSK_REGISTRATION other;',
      body: 'WSK_CLIENT_NPI client = { NULL, &clientDispatch }; if (NT_SUCCESS(WskRegister(&client, &other))) { RtlZeroMemory(&other, sizeof(other)); WskDeregister(&other); }',
    },
    right: {
      declarations: 'static WSK_REGISTRATION other;',
      body: 'WSK_CLIENT_NPI client = { NULL, &clientDispatch }; RtlZeroMemory(&other, sizeof(other)); if (NT_SUCCESS(WskRegister(&client, &other))) { WskDeregister(&other); RtlZeroMemory(&other, sizeof(other)); }',
    },
  },
  'pages that are unlocked while they are sent': {
    finding: 'stack-buffer-outlives-call R76',
    at: /WskSend/,
    ...sendOfLocked(),
  },
  'a cached descriptor that is released while SO_WSK_SECURITY is under way': {
    finding: 'stack-buffer-outlives-call R76',
    at: /WskControlSocket/,
    wrong: security('Client(WSK_RELEASE_SD, NULL); Wait();'),
    right: security('Wait(); Client(WSK_RELEASE_SD, NULL);'),
  },
  'a callback that waits for a request': {
    finding: 'wait-at-dispatch R91',
    wrong: {
      declarations: eventTable(
        'OnReceive',
        'C(*(PWSK_SOCKET *)context)->WskReceive(*(PWSK_SOCKET *)context, &kept.Buf, 0, Send2()); WaitFor(irp2, &done2); return STATUS_SUCCESS;',
      ),
      body: `${receiveEvent.replace('IPPROTO_TCP, AF_INET, NULL, &c', 'IPPROTO_TCP, AF_INET, &c, &c')} ${closeAll}`,
    },
    right: {
      declarations: eventTable('OnReceive', 'return STATUS_SUCCESS;'),
      body: receiveEvent + closeAll,
    },
  },
  'an address of WskAcceptEvent that is kept': {
    finding: 'use-after-free',
    at: /sa_family/,
    wrong: acceptEvent('remote = from;'),
    right: acceptEvent('copy = *from; remote = &copy;'),
  },
  'an IRP without a stack location': {
    finding: 'irp-stack-size R13',
    wrong: ownIrp(0, 'TRUE, TRUE, TRUE'),
    right: ownIrp(1, 'TRUE, TRUE, TRUE'),
  },
  'a stack location that the driver has taken itself': {
    finding: 'irp-stack-size R13',
    wrong:
      'PWSK_SOCKET s = Listener(); PIRP i = Send(); IoSetNextIrpStackLocation(i); L(s)->WskBind(s, At(INADDR_ANY, 0), 0, i); Wait(); Close(s);',
    right: 'PWSK_SOCKET s = Listener(); PIRP i = Send(); L(s)->WskBind(s, At(INADDR_ANY, 0), 0, i); Wait(); Close(s);',
  },
  'an IRP that is reused without its completion routine': {
    finding: 'completion-routine-missing R15',
    wrong:
      'PWSK_SOCKET s = Listener(); PIRP i = Send(); L(s)->WskBind(s, At(INADDR_ANY, 0), 0, i); Wait(); IoReuseIrp(i, STATUS_SUCCESS); L(s)->WskCloseSocket(s, i); Sleep(5);',
    right:
      'PWSK_SOCKET s = Listener(); PIRP i = Send(); L(s)->WskBind(s, At(INADDR_ANY, 0), 0, i); Wait(); i = Send(); L(s)->WskCloseSocket(s, i); Wait();',
  },
  'a completion routine that is not for success': {
    finding: 'completion-invoke-all R16',
    wrong: ownIrp(1, 'FALSE, TRUE, TRUE'),
    right: ownIrp(1, 'TRUE, TRUE, TRUE'),
  },
  'two captures and one release: WskDeregister never returns': {
    finding: 'unload-blocked R79',
    wrong: 'WSK_PROVIDER_NPI n; WskCaptureProviderNPI(&reg, WSK_NO_WAIT, &n);',
    right: 'WSK_PROVIDER_NPI n; WskCaptureProviderNPI(&reg, WSK_NO_WAIT, &n); WskReleaseProviderNPI(&reg);',
  },
  'a list of addresses that is freed twice': {
    finding: 'address-info-free R59',
    wrong: names('WskFreeAddressInfo(npi.Client, list); npi.Dispatch->WskFreeAddressInfo(npi.Client, list);'),
    right: names('WskFreeAddressInfo(npi.Client, list);'),
  },
});
