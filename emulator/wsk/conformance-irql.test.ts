// The level up to which each function of WSK may be called: there the call is right, one level above it is told of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { categoryFunctions, providerFunctions } from './client/tables.ts';
import { runWsk } from './testing.ts';

interface Case {
  readonly max: 'PASSIVE_LEVEL' | 'DISPATCH_LEVEL';
  readonly setup?: string;
  /** It may use the IRP `i`, which is ready. */
  readonly call: string;
  /** At PASSIVE_LEVEL again, after the call. */
  readonly then?: string;
}

const declarations = `
static WSK_REGISTRATION other;
static WSK_CLIENT_NPI client = { NULL, &clientDispatch };
static WSK_PROVIDER_NPI second;
static WSK_PROVIDER_CHARACTERISTICS range;
static PADDRINFOEXW found;
static UNICODE_STRING node = RTL_CONSTANT_STRING(L"localhost");
static WCHAR text[64];
static UNICODE_STRING name = { 0, sizeof(text), text };
static SOCKADDR_IN any = { AF_INET }, sa;
static WSK_BUF none = { NULL, 0, 0 };
static WSK_BUF_LIST messages = { NULL, { NULL, 0, 0 } };
static WSK_INSPECT_ID id = { 1, 2 };
static SIZE_T size;
static ULONG on = 1;
static PWSK_SOCKET l, c, a, s;
static KIRQL old;
static PWSK_DATA_INDICATION kept;
static NTSTATUS WSKAPI OnReceive(PVOID context, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T bytes, SIZE_T *taken)
{
  UNREFERENCED_PARAMETER(context); UNREFERENCED_PARAMETER(flags); UNREFERENCED_PARAMETER(bytes); UNREFERENCED_PARAMETER(taken);
  kept = data;
  return STATUS_PENDING;
}
static const WSK_CLIENT_CONNECTION_DISPATCH table = { OnReceive };
static WSK_EVENT_CALLBACK_CONTROL receives = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE };
static void Pair(void)
{
  l = Listener(); Bind(l, At(INADDR_LOOPBACK, 8888));
  c = Open(WSK_FLAG_CONNECTION_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, &table); Bind(c, (PSOCKADDR)&any);
  C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
  L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
  a = (PWSK_SOCKET)irp->IoStatus.Information;
}
static void Keep(void)
{
  BUFFER b = Buffer(4);
  Pair();
  B(c)->WskControlSocket(c, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(receives), &receives, 0, NULL, NULL, NULL);
  C(a)->WskSend(a, &b.Buf, 0, Send()); Wait(); Sleep(1);
  FreeBuffer(b);
}
static void MakeStream(void)
{
  s = Open(WSK_FLAG_STREAM_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL);
  S(s)->WskBind(s, (PSOCKADDR)&any, 0, Send()); Wait();
}`;

const listening = 's = Listener(); Bind(s, (PSOCKADDR)&any);';
const datagrams = 's = Udp(); Bind(s, (PSOCKADDR)&any);';
const unconnected = 'c = Connection(); Bind(c, (PSOCKADDR)&any); At(INADDR_LOOPBACK, 8888);';
const pair = 'Pair();';
const dispatch = (setup: string, call: string, then = 'Wait();'): Case => ({
  max: 'DISPATCH_LEVEL',
  setup,
  call,
  then,
});
const passive = (setup: string, call: string, then = ''): Case => ({ max: 'PASSIVE_LEVEL', setup, call, then });
const register = 'WskRegister(&client, &other);';

