// Connections: WskConnect, WskConnectEx, WskSend, WskReceive, WskDisconnect, their Ex forms, and the remote address.
import { type Row, type Rows, testRows } from '../testing/rows.ts';

const declarations = `
static BUFFER big;
static void Big(void) { big = Buffer(70000); }
static PWSK_SOCKET Dual(USHORT port)
{
  PWSK_SOCKET s = Open6(WSK_FLAG_LISTEN_SOCKET);
  Set(s, IPV6_V6ONLY, IPPROTO_IPV6, 0);
  L(s)->WskBind(s, At6(&any6, port), 0, Send()); Wait();
  return s;
}
static WSK_BUF Part(BUFFER b, ULONG offset, SIZE_T length) { WSK_BUF w = { b.Buf.Mdl, offset, length }; return w; }
static void SendText(PWSK_SOCKET s, SIZE_T length) { WSK_BUF w = Part(out, 0, length); C(s)->WskSend(s, &w, 0, Send()); Wait(); }
static void Fin(PWSK_SOCKET s) { C(s)->WskDisconnect(s, NULL, 0, Send()); Wait(); }
static void Rst(PWSK_SOCKET s) { C(s)->WskDisconnect(s, NULL, WSK_FLAG_ABORTIVE, Send()); Wait(); Sleep(2); }
static WSK_BUF part, empty = { NULL, 0, 0 };
static const IN6_ADDR mapped = {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}}};`;

const pair = 'Pair(&l, &c, &a);';
const pending = 'STATUS_PENDING';
const success = 'STATUS_SUCCESS';
const listens =
  's = Stream(); S(s)->WskBind(s, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); S(s)->WskListen(s, Send()); STATUS(Wait(), STATUS_SUCCESS);';

/** A call of the connection `c` after something has happened to it, and the status that it gives at once, with its finding. */
const after = (setup: string, calls: Readonly<Record<string, string>>): Rows => {
  const all: Readonly<Record<string, string>> = {
    WskSend: 'C(c)->WskSend(c, &out.Buf, 0, Send())',
    WskReceive: 'C(c)->WskReceive(c, &in.Buf, 0, Send())',
    WskDisconnect: 'C(c)->WskDisconnect(c, NULL, 0, Send())',
    WskConnect: 'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send())',
    WskBind: 'C(c)->WskBind(c, At(INADDR_ANY, 0), 0, Send())',
    WskGetRemoteAddress: 'C(c)->WskGetRemoteAddress(c, (PSOCKADDR)&sa, Send())',
    WskGetLocalAddress: 'C(c)->WskGetLocalAddress(c, (PSOCKADDR)&sa, Send())',
  };
  return Object.fromEntries(
    Object.entries(calls).map(([call, answer]): [string, Row] => {
      const [name = '', ...rest] = call.split(' ');
      const [status = '', finding] = answer.split(': ');
      const isPending = status.startsWith('pending ');
      return [
        `${name} ${rest.join(' ')}`,
        {
          setup,
          call: all[name] ?? '',
          returns: isPending ? pending : `STATUS_${status}`,
          completes: `STATUS_${status.replace('pending ', '')}`,
          ...(finding === undefined ? {} : { finding }),
        },
      ];
    }),
  );
};

