// WskControlSocket: every option and IOCTL of the documentation, for every category, with and without an IRP.
import { type Row, type Rows, testRows } from '../testing/rows.ts';

const declarations = `
static PSECURITY_DESCRIPTOR raw = &reg, cached, got;
static PSECURITY_DESCRIPTOR Cache(void)
{
  PSECURITY_DESCRIPTOR one = NULL;
  Client(WSK_CACHE_SD, &raw, sizeof(raw), &one, sizeof(one), NULL, NULL);
  return one;
}
static void Drop(PSECURITY_DESCRIPTOR one) { STATUS(Client(WSK_RELEASE_SD, &one, sizeof(one), NULL, 0, NULL, NULL), STATUS_SUCCESS); }
static NTSTATUS Security(PWSK_SOCKET s, PVOID input, SIZE_T size, PIRP request)
{
  return B(s)->WskControlSocket(s, WskSetOption, SO_WSK_SECURITY, SOL_SOCKET, size, input, 0, NULL, NULL, request);
}
static NTSTATUS GetSecurity(PWSK_SOCKET s, PVOID output, SIZE_T size, PIRP request)
{
  return B(s)->WskControlSocket(s, WskGetOption, SO_WSK_SECURITY, SOL_SOCKET, 0, NULL, size, output, NULL, request);
}
static union { SOCKET_ADDRESS_LIST list; UCHAR bytes[256]; } addresses, sorted;
static WSK_INSPECT_ID id;
static WSK_EXTENSION_CONTROL_IN extension = { (PNPIID)&NPI_WSK_INTERFACE_ID, NULL, NULL };
static WSK_EXTENSION_CONTROL_OUT provider;
static SIZE_T backlog;
static BUFFER big;
static UCHAR record[64];
/* A connection to a peer on another machine. */
static PWSK_SOCKET Far(USHORT port)
{
  PWSK_SOCKET s = Bound(Connection(), INADDR_ANY, 0);
  C(s)->WskConnect(s, At(0xC0000214, port), 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
  return s;
}`;

const pending = 'STATUS_PENDING';
const success = 'STATUS_SUCCESS';
const invalid = 'STATUS_INVALID_PARAMETER';

const makers: Readonly<Record<string, string>> = {
  B: 'Basic()',
  L: 'Listener()',
  D: 'Udp()',
  C: 'Connection()',
  S: 'Stream()',
};

/** Option, value to set, the categories that have it, and whether it must come before WskBind. */
const options: readonly (readonly [string, number, string, 'early' | 'any'])[] = [
  ['SO_BROADCAST', 1, 'D', 'any'],
  ['SO_CONDITIONAL_ACCEPT', 1, 'LS', 'early'],
  ['SO_EXCLUSIVEADDRUSE', 1, 'LDCS', 'early'],
  ['SO_REUSEADDR', 1, 'LDCS', 'early'],
  ['SO_KEEPALIVE', 1, 'LCS', 'any'],
  ['SO_RCVBUF', 4096, 'LDCS', 'any'],
];

const optionRows: Rows = Object.fromEntries(
  options.flatMap(([name, value, categories, when]) =>
    Object.entries(makers).flatMap(([category, make]): [string, Row][] => {
      const set = `SetIt(s, (ULONG)${name}, SOL_SOCKET, ${value}, Send())`;
      const get = `GetIt(s, (ULONG)${name}, SOL_SOCKET, Send())`;
      if (!categories.includes(category)) {
        const wrong = { setup: `s = ${make};`, returns: invalid, finding: 'option-category R50' };
        return [
          [`${name} set on ${make}`, { ...wrong, call: set }],
          [`${name} read on ${make}`, { ...wrong, call: get }],
        ];
      }
      const rows: [string, Row][] = [
        [`${name} set on ${make}`, { setup: `s = ${make};`, call: set, returns: pending, completes: success }],
        [
          `${name} read on ${make}`,
          {
            setup: `s = ${make}; ${set}; STATUS(Wait(), STATUS_SUCCESS); option = 77;`,
            call: get,
            returns: pending,
            completes: success,
            information: '4',
            then: `Is("value", option, ${value});`,
          },
        ],
        [
          `${name} on ${make} without an IRP`,
          {
            setup: `s = ${make};`,
            call: set.replace('Send()', 'NULL'),
            returns: invalid,
            completes: 'no',
          },
        ],
      ];
      if (when === 'early') {
        rows.push([
          `${name} set on ${make} after WskBind`,
          {
            setup: `s = Bound(${make}, INADDR_ANY, 0);`,
            call: set,
            returns: 'STATUS_INVALID_DEVICE_STATE',
            finding: 'option-order R68',
          },
        ]);
      }
      return rows;
    }),
  ),
);