const cases: Readonly<Record<string, Case>> = {
  WskRegister: passive('', 'WskRegister(&client, &other)', 'WskDeregister(&other);'),
  WskDeregister: passive(register, 'WskDeregister(&other)'),
  WskQueryProviderCharacteristics: dispatch('', 'WskQueryProviderCharacteristics(&reg, &range)', ''),
  'WskCaptureProviderNPI without a wait': dispatch(
    '',
    'WskCaptureProviderNPI(&reg, WSK_NO_WAIT, &second)',
    'WskReleaseProviderNPI(&reg);',
  ),
  'WskCaptureProviderNPI that may wait': passive(
    '',
    'WskCaptureProviderNPI(&reg, 5, &second)',
    'WskReleaseProviderNPI(&reg);',
  ),
  WskReleaseProviderNPI: dispatch('WskCaptureProviderNPI(&reg, 0, &second);', 'WskReleaseProviderNPI(&reg)', ''),

  WskSocket: dispatch(
    '',
    'npi.Dispatch->WskSocket(npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, 0, NULL, NULL, NULL, NULL, NULL, i)',
    'Wait(); s = (PWSK_SOCKET)irp->IoStatus.Information;',
  ),
  WskSocketConnect: dispatch(
    'l = Listener(); Bind(l, At(INADDR_LOOPBACK, 8888));',
    'npi.Dispatch->WskSocketConnect(npi.Client, SOCK_STREAM, IPPROTO_TCP, (PSOCKADDR)&any, (PSOCKADDR)&address, 0, NULL, NULL, NULL, NULL, NULL, i)',
    'Wait(); c = (PWSK_SOCKET)irp->IoStatus.Information;',
  ),
  WskControlClient: dispatch(
    '',
    'npi.Dispatch->WskControlClient(npi.Client, WSK_TRANSPORT_LIST_QUERY, 0, NULL, 0, NULL, &size, NULL)',
    '',
  ),
  WskGetAddressInfo: passive(
    '',
    'npi.Dispatch->WskGetAddressInfo(npi.Client, &node, NULL, NS_ALL, NULL, NULL, &found, NULL, NULL, i)',
    'Wait(); npi.Dispatch->WskFreeAddressInfo(npi.Client, found);',
  ),
  WskFreeAddressInfo: passive(
    'npi.Dispatch->WskGetAddressInfo(npi.Client, &node, NULL, NS_ALL, NULL, NULL, &found, NULL, NULL, Send()); Wait();',
    'npi.Dispatch->WskFreeAddressInfo(npi.Client, found)',
  ),
  WskGetNameInfo: passive(
    'At(INADDR_LOOPBACK, 80);',
    'npi.Dispatch->WskGetNameInfo(npi.Client, (PSOCKADDR)&address, sizeof(address), &name, NULL, 0, NULL, NULL, i)',
    'Wait();',
  ),

  'WskControlSocket with an option': dispatch(
    's = Listener();',
    'B(s)->WskControlSocket(s, WskSetOption, SO_KEEPALIVE, SOL_SOCKET, sizeof(on), &on, 0, NULL, NULL, i)',
  ),
  'WskControlSocket with SIO_ADDRESS_LIST_QUERY': passive(
    's = Listener();',
    'B(s)->WskControlSocket(s, WskIoctl, SIO_ADDRESS_LIST_QUERY, 0, 0, NULL, 0, NULL, &size, NULL)',
  ),
  'WskControlSocket with SIO_ADDRESS_LIST_CHANGE': passive(
    's = Listener();',
    'B(s)->WskControlSocket(s, WskIoctl, SIO_ADDRESS_LIST_CHANGE, 0, 0, NULL, 0, NULL, NULL, i)',
    'IoCancelIrp(i); Wait();',
  ),
  'WskControlSocket with SIO_ADDRESS_LIST_SORT': passive(
    's = Listener();',
    'B(s)->WskControlSocket(s, WskIoctl, SIO_ADDRESS_LIST_SORT, 0, 0, NULL, 0, NULL, NULL, i)',
    'Wait();',
  ),
  'WskControlSocket with SIO_LOOPBACK_FAST_PATH': passive(
    's = Listener();',
    'B(s)->WskControlSocket(s, WskIoctl, SIO_LOOPBACK_FAST_PATH, 0, sizeof(on), &on, 0, NULL, NULL, i)',
    'Wait();',
  ),
  ...Object.fromEntries(
    [
      'SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS',
      'SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT',
      'SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS',
    ].map((code) => [
      `WskControlSocket with ${code}`,
      passive(pair, `B(c)->WskControlSocket(c, WskIoctl, ${code}, 0, 0, NULL, 0, NULL, NULL, i)`, 'Wait();'),
    ]),
  ),
  WskCloseSocket: dispatch('s = Listener();', 'B(s)->WskCloseSocket(s, i)', 'Wait(); s = NULL;'),
  WskBind: dispatch('s = Listener();', 'L(s)->WskBind(s, (PSOCKADDR)&any, 0, i)'),
  WskAccept: dispatch(listening, 'L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, i)', 'IoCancelIrp(i); Wait();'),
  WskInspectComplete: dispatch(listening, 'L(s)->WskInspectComplete(s, &id, WskInspectReject, i)'),
  WskGetLocalAddress: dispatch(listening, 'L(s)->WskGetLocalAddress(s, (PSOCKADDR)&sa, i)'),
  WskGetRemoteAddress: dispatch(pair, 'C(c)->WskGetRemoteAddress(c, (PSOCKADDR)&sa, i)'),
  WskListen: dispatch('MakeStream();', 'S(s)->WskListen(s, i)'),
  WskConnect: dispatch(unconnected, 'C(c)->WskConnect(c, (PSOCKADDR)&address, 0, i)'),
  WskConnectEx: dispatch(unconnected, 'C(c)->WskConnectEx(c, (PSOCKADDR)&address, NULL, 0, i)'),
  WskSend: dispatch(pair, 'C(c)->WskSend(c, &none, 0, i)'),
  WskSendEx: dispatch(pair, 'C(c)->WskSendEx(c, &none, 0, 0, NULL, i)'),
  WskReceive: dispatch(pair, 'C(c)->WskReceive(c, &none, 0, i)'),
  WskReceiveEx: dispatch(pair, 'C(c)->WskReceiveEx(c, &none, 0, NULL, NULL, NULL, i)'),
  WskDisconnect: dispatch(pair, 'C(c)->WskDisconnect(c, NULL, WSK_FLAG_ABORTIVE, i)'),
  WskRelease: dispatch('Keep();', 'C(c)->WskRelease(c, kept)', ''),
  WskSendTo: dispatch(datagrams, 'D(s)->WskSendTo(s, &none, 0, At(INADDR_LOOPBACK, 9), 0, NULL, i)'),
  WskSendMessages: dispatch(datagrams, 'D(s)->WskSendMessages(s, &messages, 0, At(INADDR_LOOPBACK, 9), 0, NULL, i)'),
  WskReceiveFrom: dispatch(
    datagrams,
    'D(s)->WskReceiveFrom(s, &none, 0, NULL, NULL, NULL, NULL, i)',
    'IoCancelIrp(i); Wait();',
  ),
};