const rows: Rows = {
  'WskConnect to an IPv4 host through IPv6: both addresses are mapped ones': {
    setup:
      'l = Bound(Listener(), INADDR_LOOPBACK, 8888); c = Open6(WSK_FLAG_CONNECTION_SOCKET); Set(c, IPV6_V6ONLY, IPPROTO_IPV6, 0); C(c)->WskBind(c, At6(&any6, 0), 0, Send()); Wait();',
    call: 'C(c)->WskConnect(c, At6(&mapped, 8888), 0, Send())',
    returns: pending,
    completes: success,
    then: 'C(c)->WskGetLocalAddress(c, (PSOCKADDR)&sa6, Send()); Wait(); Is("family", sa6.sin6_family, AF_INET6); TRUE_(RtlEqualMemory(&sa6.sin6_addr, &mapped, 16)); C(c)->WskGetRemoteAddress(c, (PSOCKADDR)&sa6, Send()); Wait(); TRUE_(RtlEqualMemory(&sa6.sin6_addr, &mapped, 16));',
  },
  'WskConnect to the wildcard': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnect(c, At(INADDR_ANY, 8888), 0, Send())',
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'WskConnect to port 0': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 0), 0, Send())',
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'WskConnect to an IPv4 host through IPv6 alone': {
    setup:
      'l = Bound(Listener(), INADDR_LOOPBACK, 8888); c = Open6(WSK_FLAG_CONNECTION_SOCKET); C(c)->WskBind(c, At6(&any6, 0), 0, Send()); Wait();',
    call: 'C(c)->WskConnect(c, At6(&mapped, 8888), 0, Send())',
    returns: pending,
    completes: 'STATUS_NETWORK_UNREACHABLE',
  },
  ...after('c = Connection();', {
    'WskConnect before WskBind': 'INVALID_DEVICE_STATE: socket-not-bound R64',
    'WskSend before WskBind': 'INVALID_DEVICE_STATE: socket-not-connected R65',
    'WskReceive before WskBind': 'INVALID_DEVICE_STATE: socket-not-connected R65',
    'WskDisconnect before WskBind': 'INVALID_DEVICE_STATE: socket-not-connected R65',
    'WskGetLocalAddress before WskBind': 'INVALID_DEVICE_STATE',
    'WskGetRemoteAddress before WskBind': 'INVALID_DEVICE_STATE',
    'WskBind of a new socket': 'pending SUCCESS',
  }),
  ...after('c = Bound(Connection(), INADDR_ANY, 0);', {
    'WskSend before WskConnect': 'INVALID_DEVICE_STATE: socket-not-connected R65',
    'WskReceive before WskConnect': 'INVALID_DEVICE_STATE: socket-not-connected R65',
    'WskDisconnect before WskConnect': 'INVALID_DEVICE_STATE: socket-not-connected R65',
    'WskGetLocalAddress before WskConnect': 'pending SUCCESS',
    'WskGetRemoteAddress before WskConnect': 'INVALID_DEVICE_STATE',
    'WskBind for a second time': 'pending ADDRESS_ALREADY_ASSOCIATED',
    'WskConnect to nobody': 'pending CONNECTION_REFUSED',
  }),
  ...after(pair, {
    'WskConnect on a connection': 'INVALID_DEVICE_STATE',
    'WskBind on a connection': 'pending ADDRESS_ALREADY_ASSOCIATED',
    'WskGetRemoteAddress on a connection': 'pending SUCCESS',
    'WskGetLocalAddress on a connection': 'pending SUCCESS',
    'WskDisconnect on a connection': 'pending SUCCESS',
  }),
  ...after(`${pair} Fin(c);`, {
    'WskSend after the socket’s own graceful end': 'INVALID_DEVICE_STATE',
    'WskDisconnect after the socket’s own graceful end': 'INVALID_DEVICE_STATE',
    'WskGetRemoteAddress after the socket’s own graceful end': 'pending SUCCESS',
    'WskConnect after the socket’s own graceful end': 'INVALID_DEVICE_STATE',
  }),
  ...after(`${pair} Fin(a);`, {
    'WskReceive after the other end’s graceful end: no bytes': 'pending SUCCESS',
    'WskDisconnect after the other end’s graceful end': 'pending SUCCESS',
  }),
  ...after(`${pair} Rst(a);`, {
    'WskSend after a reset': 'CONNECTION_RESET',
    'WskReceive after a reset': 'CONNECTION_RESET',
    'WskDisconnect after a reset': 'CONNECTION_RESET',
  }),
  ...after(`${pair} Rst(c);`, {
    'WskSend after the socket’s own abortive end': 'CONNECTION_ABORTED',
    'WskReceive after the socket’s own abortive end': 'CONNECTION_ABORTED',
    'WskDisconnect after the socket’s own abortive end': 'CONNECTION_ABORTED',
  }),

  'WskConnect: Information is 0': {
    setup: 'l = Bound(Listener(), INADDR_LOOPBACK, 8888); c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send())',
    returns: pending,
    completes: success,
  },
  'WskConnect with a flag': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 1, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'reserved-flags R34',
  },
  'WskConnect to an address of another family': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnect(c, At6(&loopback6, 8888), 0, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'address-family R81',
  },
  'WskConnect that is cancelled leaves the socket bound': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnect(c, At(0xC0000263, 80), 0, Send())',
    returns: pending,
    meanwhile: 'TRUE_(IoCancelIrp(irp));',
    completes: 'STATUS_CANCELLED',
    then: `l = Bound(Listener(), INADDR_LOOPBACK, 8888);
      C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); STATUS(Wait(), STATUS_SUCCESS);`,
  },
  'WskConnect once more after it was refused': {
    setup: `c = Bound(Connection(), INADDR_ANY, 0);
      C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); STATUS(Wait(), STATUS_CONNECTION_REFUSED);
      l = Bound(Listener(), INADDR_LOOPBACK, 8888);`,
    call: 'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send())',
    returns: pending,
    completes: success,
  },
  'WskConnect to a machine that is not there': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnect(c, At(0xC0000263, 80), 0, Send())',
    returns: pending,
    completes: 'STATUS_IO_TIMEOUT',
  },
  'WskConnect with IPv6': {
    setup: `l = Open6(WSK_FLAG_LISTEN_SOCKET); L(l)->WskBind(l, At6(&loopback6, 8888), 0, Send()); Wait();
      c = Open6(WSK_FLAG_CONNECTION_SOCKET); C(c)->WskBind(c, At6(&any6, 0), 0, Send()); Wait();`,
    call: 'C(c)->WskConnect(c, At6(&loopback6, 8888), 0, Send())',
    returns: pending,
    completes: success,
    then: `C(c)->WskGetRemoteAddress(c, (PSOCKADDR)&sa6, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Is("family", sa6.sin6_family, AF_INET6); Is("port", RtlUshortByteSwap(sa6.sin6_port), 8888);
      TRUE_(RtlCompareMemory(&sa6.sin6_addr, &loopback6, 16) == 16);`,
  },
  'WskConnect with IPv4 to a dual listener, which sees a mapped address': {
    setup:
      'l = Dual(8888); c = Bound(Connection(), INADDR_ANY, 0); L(l)->WskAccept(l, 0, NULL, NULL, NULL, (PSOCKADDR)&sa6, Send2());',
    call: 'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send())',
    returns: pending,
    completes: success,
    then: `STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); a = (PWSK_SOCKET)irp2->IoStatus.Information;
      Is("family", sa6.sin6_family, AF_INET6); TRUE_(RtlCompareMemory(&sa6.sin6_addr, &mapped, 16) == 16);`,
  },
  'WskConnect with IPv4 to a listener that takes IPv6 only': {
    setup: `l = Open6(WSK_FLAG_LISTEN_SOCKET); L(l)->WskBind(l, At6(&any6, 8888), 0, Send()); Wait(); c = Bound(Connection(), INADDR_ANY, 0);`,
    call: 'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send())',
    returns: pending,
    completes: 'STATUS_CONNECTION_REFUSED',
  },

  'WskConnectEx with a flag': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnectEx(c, At(INADDR_LOOPBACK, 8888), NULL, 1, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WskConnectEx with more than 65,535 bytes': {
    setup: 'Big(); c = Bound(Connection(), INADDR_ANY, 0); part = Part(big, 0, 65536);',
    call: 'C(c)->WskConnectEx(c, At(INADDR_LOOPBACK, 8888), &part, 0, Send())',
    returns: 'STATUS_BUFFER_OVERFLOW',
    then: 'FreeBuffer(big);',
  },
  'WskConnectEx with 65,535 bytes': {
    setup:
      'Big(); l = Bound(Listener(), INADDR_LOOPBACK, 8888); c = Bound(Connection(), INADDR_ANY, 0); part = Part(big, 0, 65535);',
    call: 'C(c)->WskConnectEx(c, At(INADDR_LOOPBACK, 8888), &part, 0, Send())',
    returns: pending,
    completes: success,
    then: 'FreeBuffer(big);',
  },
  'WskConnectEx without a buffer': {
    setup: 'l = Bound(Listener(), INADDR_LOOPBACK, 8888); c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskConnectEx(c, At(INADDR_LOOPBACK, 8888), NULL, 0, Send())',
    returns: pending,
    completes: success,
  },
  'WskConnectEx before WskBind': {
    setup: 'c = Connection();',
    call: 'C(c)->WskConnectEx(c, At(INADDR_LOOPBACK, 8888), NULL, 0, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-bound R64',
  },

  'WskSend: Information is the number of bytes': {
    setup: `${pair} part = Part(out, 10, 100);`,
    call: 'C(c)->WskSend(c, &part, WSK_FLAG_NODELAY, Send())',
    returns: pending,
    completes: success,
    information: '100',
  },
  'WskSend of nothing': {
    setup: pair,
    call: 'C(c)->WskSend(c, &empty, 0, Send())',
    returns: pending,
    completes: success,
  },
  'WskSend with a flag that it does not have': {
    setup: pair,
    call: 'C(c)->WskSend(c, &out.Buf, 0x40, Send())',
    returns: 'STATUS_NOT_SUPPORTED',
  },
  'WskSend of urgent data': {
    setup: pair,
    call: 'C(c)->WskSend(c, &out.Buf, WSK_FLAG_OOB, Send())',
    returns: 'STATUS_NOT_SUPPORTED',
  },
  'WskSend without an IRP': {
    setup: pair,
    call: 'C(c)->WskSend(c, &out.Buf, 0, NULL)',
    returns: 'STATUS_INVALID_PARAMETER',
    completes: 'no',
    finding: 'irp-missing R26',
  },
  'WskSend to an end that does not read, cancelled': {
    setup: `Big(); ${pair}`,
    call: 'C(c)->WskSend(c, &big.Buf, 0, Send())',
    returns: pending,
    meanwhile: 'Sleep(5); TRUE_(IoCancelIrp(irp));',
    completes: 'STATUS_CANCELLED',
    then: 'FreeBuffer(big);',
  },
  'WskSend that is pending when the other end resets': {
    setup: `Big(); ${pair} C(c)->WskSend(c, &big.Buf, 0, Send2()); Sleep(2);`,
    call: 'C(a)->WskDisconnect(a, NULL, WSK_FLAG_ABORTIVE, Send())',
    returns: pending,
    completes: success,
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_CONNECTION_RESET); FreeBuffer(big);',
  },

  'WskReceive: Information is the number of bytes': {
    setup: `${pair} SendText(a, 7);`,
    call: 'C(c)->WskReceive(c, &in.Buf, 0, Send())',
    returns: pending,
    completes: success,
    information: '7',
  },
  'WskReceive into a part of a buffer': {
    setup: `${pair} SendText(a, 7); RtlZeroMemory(in.Data, 256); part = Part(in, 20, 5);`,
    call: 'C(c)->WskReceive(c, &part, 0, Send())',
    returns: pending,
    completes: success,
    information: '5',
    then: 'Is("before", ((PUCHAR)in.Data)[19], 0); Is("first", ((PUCHAR)in.Data)[20], 120); Is("after", ((PUCHAR)in.Data)[25], 0);',
  },
  'WskReceive with WSK_FLAG_WAITALL': {
    setup: `${pair} SendText(a, 7); part = Part(in, 0, 10);`,
    call: 'C(c)->WskReceive(c, &part, WSK_FLAG_WAITALL, Send2())',
    returns: pending,
    completes: 'no',
    then: 'Sleep(2); Is("waits", KeReadStateEvent(&done2), 0); SendText(a, 3); STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); Is("bytes", irp2->IoStatus.Information, 10);',
  },
  'WskReceive with WSK_FLAG_WAITALL ends with the connection': {
    setup: `${pair} SendText(a, 7); part = Part(in, 0, 10); C(c)->WskReceive(c, &part, WSK_FLAG_WAITALL, Send2());`,
    call: 'C(a)->WskDisconnect(a, NULL, 0, Send())',
    returns: pending,
    completes: success,
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); Is("bytes", irp2->IoStatus.Information, 7);',
  },
  'WskReceive with WSK_FLAG_DRAIN throws away until the end': {
    setup: `${pair} SendText(a, 7); Fin(a);`,
    call: 'C(c)->WskReceive(c, &empty, WSK_FLAG_DRAIN, Send())',
    returns: pending,
    completes: success,
  },
  'WskReceive with WSK_FLAG_DRAIN and a length': {
    setup: pair,
    call: 'C(c)->WskReceive(c, &in.Buf, WSK_FLAG_DRAIN, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'receive-flags R36',
  },
  'WskReceive with WSK_FLAG_DRAIN and WSK_FLAG_WAITALL': {
    setup: pair,
    call: 'C(c)->WskReceive(c, &in.Buf, WSK_FLAG_DRAIN | WSK_FLAG_WAITALL, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'receive-flags R35',
  },
  'WskReceive with a flag that it does not have': {
    setup: pair,
    call: 'C(c)->WskReceive(c, &in.Buf, 0x100, Send())',
    returns: 'STATUS_NOT_SUPPORTED',
  },
  'WskReceive with length 0 and no MDL': {
    setup: pair,
    call: 'C(c)->WskReceive(c, &empty, 0, Send())',
    returns: pending,
    completes: success,
  },
  'WskReceive that is cancelled': {
    setup: pair,
    call: 'C(c)->WskReceive(c, &in.Buf, 0, Send())',
    returns: pending,
    meanwhile: 'TRUE_(IoCancelIrp(irp));',
    completes: 'STATUS_CANCELLED',
    then: 'SendText(a, 3); C(c)->WskReceive(c, &in.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 3);',
  },
  'two WskReceive are served in order': {
    setup: `${pair} C(c)->WskReceive(c, &in.Buf, 0, Send2()); part = Part(in, 100, 50);`,
    call: 'C(c)->WskReceive(c, &part, 0, Send())',
    returns: pending,
    meanwhile:
      'PIRP keep = IoAllocateIrp(1, FALSE); KEVENT sent; KeInitializeEvent(&sent, NotificationEvent, FALSE); WSK_BUF three = Part(out, 0, 3); Use(keep, &sent); C(a)->WskSend(a, &three, 0, keep); WaitFor(keep, &sent); Is("the second waits", KeReadStateEvent(&done), 0); Use(keep, &sent); three.Length = 2; C(a)->WskSend(a, &three, 0, keep); WaitFor(keep, &sent); IoFreeIrp(keep);',
    completes: success,
    information: '2',
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); Is("bytes", irp2->IoStatus.Information, 3);',
  },
  'WskReceive after the socket’s own graceful end: the other direction is open': {
    setup: `${pair} Fin(c); SendText(a, 7);`,
    call: 'C(c)->WskReceive(c, &in.Buf, 0, Send())',
    returns: pending,
    completes: success,
    information: '7',
  },
  'WskReceive that is pending when the other end resets': {
    setup: `${pair} C(c)->WskReceive(c, &in.Buf, 0, Send2());`,
    call: 'C(a)->WskDisconnect(a, NULL, WSK_FLAG_ABORTIVE, Send())',
    returns: pending,
    completes: success,
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_CONNECTION_RESET); Is("Information", irp2->IoStatus.Information, 0);',
  },

  'WskSendEx without control information': {
    setup: pair,
    call: 'C(c)->WskSendEx(c, &out.Buf, 0, 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '256',
  },
  'WskSendEx with control information, which TCP does not use': {
    setup: `${pair} CMSGHDR header = { sizeof(CMSGHDR), SOL_SOCKET, 1 };`,
    call: 'C(c)->WskSendEx(c, &out.Buf, 0, sizeof(header), &header, Send())',
    returns: pending,
    completes: success,
    information: '256',
  },
  'WskSendEx with a CMSGHDR that is too short': {
    setup: `${pair} CMSGHDR header = { 3, SOL_SOCKET, 1 };`,
    call: 'C(c)->WskSendEx(c, &out.Buf, 0, sizeof(header), &header, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WskSendEx with control information of no length': {
    setup: `${pair} CMSGHDR header = { sizeof(CMSGHDR), SOL_SOCKET, 1 };`,
    call: 'C(c)->WskSendEx(c, &out.Buf, 0, 0, &header, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'control-info R44',
  },
  'WskSendEx before WskConnect': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'C(c)->WskSendEx(c, &out.Buf, 0, 0, NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-connected R65',
  },
  'WskReceiveEx: no control information comes back': {
    setup: `${pair} SendText(a, 7); value = sizeof(sa6);`,
    call: 'C(c)->WskReceiveEx(c, &in.Buf, 0, &value, (PCMSGHDR)&sa6, NULL, Send())',
    returns: pending,
    completes: success,
    information: '7',
    then: 'Is("control", value, 0);',
  },
  'WskReceiveEx with control information of no length': {
    setup: pair,
    call: 'C(c)->WskReceiveEx(c, &in.Buf, 0, NULL, (PCMSGHDR)&sa6, NULL, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'control-info R44',
  },
  'WskReceiveEx with the reserved pointer': {
    setup: pair,
    call: 'C(c)->WskReceiveEx(c, &in.Buf, 0, NULL, NULL, &value, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WskSendEx and WskReceiveEx of a stream socket': {
    setup: `l = Bound(Listener(), INADDR_LOOPBACK, 8888); s = Stream(); S(s)->WskBind(s, At(INADDR_ANY, 0), 0, Send()); Wait();
      S(s)->WskConnect(s, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
      L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait(); a = (PWSK_SOCKET)irp->IoStatus.Information;
      S(s)->WskSendEx(s, &out.Buf, 0, 0, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); SendText(a, 9);`,
    call: 'S(s)->WskReceiveEx(s, &in.Buf, 0, NULL, NULL, NULL, Send())',
    returns: pending,
    completes: success,
    information: '9',
  },

  'WskDisconnect with data': {
    setup: `${pair} part = Part(out, 0, 9);`,
    call: 'C(c)->WskDisconnect(c, &part, 0, Send())',
    returns: pending,
    completes: success,
    then: `C(a)->WskReceive(a, &in.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 9);
      C(a)->WskReceive(a, &in.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("the end", irp->IoStatus.Information, 0);`,
  },
  'WskDisconnect with WSK_FLAG_ABORTIVE and data': {
    setup: pair,
    call: 'C(c)->WskDisconnect(c, &out.Buf, WSK_FLAG_ABORTIVE, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'disconnect-buffer R38',
  },
  'WskDisconnect with a flag that it does not have': {
    setup: pair,
    call: 'C(c)->WskDisconnect(c, NULL, 2, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'a graceful WskDisconnect that hangs behind its data is freed by an abortive one': {
    setup: `Big(); ${pair} C(c)->WskDisconnect(c, &big.Buf, 0, Send2()); Sleep(2); Is("hangs", KeReadStateEvent(&done2), 0);`,
    call: 'C(c)->WskDisconnect(c, NULL, WSK_FLAG_ABORTIVE, Send())',
    returns: pending,
    completes: success,
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_CONNECTION_ABORTED); FreeBuffer(big);',
  },
  'both ends close gracefully: closing sends no reset': {
    setup: `${pair} Fin(c); Fin(a); Close(c); c = NULL;`,
    call: 'C(a)->WskReceive(a, &in.Buf, 0, Send())',
    returns: pending,
    completes: success,
  },

  'a stream socket connects': {
    setup:
      'l = Bound(Listener(), INADDR_LOOPBACK, 8888); s = Stream(); S(s)->WskBind(s, At(INADDR_ANY, 0), 0, Send()); Wait();',
    call: 'S(s)->WskConnect(s, At(INADDR_LOOPBACK, 8888), 0, Send())',
    returns: pending,
    completes: success,
    then: `STATUS(S(s)->WskListen(s, Send()), STATUS_INVALID_DEVICE_STATE); STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
      STATUS(S(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send()), STATUS_INVALID_DEVICE_STATE); STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
      S(s)->WskGetRemoteAddress(s, (PSOCKADDR)&sa, Send()); STATUS(Wait(), STATUS_SUCCESS);
      S(s)->WskSend(s, &out.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 256);
      S(s)->WskDisconnect(s, NULL, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);`,
  },
  'a stream socket that listens does not connect': {
    setup: listens,
    call: 'S(s)->WskConnect(s, At(INADDR_LOOPBACK, 80), 0, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    then: `STATUS(S(s)->WskConnectEx(s, At(INADDR_LOOPBACK, 80), NULL, 0, Send()), STATUS_INVALID_DEVICE_STATE); STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);`,
  },
  'a stream socket that listens does not send': {
    setup: listens,
    call: 'S(s)->WskSend(s, &out.Buf, 0, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-connected R65',
  },
  'a stream socket that listens does not receive': {
    setup: listens,
    call: 'S(s)->WskReceive(s, &in.Buf, 0, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-connected R65',
  },
  'WskListen before WskBind': {
    setup: 's = Stream();',
    call: 'S(s)->WskListen(s, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-bound R64',
  },
  'a stream socket accepts': {
    setup: `s = Stream(); S(s)->WskBind(s, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); S(s)->WskListen(s, Send()); Wait();
      c = Bound(Connection(), INADDR_ANY, 0); S(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send2());`,
    call: 'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send())',
    returns: pending,
    completes: success,
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); a = (PWSK_SOCKET)irp2->IoStatus.Information; TRUE_(a != NULL);',
  },
};

testRows('connections', rows, { declarations });
