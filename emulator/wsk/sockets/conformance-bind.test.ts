// Local addresses and listeners: WskBind with all ways of sharing an address, WskGetLocalAddress, WskAccept.
import { type Row, type Rows, testRows } from '../testing/rows.ts';

const declarations = `
static const IN6_ADDR own6 = {{{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10}}};
static PWSK_SOCKET With(PWSK_SOCKET s, ULONG optionCode) { if (optionCode) Set(s, optionCode, SOL_SOCKET, 1); return s; }
static NTSTATUS BindIt(PWSK_SOCKET s, PSOCKADDR to, PIRP request) { return L(s)->WskBind(s, to, 0, request); }
static NTSTATUS AcceptIt(PWSK_SOCKET s, ULONG flags, PIRP request) { return L(s)->WskAccept(s, flags, NULL, NULL, (PSOCKADDR)&address6, NULL, request); }
static SOCKADDR_IN remote;`;

const pending = 'STATUS_PENDING';
const success = 'STATUS_SUCCESS';

// The table of "Sharing Transport Addresses": rows are the second bind, columns the first one. Where Windows checks
// access, the default security descriptor lets nobody in.
const statuses: Readonly<Record<string, string>> = {
  ok: 'STATUS_SUCCESS',
  inuse: 'STATUS_ADDRESS_ALREADY_EXISTS',
  denied: 'STATUS_ACCESS_DENIED',
  check: 'STATUS_ACCESS_DENIED',
};
const sharing: readonly (readonly [string, string])[] = [
  ['none wildcard', 'inuse ok inuse ok inuse ok'],
  ['none specific', 'check inuse check denied denied inuse'],
  ['SO_REUSEADDR wildcard', 'denied ok ok ok denied ok'],
  ['SO_REUSEADDR specific', 'check denied ok ok denied denied'],
  ['SO_EXCLUSIVEADDRUSE wildcard', 'inuse inuse inuse inuse inuse inuse'],
  ['SO_EXCLUSIVEADDRUSE specific', 'check inuse check inuse denied inuse'],
];
const kinds = sharing.map(([kind]) => kind);

const optionOf = (kind: string): string => (kind.startsWith('none') ? '0' : (kind.split(' ')[0] ?? ''));
const hostOf = (kind: string): string => (kind.endsWith('wildcard') ? 'INADDR_ANY' : '0xC000020A');

const shared: Rows = Object.fromEntries(
  ['Listener', 'Udp'].flatMap((make) =>
    sharing.flatMap(([second, cells]) =>
      cells.split(' ').map((cell, i): [string, Row] => [
        `WskBind ${make} (${second}) after (${kinds[i]})`,
        {
          setup: `s = Bound(With(${make}(), ${optionOf(kinds[i] ?? '')}), ${hostOf(kinds[i] ?? '')}, 7000); t = With(${make}(), ${optionOf(second)});`,
          call: `BindIt(t, At(${hostOf(second)}, 7000), Send())`,
          returns: pending,
          completes: statuses[cell] ?? '',
        },
      ]),
    ),
  ),
);

/** WskBind of a new socket of each category, to each kind of address. */
const addresses: readonly (readonly [string, string, string])[] = [
  ['the wildcard', 'At(INADDR_ANY, 0)', 'SUCCESS'],
  ['loopback', 'At(INADDR_LOOPBACK, 7000)', 'SUCCESS'],
  ['the machine’s own address', 'At(0xC000020A, 7000)', 'SUCCESS'],
  ['another machine’s address', 'At(0x08080808, 7000)', 'INVALID_ADDRESS_COMPONENT'],
];
const binds: Rows = Object.fromEntries(
  ['Listener', 'Udp', 'Connection', 'Stream'].flatMap((make) =>
    addresses.map(([what, address, status]): [string, Row] => [
      `WskBind ${make} to ${what}`,
      {
        setup: `s = ${make}();`,
        call: `BindIt(s, ${address}, Send())`,
        returns: pending,
        completes: `STATUS_${status}`,
      },
    ]),
  ),
);