const functionOf = (name: string): string => name.split(' ')[0] ?? '';

const body = ({ setup, call, then }: Case, level: string): string => `
  PIRP i;
  ${setup ?? ''}
  i = Send();
  KeRaiseIrql(${level}, &old);
  ${call};
  KeLowerIrql(old);
  ${then ?? ''}
  if (a) Close(a);
  if (c) Close(c);
  if (l) Close(l);
  if (s) Close(s);`;

for (const [name, one] of Object.entries(cases)) {
  test(`${name} at ${one.max}`, () => {
    const { findings, outcome } = runWsk({ declarations, body: body(one, one.max) });
    assert.deepEqual(
      findings.map(({ rule, message }) => `${rule}: ${message}`),
      [],
    );
    assert.equal(outcome, 'clean');
  });
  test(`${name} above ${one.max}`, () => {
    const {
      findings: [first],
    } = runWsk({ declarations, body: body(one, `${one.max} + 1`) });
    assert.equal(first?.rule, 'irql-too-high', first?.message);
    assert.ok(first?.message.startsWith(functionOf(name)), first?.message);
  });
}

test('every function of WSK is there', () => {
  const tables = Object.values(categoryFunctions).flat();
  const all = new Set([...providerFunctions, ...tables]);
  const here = new Set(Object.keys(cases).map(functionOf));
  assert.deepEqual(
    [...all].filter((name) => !here.has(name)),
    [],
  );
});