const plain = (setup: string, call: string, returns: string, then = ''): Row => ({
  setup,
  call,
  returns,
  completes: 'no',
  then,
});

const securityRows: Rows = {
  ...Object.fromEntries(
    ['L', 'D', 'C', 'S'].flatMap((category): [string, Row][] => [
      [
        `SO_WSK_SECURITY set on ${makers[category]}`,
        {
          setup: `s = ${makers[category]}; cached = Cache();`,
          call: 'Security(s, &cached, sizeof(cached), Send())',
          returns: pending,
          completes: success,
          then: 'Drop(cached);',
        },
      ],
      [
        `SO_WSK_SECURITY read on ${makers[category]}: a descriptor of its own`,
        {
          setup: `s = ${makers[category]}; cached = Cache(); Security(s, &cached, sizeof(cached), Send()); Wait(); got = NULL;`,
          call: 'GetSecurity(s, &got, sizeof(got), Send())',
          returns: pending,
          completes: success,
          information: 'sizeof(got)',
          then: 'TRUE_(got != NULL && got != cached); Drop(got); Drop(cached);',
        },
      ],
    ]),
  ),
  'SO_WSK_SECURITY set after WskBind': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'Security(s, &cached, sizeof(cached), Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'option-order R68',
  },
  'SO_WSK_SECURITY with a descriptor that is not cached': {
    setup: 's = Listener();',
    call: 'Security(s, &raw, sizeof(raw), Send())',
    returns: invalid,
    finding: 'security-descriptor-not-cached R77',
  },
  'SO_WSK_SECURITY of the wrong size': {
    setup: 's = Listener();',
    call: 'Security(s, &cached, 4, Send())',
    returns: invalid,
  },
  'SO_WSK_SECURITY without an IRP': plain('s = Listener();', 'Security(s, &cached, sizeof(cached), NULL)', invalid),
};

