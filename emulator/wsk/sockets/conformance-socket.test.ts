// WskSocket, WskSocketConnect and WskCloseSocket: one row for each combination and status that the documentation has.
import { type Row, type Rows, testRows } from '../testing/rows.ts';

const declarations = `
static PSECURITY_DESCRIPTOR raw = &reg, cached;
static NTSTATUS Make(ADDRESS_FAMILY family, USHORT type, ULONG protocol, ULONG flags)
{
  return npi.Dispatch->WskSocket(npi.Client, family, type, protocol, flags, NULL, NULL, NULL, NULL, NULL, Send());
}
static NTSTATUS MakeAndConnect(PWSK_CLIENT client, USHORT type, ULONG protocol, PSOCKADDR from, PSOCKADDR to, ULONG flags, PSECURITY_DESCRIPTOR sd, PIRP request)
{
  return npi.Dispatch->WskSocketConnect(client, type, protocol, from, to, flags, NULL, NULL, NULL, NULL, sd, request);
}
static SOCKADDR_IN from4 = { AF_INET, 0 };
static SOCKADDR_IN6 from6 = { AF_INET6, 0 };
static const WSK_CLIENT_LISTEN_DISPATCH nothing = { NULL, NULL, NULL };`;

const families = ['AF_INET', 'AF_INET6'];
const tcp = 'SOCK_STREAM, IPPROTO_TCP';
const udp = 'SOCK_DGRAM, IPPROTO_UDP';
const raw = 'SOCK_RAW, IPPROTO_ICMP';

/** Category, type and protocol, and whether they go together. */
const combinations: readonly (readonly [string, string, boolean])[] = [
  ['WSK_FLAG_BASIC_SOCKET', tcp, true],
  ['WSK_FLAG_BASIC_SOCKET', udp, true],
  ['WSK_FLAG_BASIC_SOCKET', raw, true],
  ['WSK_FLAG_BASIC_SOCKET', 'SOCK_STREAM, IPPROTO_UDP', false],
  ['WSK_FLAG_LISTEN_SOCKET', tcp, true],
  // Not documented; Windows makes it, and refuses to bind it.
  ['WSK_FLAG_LISTEN_SOCKET', udp, true],
  ['WSK_FLAG_LISTEN_SOCKET', raw, false],
  ['WSK_FLAG_LISTEN_SOCKET', 'SOCK_DGRAM, IPPROTO_TCP', false],
  ['WSK_FLAG_DATAGRAM_SOCKET', udp, true],
  ['WSK_FLAG_DATAGRAM_SOCKET', raw, true],
  ['WSK_FLAG_DATAGRAM_SOCKET', 'SOCK_RAW, IPPROTO_RAW', true],
  ['WSK_FLAG_DATAGRAM_SOCKET', tcp, false],
  ['WSK_FLAG_CONNECTION_SOCKET', tcp, true],
  ['WSK_FLAG_CONNECTION_SOCKET', udp, false],
  ['WSK_FLAG_CONNECTION_SOCKET', raw, false],
  ['WSK_FLAG_STREAM_SOCKET', tcp, true],
  ['WSK_FLAG_STREAM_SOCKET', udp, false],
  ['WSK_FLAG_STREAM_SOCKET', 'SOCK_SEQPACKET, IPPROTO_TCP', false],
];

const made: Pick<Row, 'returns' | 'completes' | 'information' | 'then'> = {
  returns: 'STATUS_PENDING',
  completes: 'STATUS_SUCCESS',
  information: 'irp->IoStatus.Information',
  then: 's = (PWSK_SOCKET)irp->IoStatus.Information; TRUE_(s != NULL && s->Dispatch != NULL);',
};