const rows: Rows = {
  ...binds,
  ...shared,
  'WskBind to two specific addresses with one port': {
    setup: 's = Bound(Listener(), INADDR_LOOPBACK, 7000); t = Listener();',
    call: 'BindIt(t, At(0xC000020A, 7000), Send())',
    returns: pending,
    completes: success,
  },
  'WskBind TCP and UDP to one port': {
    setup: 's = Bound(Listener(), INADDR_LOOPBACK, 7000); t = Udp();',
    call: 'BindIt(t, At(INADDR_LOOPBACK, 7000), Send())',
    returns: pending,
    completes: success,
  },
  'WskBind IPv4 and IPv6 to one port': {
    setup: 's = Bound(Listener(), INADDR_ANY, 7000); t = Open6(WSK_FLAG_LISTEN_SOCKET);',
    call: 'BindIt(t, At6(&any6, 7000), Send())',
    returns: pending,
    completes: success,
  },
  'WskBind IPv4 to the port of a dual socket': {
    setup:
      't = Open6(WSK_FLAG_LISTEN_SOCKET); Set(t, IPV6_V6ONLY, IPPROTO_IPV6, 0); BindIt(t, At6(&any6, 7000), Send()); Wait(); s = Listener();',
    call: 'BindIt(s, At(INADDR_ANY, 7000), Send())',
    returns: pending,
    completes: 'STATUS_ADDRESS_ALREADY_EXISTS',
  },
  'WskBind IPv6 to the machine’s own address': {
    setup: 's = Open6(WSK_FLAG_LISTEN_SOCKET);',
    call: 'BindIt(s, At6(&own6, 7000), Send())',
    returns: pending,
    completes: success,
  },
  'WskBind to an address of another family': {
    setup: 's = Open6(WSK_FLAG_LISTEN_SOCKET);',
    call: 'BindIt(s, At(INADDR_ANY, 7000), Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'address-family R81',
  },
  'WskBind with a flag': {
    setup: 's = Listener();',
    call: 'L(s)->WskBind(s, At(INADDR_ANY, 0), 1, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'reserved-flags R34',
  },
  'WskBind without an IRP': {
    setup: 's = Listener();',
    call: 'BindIt(s, At(INADDR_ANY, 0), NULL)',
    returns: 'STATUS_INVALID_PARAMETER',
    completes: 'no',
    finding: 'irp-missing R26',
  },
  'WskBind for a second time': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'BindIt(s, At(INADDR_ANY, 0), Send())',
    returns: pending,
    completes: 'STATUS_ADDRESS_ALREADY_ASSOCIATED',
  },
  'WskBind of a UDP socket in the listening category': {
    setup: 's = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, NULL, NULL);',
    call: 'BindIt(s, At(INADDR_ANY, 0), Send())',
    returns: pending,
    completes: 'STATUS_NOT_IMPLEMENTED',
  },
  'WskBind once more to an address that was closed': {
    setup: 's = Bound(Listener(), INADDR_ANY, 7000); Close(s); s = Listener();',
    call: 'BindIt(s, At(INADDR_ANY, 7000), Send())',
    returns: pending,
    completes: success,
  },

  'WskGetLocalAddress of a socket that is not bound': {
    setup: 's = Listener();',
    call: 'L(s)->WskGetLocalAddress(s, (PSOCKADDR)&sa, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
  },
  'WskGetLocalAddress of a port that WSK has chosen': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'L(s)->WskGetLocalAddress(s, (PSOCKADDR)&sa, Send())',
    returns: pending,
    completes: success,
    then: 'Is("family", sa.sin_family, AF_INET); Is("host", sa.sin_addr.s_addr, 0); TRUE_(RtlUshortByteSwap(sa.sin_port) >= 49152);',
  },
  'WskGetLocalAddress with IPv6': {
    setup: 's = Open6(WSK_FLAG_LISTEN_SOCKET); BindIt(s, At6(&own6, 7000), Send()); Wait();',
    call: 'L(s)->WskGetLocalAddress(s, (PSOCKADDR)&sa6, Send())',
    returns: pending,
    completes: success,
    then: 'Is("port", RtlUshortByteSwap(sa6.sin6_port), 7000); TRUE_(RtlCompareMemory(&sa6.sin6_addr, &own6, 16) == 16);',
  },
  'WskGetLocalAddress of a connection names the interface': {
    setup: 'Pair(&l, &c, &a);',
    call: 'C(c)->WskGetLocalAddress(c, (PSOCKADDR)&sa, Send())',
    returns: pending,
    completes: success,
    then: 'Is("host", sa.sin_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK));',
  },
  'WskGetLocalAddress of datagrams': {
    setup: 's = Bound(Udp(), INADDR_LOOPBACK, 7000);',
    call: 'D(s)->WskGetLocalAddress(s, (PSOCKADDR)&sa, Send())',
    returns: pending,
    completes: success,
    then: 'Is("port", RtlUshortByteSwap(sa.sin_port), 7000);',
  },
  'WskGetLocalAddress without an IRP': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'L(s)->WskGetLocalAddress(s, (PSOCKADDR)&sa, NULL)',
    returns: 'STATUS_INVALID_PARAMETER',
    completes: 'no',
    finding: 'irp-missing R26',
  },

  'WskAccept before WskBind': {
    setup: 's = Listener();',
    call: 'AcceptIt(s, 0, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-bound R64',
  },
  'WskAccept with a flag': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'AcceptIt(s, 1, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'reserved-flags R34',
  },
  'WskAccept without an IRP': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'AcceptIt(s, 0, NULL)',
    returns: 'STATUS_INVALID_PARAMETER',
    completes: 'no',
    finding: 'irp-missing R26',
  },
  'WskAccept that is cancelled': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'AcceptIt(s, 0, Send())',
    returns: pending,
    meanwhile: 'TRUE_(IoCancelIrp(irp));',
    completes: 'STATUS_CANCELLED',
  },
  'WskAccept of a connection that has waited': {
    setup:
      'l = Bound(Listener(), INADDR_ANY, 8888); c = Bound(Connection(), INADDR_ANY, 0); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();',
    call: 'L(l)->WskAccept(l, 0, NULL, NULL, (PSOCKADDR)&sa, (PSOCKADDR)&remote, Send())',
    returns: pending,
    completes: success,
    information: 'irp->IoStatus.Information',
    then: `a = (PWSK_SOCKET)irp->IoStatus.Information; TRUE_(a != NULL && a != l);
      Is("local port", RtlUshortByteSwap(sa.sin_port), 8888); Is("local host", sa.sin_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK));
      Is("remote host", remote.sin_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK));`,
  },
  'WskAccept: two at once are served in order': {
    setup: 'l = Bound(Listener(), INADDR_ANY, 8888); L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send2());',
    call: 'L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send())',
    returns: pending,
    completes: 'STATUS_CANCELLED',
    meanwhile: `PIRP keep = IoAllocateIrp(1, FALSE); KEVENT made; KeInitializeEvent(&made, NotificationEvent, FALSE); Use(keep, &made);
      npi.Dispatch->WskSocket(npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_CONNECTION_SOCKET, NULL, NULL, NULL, NULL, NULL, keep); WaitFor(keep, &made);
      c = (PWSK_SOCKET)keep->IoStatus.Information; Use(keep, &made); C(c)->WskBind(c, At(INADDR_ANY, 0), 0, keep); WaitFor(keep, &made);
      Use(keep, &made); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, keep); WaitFor(keep, &made); IoFreeIrp(keep);
      STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); a = (PWSK_SOCKET)irp2->IoStatus.Information;
      Is("the second waits", KeReadStateEvent(&done), 0); IoCancelIrp(irp);`,
  },
  'WskGetRemoteAddress of an accepted connection': {
    setup: 'Pair(&l, &c, &a); C(c)->WskGetLocalAddress(c, (PSOCKADDR)&remote, Send()); Wait();',
    call: 'C(a)->WskGetRemoteAddress(a, (PSOCKADDR)&sa, Send())',
    returns: pending,
    completes: success,
    then: 'Is("port", sa.sin_port, remote.sin_port);',
  },
  'WskInspectComplete of a connection that is not known': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0); WSK_INSPECT_ID id = { 1, 2 };',
    call: 'L(s)->WskInspectComplete(s, &id, WskInspectAccept, Send())',
    returns: pending,
    completes: 'STATUS_NOT_FOUND',
  },
  'WskInspectComplete that pends': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0); WSK_INSPECT_ID id = { 1, 2 };',
    call: 'L(s)->WskInspectComplete(s, &id, WskInspectPend, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'inspect-action R40',
  },
};

testRows('addresses', rows, { declarations });