const rows: Rows = {
  ...optionRows,
  ...securityRows,
  'an option of the wrong size': {
    setup: 's = Listener();',
    call: 'B(s)->WskControlSocket(s, WskSetOption, SO_KEEPALIVE, SOL_SOCKET, 1, &option, 0, NULL, NULL, Send())',
    returns: invalid,
    finding: 'option-size R49',
  },
  'an option read into too small a buffer': {
    setup: 's = Listener();',
    call: 'B(s)->WskControlSocket(s, WskGetOption, SO_KEEPALIVE, SOL_SOCKET, 0, NULL, 1, &option, NULL, Send())',
    returns: invalid,
    finding: 'option-size R49',
  },
  'an option with level 0': {
    setup: 's = Listener();',
    call: 'SetIt(s, SO_KEEPALIVE, 0, 1, Send())',
    returns: invalid,
    finding: 'option-level R51',
  },
  'an option with a level that is not its own': {
    setup: 's = Listener();',
    call: 'SetIt(s, SO_CONDITIONAL_ACCEPT, IPPROTO_TCP, 1, Send())',
    returns: invalid,
    finding: 'option-level R51',
  },
  'an option with another level that has no such number': {
    setup: 's = Connection();',
    call: 'SetIt(s, TCP_NODELAY, IPPROTO_IPV6 + 1, 1, Send())',
    returns: invalid,
    finding: 'option-level R51',
  },
  'an option that no level has': {
    setup: 's = Connection();',
    call: 'SetIt(s, 0x7777, IPPROTO_TCP, 1, Send())',
    returns: invalid,
    finding: 'option-unknown',
  },
  'an IOCTL as an option': {
    setup: 's = Bound(Udp(), INADDR_ANY, 0);',
    call: 'SetIt(s, SIO_WSK_SET_SENDTO_ADDRESS, 0, 1, Send())',
    returns: invalid,
    finding: 'control-request-type R52',
  },
  'an option of user mode': {
    setup: 's = Connection();',
    call: 'SetIt(s, SO_RCVTIMEO, SOL_SOCKET, 1000, Send())',
    returns: invalid,
    finding: 'option-unknown',
  },
  'TCP_KEEPIDLE is two hours until it is set': {
    setup:
      's = Connection(); STATUS(Get(s, TCP_KEEPIDLE, IPPROTO_TCP), STATUS_SUCCESS); Is("before", option, 7200); Set(s, TCP_KEEPIDLE, IPPROTO_TCP, 60);',
    call: 'GetIt(s, TCP_KEEPIDLE, IPPROTO_TCP, Send())',
    returns: pending,
    completes: success,
    information: '4',
    then: 'Is("after", option, 60);',
  },
  'a request type that does not exist': {
    setup: 's = Listener();',
    call: 'B(s)->WskControlSocket(s, WskControlMax, SO_KEEPALIVE, SOL_SOCKET, 4, &option, 0, NULL, NULL, Send())',
    returns: invalid,
  },
  'SO_KEEPALIVE and SO_RCVBUF of a listener are those of an accepted connection': {
    setup: `l = Listener(); Set(l, SO_KEEPALIVE, SOL_SOCKET, 1); Set(l, SO_RCVBUF, SOL_SOCKET, 5000); Bind(l, At(INADDR_LOOPBACK, 8888));
      c = Bound(Connection(), INADDR_ANY, 0); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
      L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait(); a = (PWSK_SOCKET)irp->IoStatus.Information;`,
    call: 'GetIt(a, SO_RCVBUF, SOL_SOCKET, Send())',
    returns: pending,
    completes: success,
    information: '4',
    then: 'Is("SO_RCVBUF", option, 5000); STATUS(Get(a, SO_KEEPALIVE, SOL_SOCKET), STATUS_SUCCESS); Is("SO_KEEPALIVE", option, 1);',
  },
  'IPV6_V6ONLY is set from the start': {
    setup: 's = Open6(WSK_FLAG_LISTEN_SOCKET);',
    call: 'GetIt(s, IPV6_V6ONLY, IPPROTO_IPV6, Send())',
    returns: pending,
    completes: success,
    information: '4',
    then: 'Is("value", option, 1);',
  },

  ...Object.fromEntries(
    Object.values(makers).flatMap((make): [string, Row][] => [
      [
        `SIO_ADDRESS_LIST_QUERY on ${make} for the size`,
        plain(
          `s = ${make};`,
          'Io(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, NULL, 0, &size, NULL)',
          'STATUS_BUFFER_OVERFLOW',
          'TRUE_(size > sizeof(SOCKET_ADDRESS_LIST));',
        ),
      ],
      [
        `SIO_ADDRESS_LIST_QUERY on ${make}`,
        plain(
          `s = ${make};`,
          'Io(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, &addresses, sizeof(addresses), &size, NULL)',
          success,
          'Is("addresses", addresses.list.iAddressCount, 1); Is("length", addresses.list.Address[0].iSockaddrLength, sizeof(SOCKADDR_IN)); Is("host", ((PSOCKADDR_IN)addresses.list.Address[0].lpSockaddr)->sin_addr.s_addr, RtlUlongByteSwap(0xC000020A));',
        ),
      ],
      [
        `SIO_ADDRESS_LIST_CHANGE on ${make}`,
        {
          setup: `s = ${make};`,
          call: 'Io(s, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, NULL, Send())',
          returns: pending,
          meanwhile: 'Sleep(5); Is("waits", KeReadStateEvent(&done), 0); TRUE_(IoCancelIrp(irp));',
          completes: 'STATUS_CANCELLED',
        },
      ],
      [
        `SIO_WSK_REGISTER_EXTENSION on ${make}`,
        plain(
          `s = ${make};`,
          'Io(s, SIO_WSK_REGISTER_EXTENSION, &extension, sizeof(extension), &provider, sizeof(provider), NULL, NULL)',
          'STATUS_NOT_SUPPORTED',
        ),
      ],
    ]),
  ),
  'SIO_ADDRESS_LIST_QUERY with an IRP': {
    setup: 's = Basic();',
    call: 'Io(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, &addresses, sizeof(addresses), NULL, Send())',
    returns: invalid,
  },
  'SIO_ADDRESS_LIST_QUERY with IPv6': plain(
    's = Open6(WSK_FLAG_LISTEN_SOCKET);',
    'Io(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, &addresses, sizeof(addresses), &size, NULL)',
    success,
    'Is("family", addresses.list.Address[0].lpSockaddr->sa_family, AF_INET6);',
  ),
  'SIO_ADDRESS_LIST_CHANGE without an IRP': plain(
    's = Basic();',
    'Io(s, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, NULL, NULL)',
    invalid,
  ),
  SIO_ADDRESS_LIST_SORT: {
    setup: 's = Basic(); Io(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, &addresses, sizeof(addresses), &size, NULL);',
    call: 'Io(s, SIO_ADDRESS_LIST_SORT, &addresses, size, &sorted, sizeof(sorted), NULL, Send())',
    returns: pending,
    completes: success,
    information: 'size',
    then: 'Is("addresses", sorted.list.iAddressCount, 1);',
  },
  'SIO_WSK_REGISTER_EXTENSION with an IRP': {
    setup: 's = Basic();',
    call: 'Io(s, SIO_WSK_REGISTER_EXTENSION, &extension, sizeof(extension), &provider, sizeof(provider), NULL, Send())',
    returns: invalid,
  },

  SIO_WSK_QUERY_IDEAL_SEND_BACKLOG: {
    setup: 'Pair(&l, &c, &a);',
    call: 'Io(c, SIO_WSK_QUERY_IDEAL_SEND_BACKLOG, NULL, 0, &backlog, sizeof(backlog), NULL, Send())',
    returns: pending,
    completes: success,
    information: 'sizeof(SIZE_T)',
    then: 'Is("bytes", backlog, 65536);',
  },
  'SIO_WSK_QUERY_IDEAL_SEND_BACKLOG before WskConnect': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'Io(c, SIO_WSK_QUERY_IDEAL_SEND_BACKLOG, NULL, 0, &backlog, sizeof(backlog), NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
  },
  'SIO_WSK_QUERY_IDEAL_SEND_BACKLOG without an IRP': plain(
    'Pair(&l, &c, &a);',
    'Io(c, SIO_WSK_QUERY_IDEAL_SEND_BACKLOG, NULL, 0, &backlog, sizeof(backlog), NULL, NULL)',
    invalid,
  ),
  'SIO_WSK_QUERY_IDEAL_SEND_BACKLOG with too small a buffer': {
    setup: 'Pair(&l, &c, &a);',
    call: 'Io(c, SIO_WSK_QUERY_IDEAL_SEND_BACKLOG, NULL, 0, &backlog, 4, NULL, Send())',
    returns: invalid,
  },
  SIO_WSK_QUERY_RECEIVE_BACKLOG: {
    setup: 'Pair(&l, &c, &a); C(a)->WskSend(a, &out.Buf, 0, Send()); Wait();',
    call: 'Io(c, SIO_WSK_QUERY_RECEIVE_BACKLOG, NULL, 0, &backlog, sizeof(backlog), NULL, Send())',
    returns: pending,
    completes: success,
    information: 'sizeof(SIZE_T)',
    then: 'Is("bytes", backlog, 256);',
  },
  'SIO_WSK_QUERY_RECEIVE_BACKLOG before WskConnect': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'Io(c, SIO_WSK_QUERY_RECEIVE_BACKLOG, NULL, 0, &backlog, sizeof(backlog), NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
  },
  'SIO_WSK_QUERY_INSPECT_ID of a connection that was not inspected': plain(
    'Pair(&l, &c, &a);',
    'Io(a, SIO_WSK_QUERY_INSPECT_ID, NULL, 0, &id, sizeof(id), &size, NULL)',
    'STATUS_INVALID_DEVICE_REQUEST',
  ),
  'SIO_WSK_QUERY_INSPECT_ID with an IRP': {
    setup: 'Pair(&l, &c, &a);',
    call: 'Io(a, SIO_WSK_QUERY_INSPECT_ID, NULL, 0, &id, sizeof(id), NULL, Send())',
    returns: invalid,
  },

  'SIO_WSK_SET_TCP_SILENT_MODE on loopback': {
    setup: 'Pair(&l, &c, &a);',
    call: 'Io(c, SIO_WSK_SET_TCP_SILENT_MODE, NULL, 0, NULL, 0, NULL, Send())',
    returns: 'STATUS_NOT_SUPPORTED',
  },
  'SIO_WSK_SET_TCP_SILENT_MODE before WskConnect': {
    setup: 'c = Bound(Connection(), INADDR_ANY, 0);',
    call: 'Io(c, SIO_WSK_SET_TCP_SILENT_MODE, NULL, 0, NULL, 0, NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
  },

  SIO_LOOPBACK_FAST_PATH: {
    setup: 'c = Connection(); value = 1;',
    call: 'Io(c, SIO_LOOPBACK_FAST_PATH, &value, sizeof(value), NULL, 0, NULL, Send())',
    returns: pending,
    completes: success,
  },
  'SIO_LOOPBACK_FAST_PATH of the wrong size': {
    setup: 'c = Connection();',
    call: 'Io(c, SIO_LOOPBACK_FAST_PATH, NULL, 0, NULL, 0, NULL, Send())',
    returns: 'STATUS_INVALID_BUFFER_SIZE',
  },
  'SIO_LOOPBACK_FAST_PATH on a connection': {
    setup: 'Pair(&l, &c, &a); value = 1;',
    call: 'Io(c, SIO_LOOPBACK_FAST_PATH, &value, sizeof(value), NULL, 0, NULL, Send())',
    returns: 'STATUS_NOT_SUPPORTED',
  },
  'SIO_LOOPBACK_FAST_PATH on a datagram socket': {
    setup: 's = Udp(); value = 1;',
    call: 'Io(s, SIO_LOOPBACK_FAST_PATH, &value, sizeof(value), NULL, 0, NULL, Send())',
    returns: 'STATUS_NOT_SUPPORTED',
  },
  SIO_UDP_CONNRESET: {
    setup: 's = Udp(); value = 0;',
    call: 'Io(s, SIO_UDP_CONNRESET, &value, sizeof(value), NULL, 0, NULL, Send())',
    returns: pending,
    completes: success,
  },
  'SIO_UDP_CONNRESET of the wrong size': {
    setup: 's = Udp();',
    call: 'Io(s, SIO_UDP_CONNRESET, &value, 1, NULL, 0, NULL, Send())',
    returns: 'STATUS_INVALID_BUFFER_SIZE',
  },
  'SIO_UDP_CONNRESET on a stream': {
    setup: 'c = Connection(); value = 0;',
    call: 'Io(c, SIO_UDP_CONNRESET, &value, sizeof(value), NULL, 0, NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_REQUEST',
  },
  'SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS of a connection that was not redirected': {
    setup: 'Pair(&l, &c, &a);',
    call: 'Io(a, SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS, NULL, 0, record, sizeof(record), &size, Send())',
    returns: 'STATUS_NOT_FOUND',
  },
  'SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT of a connection that was not redirected': {
    setup: 'Pair(&l, &c, &a);',
    call: 'Io(a, SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT, NULL, 0, record, sizeof(record), &size, Send())',
    returns: 'STATUS_NOT_FOUND',
  },

  'SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS, where no driver redirects connections': {
    setup: 's = Bound(Connection(), INADDR_ANY, 0);',
    call: 'Io(s, SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS, record, sizeof(record), NULL, 0, NULL, Send())',
    returns: 'STATUS_NOT_SUPPORTED',
  },

  'SO_WSK_EVENT_CALLBACK read': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'B(s)->WskControlSocket(s, WskGetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, 0, NULL, sizeof(control), &control, NULL, Send())',
    returns: invalid,
    finding: 'control-request-type R52',
  },
  'SO_WSK_EVENT_CALLBACK of the wrong size': {
    ...plain(
      's = Bound(Listener(), INADDR_ANY, 0);',
      'B(s)->WskControlSocket(s, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, 4, &control, 0, NULL, NULL, NULL)',
      invalid,
    ),
    finding: 'option-size R49',
  },
};