const rows: Rows = {
  ...Object.fromEntries(
    families.flatMap((family) =>
      combinations.map(([flag, kind, isRight]): [string, Row] => [
        `WskSocket ${family}, ${kind}, ${flag}`,
        isRight
          ? { call: `Make(${family}, ${kind}, ${flag})`, ...made }
          : {
              call: `Make(${family}, ${kind}, ${flag})`,
              returns: 'STATUS_INVALID_PARAMETER',
              finding: 'socket-category-protocol R33',
            },
      ]),
    ),
  ),
  'WskSocket of another family': {
    call: `Make(AF_UNIX, ${tcp}, WSK_FLAG_LISTEN_SOCKET)`,
    returns: 'STATUS_NOT_SUPPORTED',
  },
  'WskSocket with two categories': {
    call: `Make(AF_INET, ${tcp}, WSK_FLAG_LISTEN_SOCKET | WSK_FLAG_CONNECTION_SOCKET)`,
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'socket-category-flags R32',
  },
  'WskSocket without an IRP': {
    call: `npi.Dispatch->WskSocket(npi.Client, AF_INET, ${tcp}, 0, NULL, NULL, NULL, NULL, NULL, NULL)`,
    returns: 'STATUS_INVALID_PARAMETER',
    completes: 'no',
    finding: 'irp-missing R26',
  },
  'WskSocket without a client': {
    setup: 'Send(); irp->IoStatus.Information = 77;',
    call: `npi.Dispatch->WskSocket(NULL, AF_INET, ${tcp}, 0, NULL, NULL, NULL, NULL, NULL, irp)`,
    returns: 'STATUS_INVALID_HANDLE',
    completes: 'no',
    then: 'Is("IRP untouched", irp->IoStatus.Information, 77); Is("not completed", KeReadStateEvent(&done), 0);',
  },
  'WskSocket: a basic socket with a context': {
    call: `npi.Dispatch->WskSocket(npi.Client, AF_INET, ${tcp}, WSK_FLAG_BASIC_SOCKET, &reg, NULL, NULL, NULL, NULL, Send())`,
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'basic-socket-dispatch R30',
  },
  'WskSocket: a basic socket with a dispatch table': {
    call: `npi.Dispatch->WskSocket(npi.Client, AF_INET, ${tcp}, WSK_FLAG_BASIC_SOCKET, NULL, &nothing, NULL, NULL, NULL, Send())`,
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'basic-socket-dispatch R30',
  },
  'WskSocket with a descriptor that is not cached': {
    call: `npi.Dispatch->WskSocket(npi.Client, AF_INET, ${tcp}, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, raw, Send())`,
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'security-descriptor-not-cached R77',
  },
  'WskSocket with a cached descriptor, which may go as soon as the IRP has completed': {
    setup: 'STATUS(Client(WSK_CACHE_SD, &raw, sizeof(raw), &cached, sizeof(cached), NULL, NULL), STATUS_SUCCESS);',
    call: `npi.Dispatch->WskSocket(npi.Client, AF_INET, ${tcp}, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, cached, Send())`,
    ...made,
    then: `${made.then} STATUS(Client(WSK_RELEASE_SD, &cached, sizeof(cached), NULL, 0, NULL, NULL), STATUS_SUCCESS);`,
  },

  WskSocketConnect: {
    setup: 'l = Bound(Listener(), INADDR_LOOPBACK, 8888);',
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from4, At(INADDR_LOOPBACK, 8888), 0, NULL, Send())`,
    ...made,
    then: `${made.then} C(s)->WskGetRemoteAddress(s, (PSOCKADDR)&sa, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("port", RtlUshortByteSwap(sa.sin_port), 8888);`,
  },
  'WskSocketConnect with IPv6': {
    setup:
      'l = Open6(WSK_FLAG_LISTEN_SOCKET); L(l)->WskBind(l, At6(&any6, 8888), 0, Send()); STATUS(Wait(), STATUS_SUCCESS);',
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from6, At6(&loopback6, 8888), 0, NULL, Send())`,
    ...made,
  },
  'WskSocketConnect that is refused': {
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from4, At(INADDR_LOOPBACK, 9), 0, NULL, Send())`,
    returns: 'STATUS_PENDING',
    completes: 'STATUS_CONNECTION_REFUSED',
  },
  'WskSocketConnect that is cancelled': {
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from4, At(0xC0000263, 9), 0, NULL, Send())`,
    returns: 'STATUS_PENDING',
    meanwhile: 'IoCancelIrp(irp);',
    completes: 'STATUS_CANCELLED',
  },
  'WskSocketConnect from an address that is not this machine’s': {
    setup: 'SOCKADDR_IN from = { AF_INET, 0 }; from.sin_addr.s_addr = RtlUlongByteSwap(0x08080808);',
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from, At(INADDR_LOOPBACK, 9), 0, NULL, Send())`,
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'WskSocketConnect between two families': {
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from6, At(INADDR_LOOPBACK, 9), 0, NULL, Send())`,
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'address-family R81',
  },
  'WskSocketConnect of a datagram socket': {
    call: `MakeAndConnect(npi.Client, ${udp}, (PSOCKADDR)&from4, At(INADDR_LOOPBACK, 9), 0, NULL, Send())`,
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WskSocketConnect with a flag': {
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from4, At(INADDR_LOOPBACK, 9), 1, NULL, Send())`,
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'reserved-flags R34',
  },
  'WskSocketConnect with a descriptor that is not cached': {
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from4, At(INADDR_LOOPBACK, 9), 0, raw, Send())`,
    returns: 'STATUS_INVALID_PARAMETER',
    finding: 'security-descriptor-not-cached R77',
  },
  'WskSocketConnect without an IRP': {
    call: `MakeAndConnect(npi.Client, ${tcp}, (PSOCKADDR)&from4, At(INADDR_LOOPBACK, 9), 0, NULL, NULL)`,
    returns: 'STATUS_INVALID_PARAMETER',
    completes: 'no',
    finding: 'irp-missing R26',
  },
  'WskSocketConnect without a client': {
    call: `MakeAndConnect(NULL, ${tcp}, (PSOCKADDR)&from4, At(INADDR_LOOPBACK, 9), 0, NULL, Send())`,
    returns: 'STATUS_INVALID_HANDLE',
    completes: 'no',
  },

  ...Object.fromEntries(
    ['Basic()', 'Listener()', 'Udp()', 'Connection()', 'Stream()'].map((socket): [string, Row] => [
      `WskCloseSocket of ${socket} through the basic table`,
      {
        setup: `PWSK_SOCKET one = ${socket};`,
        call: 'B(one)->WskCloseSocket(one, Send())',
        returns: 'STATUS_PENDING',
        completes: 'STATUS_SUCCESS',
      },
    ]),
  ),
  'WskCloseSocket without an IRP': {
    setup: 's = Listener();',
    call: 'B(s)->WskCloseSocket(s, NULL)',
    returns: 'STATUS_INVALID_PARAMETER',
    completes: 'no',
    finding: 'irp-missing R26',
  },
  'WskCloseSocket cannot be cancelled': {
    setup: 'PWSK_SOCKET one = Listener();',
    call: 'B(one)->WskCloseSocket(one, Send())',
    returns: 'STATUS_PENDING',
    meanwhile: 'IoCancelIrp(irp);',
    completes: 'STATUS_SUCCESS',
  },
  'WskCloseSocket completes after a pending accept, which is cancelled': {
    setup:
      'PWSK_SOCKET one = Bound(Listener(), INADDR_ANY, 8888); L(one)->WskAccept(one, 0, NULL, NULL, NULL, NULL, Send2());',
    call: 'L(one)->WskCloseSocket(one, Send())',
    returns: 'STATUS_PENDING',
    completes: 'STATUS_SUCCESS',
    then: 'Is("completed before", KeReadStateEvent(&done2), 1); STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED); Is("Information", irp2->IoStatus.Information, 0);',
  },
  'WskCloseSocket cancels a pending connect': {
    setup:
      'PWSK_SOCKET one = Bound(Connection(), INADDR_ANY, 0); C(one)->WskConnect(one, At(0xC0000263, 9), 0, Send2());',
    call: 'C(one)->WskCloseSocket(one, Send())',
    returns: 'STATUS_PENDING',
    completes: 'STATUS_SUCCESS',
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED);',
  },
  'WskCloseSocket cancels a pending receive': {
    setup: 'Pair(&l, &c, &a); C(a)->WskReceive(a, &in.Buf, 0, Send2()); s = a; a = NULL;',
    call: 'C(s)->WskCloseSocket(s, Send())',
    returns: 'STATUS_PENDING',
    completes: 'STATUS_SUCCESS',
    then: 's = NULL; STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED); Is("Information", irp2->IoStatus.Information, 0);',
  },
  'WskCloseSocket cancels a pending receive of datagrams': {
    setup:
      'PWSK_SOCKET one = Bound(Udp(), INADDR_ANY, 0); D(one)->WskReceiveFrom(one, &in.Buf, 0, NULL, NULL, NULL, NULL, Send2());',
    call: 'D(one)->WskCloseSocket(one, Send())',
    returns: 'STATUS_PENDING',
    completes: 'STATUS_SUCCESS',
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED);',
  },
  'WskCloseSocket cancels SIO_ADDRESS_LIST_CHANGE': {
    setup: 'PWSK_SOCKET one = Basic(); Io(one, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, NULL, Send2());',
    call: 'B(one)->WskCloseSocket(one, Send())',
    returns: 'STATUS_PENDING',
    completes: 'STATUS_SUCCESS',
    then: 'STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED);',
  },
  'WskCloseSocket of a connection that is open resets the other end': {
    setup: 'Pair(&l, &c, &a); Close(c); c = NULL; Sleep(2);',
    call: 'C(a)->WskReceive(a, &in.Buf, 0, Send())',
    returns: 'STATUS_CONNECTION_RESET',
  },
};

testRows('sockets', rows, { declarations });