testRows('controls', rows, { declarations });

const farRows: Rows = {
  SIO_WSK_SET_TCP_SILENT_MODE: {
    setup: 'c = Far(80);',
    call: 'Io(c, SIO_WSK_SET_TCP_SILENT_MODE, NULL, 0, NULL, 0, NULL, Send())',
    returns: pending,
    completes: success,
    then: `STATUS(C(c)->WskSend(c, &out.Buf, 0, Send()), STATUS_INVALID_DEVICE_STATE); STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
      STATUS(C(c)->WskReceive(c, &in.Buf, 0, Send()), STATUS_INVALID_DEVICE_STATE); STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
      STATUS(C(c)->WskDisconnect(c, NULL, 0, Send()), STATUS_INVALID_DEVICE_STATE); STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);`,
  },
  'SIO_WSK_SET_TCP_SILENT_MODE while a send is pending': {
    setup: 'c = Far(81); big = Buffer(70000); C(c)->WskSend(c, &big.Buf, 0, Send2());',
    call: 'Io(c, SIO_WSK_SET_TCP_SILENT_MODE, NULL, 0, NULL, 0, NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    then: 'IoCancelIrp(irp2); WaitFor(irp2, &done2); FreeBuffer(big);',
  },
  'SIO_WSK_SET_TCP_SILENT_MODE without an IRP': plain(
    'c = Far(82);',
    'Io(c, SIO_WSK_SET_TCP_SILENT_MODE, NULL, 0, NULL, 0, NULL, NULL)',
    invalid,
  ),
};

// One listener for each row: a peer takes one connection.
const peers = [80, 81, 82].map((port) => `  - { listen: "192.0.2.20:${port}", steps: [] }`);
testRows('controls with another machine', farRows, { declarations, scenario: ['peers:', ...peers].join('\n') });
