// A driver on a wire with faults, against scripted peers: statuses, findings of peers, groups, names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { finish, planOf, readyRun, scenarioText } from '../testing.ts';
import { runWsk, type WskTest } from './testing.ts';

const connects = `
  PWSK_SOCKET c = Connection();
  Bind(c, At(INADDR_ANY, 0));
  C(c)->WskConnect(c, At(0xC0000214, 80), 0, Send());`;
const host = '192.0.2.20';

const cases: Readonly<
  Record<string, WskTest & { readonly log?: readonly string[]; readonly findings?: readonly string[] }>
> = {
  'nobody answers: STATUS_IO_TIMEOUT after 21 s': {
    scenario: `network: { partitions: [{ hosts: [${host}] }] }\npeers: [{ listen: "${host}:80" }]`,
    body: `${connects} STATUS(Wait(), STATUS_IO_TIMEOUT); Close(c);`,
  },
  'a router says no: STATUS_HOST_UNREACHABLE': {
    scenario: `network: { partitions: [{ hosts: [${host}], how: unreachable }] }\npeers: [{ listen: "${host}:80" }]`,
    body: `${connects} STATUS(Wait(), STATUS_HOST_UNREACHABLE); Close(c);`,
  },
  'a router knows no way: STATUS_NETWORK_UNREACHABLE': {
    scenario: `network: { partitions: [{ hosts: [${host}], how: network-unreachable }] }\npeers: [{ listen: "${host}:80" }]`,
    body: `${connects} STATUS(Wait(), STATUS_NETWORK_UNREACHABLE); Close(c);`,
  },
  'the cable is out: STATUS_NETWORK_UNREACHABLE, and loopback works': {
    scenario: `network: { changes: [{ addresses: [] }] }\npeers: [{ listen: "${host}:80" }]`,
    body: `${connects} STATUS(Wait(), STATUS_NETWORK_UNREACHABLE);
      PWSK_SOCKET s = Udp();
      BUFFER b = Buffer(10);
      RtlFillMemory(b.Data, 10, 'x');
      Bind(s, At(INADDR_ANY, 9));
      D(s)->WskSendTo(s, &b.Buf, 0, At(0xC0000214, 9), 0, NULL, Send()); STATUS(Wait(), STATUS_NETWORK_UNREACHABLE);
      Is("Information", irp->IoStatus.Information, 0);
      D(s)->WskSendTo(s, &b.Buf, 0, At(INADDR_LOOPBACK, 9), 0, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      D(s)->WskReceiveFrom(s, &b.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Close(s); Close(c); FreeBuffer(b);`,
  },
  'nobody listens: STATUS_CONNECTION_REFUSED': {
    scenario: `peers: [{ listen: "${host}:81" }]`,
    body: `${connects} STATUS(Wait(), STATUS_CONNECTION_REFUSED); Close(c);`,
  },
  'the peer falls silent: a send ends with STATUS_IO_TIMEOUT, so does what follows': {
    scenario: `network: { partitions: [{ fromMs: 5 }] }\npeers: [{ listen: "${host}:80", steps: [{ expectClose: rst }] }]`,
    body: `${connects} STATUS(Wait(), STATUS_SUCCESS);
      BUFFER b = Buffer(10);
      RtlFillMemory(b.Data, 10, 'x');
      Sleep(10);
      C(c)->WskSend(c, &b.Buf, 0, Send()); STATUS(Wait(), STATUS_IO_TIMEOUT);
      C(c)->WskSend(c, &b.Buf, 0, Send()); STATUS(Wait(), STATUS_IO_TIMEOUT);
      C(c)->WskReceive(c, &b.Buf, 0, Send()); STATUS(Wait(), STATUS_IO_TIMEOUT);
      Close(c); FreeBuffer(b);`,
    findings: ['peer-expectation'],
  },
  'the peer falls silent: with SO_KEEPALIVE a receive ends, as soon as TCP_KEEPIDLE, INTVL and CNT say': {
    scenario: `network: { partitions: [{ fromMs: 5 }] }\npeers: [{ listen: "${host}:80", steps: [{ expectClose: rst }] }]`,
    body: `${connects} STATUS(Wait(), STATUS_SUCCESS);
      BUFFER b = Buffer(10);
      LARGE_INTEGER from, to;
      STATUS(Set(c, TCP_KEEPIDLE, IPPROTO_TCP, 3), STATUS_SUCCESS);
      STATUS(Set(c, TCP_KEEPINTVL, IPPROTO_TCP, 2), STATUS_SUCCESS);
      STATUS(Set(c, SO_KEEPALIVE, SOL_SOCKET, 1), STATUS_SUCCESS);
      STATUS(Set(c, TCP_KEEPCNT, IPPROTO_TCP, 4), STATUS_SUCCESS);
      STATUS(Get(c, TCP_KEEPIDLE, IPPROTO_TCP), STATUS_SUCCESS); Is("idle", option, 3);
      STATUS(Get(c, TCP_KEEPCNT, IPPROTO_TCP), STATUS_SUCCESS); Is("probes", option, 4);
      KeQuerySystemTime(&from);
      C(c)->WskReceive(c, &b.Buf, 0, Send()); TRUE_(!NT_SUCCESS(Wait()));
      KeQuerySystemTime(&to);
      Is("seconds", (ULONG)((to.QuadPart - from.QuadPart + 5000000) / 10000000), 11);
      Close(c); FreeBuffer(b);`,
    findings: ['peer-expectation'],
  },
  'SIO_KEEPALIVE_VALS sets all of it at once, in milliseconds': {
    scenario: `network: { partitions: [{ fromMs: 5 }] }\npeers: [{ listen: "${host}:80", steps: [{ expectClose: rst }] }]`,
    body: `
      struct tcp_keepalive values = { 1, 1500, 250 }, none = { 1, 0, 250 };
      PWSK_SOCKET u = Udp();
      STATUS(B(u)->WskControlSocket(u, WskIoctl, SIO_KEEPALIVE_VALS, 0, sizeof(values), &values, 0, NULL, NULL, Send()), STATUS_INVALID_DEVICE_REQUEST);
      STATUS(Wait(), STATUS_INVALID_DEVICE_REQUEST);
      Close(u);
      ${connects} STATUS(Wait(), STATUS_SUCCESS);
      BUFFER b = Buffer(10);
      LARGE_INTEGER from, to;
      C(c)->WskControlSocket(c, WskIoctl, SIO_KEEPALIVE_VALS, 0, sizeof(values) - 1, &values, 0, NULL, NULL, Send()); STATUS(Wait(), STATUS_INVALID_PARAMETER);
      C(c)->WskControlSocket(c, WskIoctl, SIO_KEEPALIVE_VALS, 0, sizeof(values), NULL, 0, NULL, NULL, Send()); STATUS(Wait(), STATUS_INVALID_PARAMETER);
      C(c)->WskControlSocket(c, WskIoctl, SIO_KEEPALIVE_VALS, 0, sizeof(none), &none, 0, NULL, NULL, Send()); STATUS(Wait(), STATUS_INVALID_PARAMETER);
      STATUS(Get(c, SO_KEEPALIVE, SOL_SOCKET), STATUS_SUCCESS); Is("on", option, 0);
      C(c)->WskControlSocket(c, WskIoctl, SIO_KEEPALIVE_VALS, 0, sizeof(values), &values, 0, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Is("Information", irp->IoStatus.Information, 0);
      STATUS(Get(c, SO_KEEPALIVE, SOL_SOCKET), STATUS_SUCCESS); Is("on", option, 1);
      STATUS(Get(c, TCP_KEEPIDLE, IPPROTO_TCP), STATUS_SUCCESS); Is("seconds of idleness", option, 2);
      KeQuerySystemTime(&from);
      C(c)->WskReceive(c, &b.Buf, 0, Send()); STATUS(Wait(), STATUS_IO_TIMEOUT);
      KeQuerySystemTime(&to);
      Is("milliseconds", (ULONG)((to.QuadPart - from.QuadPart + 50000) / 100000) * 10, 4000);
      Close(c); FreeBuffer(b);`,
    findings: ['peer-expectation'],
  },
  'a lossy wire that reorders and repeats: the bytes arrive all the same': {
    scenario: `network: { lossPercent: 10, reorderPercent: 20, duplicatePercent: 20, jitterUs: 100, segmentSize: 50, retransmissions: 50 }
peers: [{ listen: "${host}:80", steps: [{ send: { text: 0123456789, repeat: 100 } }, { expect: { text: xy, repeat: 500 } }, { close: fin }, { expectClose: fin }] }]`,
    body: `${connects} STATUS(Wait(), STATUS_SUCCESS);
      BUFFER b = Buffer(1000);
      ULONG i, wrong = 0;
      C(c)->WskReceive(c, &b.Buf, WSK_FLAG_WAITALL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      for (i = 0; i < 1000; i++) if (((PCHAR)b.Data)[i] != (CHAR)('0' + i % 10)) wrong++;
      Is("wrong bytes", wrong, 0);
      for (i = 0; i < 1000; i++) ((PCHAR)b.Data)[i] = i % 2 ? 'y' : 'x';
      C(c)->WskSend(c, &b.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
      C(c)->WskReceive(c, &b.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Is("the end", irp->IoStatus.Information, 0);
      C(c)->WskDisconnect(c, NULL, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Close(c); FreeBuffer(b);`,
  },
  'a multicast group: heard once it is joined': {
    scenario: `peers: [{ datagram: "${host}:9", afterMs: 5, steps: [{ sendTo: { to: "239.1.1.1:700", text: early } }, { waitMs: 10 }, { sendTo: { to: "239.1.1.1:700", text: hello } }] }]`,
    body: `
      PWSK_SOCKET s = Udp();
      IP_MREQ group = { 0 };
      BUFFER b = Buffer(20);
      ULONG flags = 0;
      Bind(s, At(INADDR_ANY, 700));
      Sleep(10);
      group.imr_multiaddr.s_addr = RtlUlongByteSwap(0xEF010101);
      B(s)->WskControlSocket(s, WskSetOption, IP_ADD_MEMBERSHIP, IPPROTO_IP, sizeof(group), &group, 0, NULL, NULL, Send());
      STATUS(Wait(), STATUS_SUCCESS);
      D(s)->WskReceiveFrom(s, &b.Buf, 0, NULL, NULL, NULL, &flags, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Is("bytes", irp->IoStatus.Information, 5);
      TRUE_(RtlCompareMemory(b.Data, "hello", 5) == 5);
      Is("flags", flags, MSG_MCAST);
      B(s)->WskControlSocket(s, WskSetOption, IP_DROP_MEMBERSHIP, IPPROTO_IP, sizeof(group), &group, 0, NULL, NULL, Send());
      STATUS(Wait(), STATUS_SUCCESS);
      Close(s); FreeBuffer(b);`,
  },
  'a group that is joined brings back what the socket sends to it, until the option says no': {
    scenario: `peers: [{ datagram: "${host}:9", afterMs: 15, steps: [{ sendTo: { to: "239.1.1.1:700", text: hello } }] }]`,
    body: `
      PWSK_SOCKET s = Udp();
      IP_MREQ group = { 0 };
      BUFFER b = Buffer(20), own = Buffer(4);
      SOCKADDR_IN there = { AF_INET, RtlUshortByteSwap(700) };
      ULONG flags = 0, loops = 0;
      Bind(s, At(INADDR_ANY, 700));
      there.sin_addr.s_addr = group.imr_multiaddr.s_addr = RtlUlongByteSwap(0xEF010101);
      B(s)->WskControlSocket(s, WskSetOption, IP_ADD_MEMBERSHIP, IPPROTO_IP, sizeof(group), &group, 0, NULL, NULL, Send());
      STATUS(Wait(), STATUS_SUCCESS);
      RtlCopyMemory(own.Data, "mine", 4);
      D(s)->WskSendTo(s, &own.Buf, 0, (PSOCKADDR)&there, 0, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      D(s)->WskReceiveFrom(s, &b.Buf, 0, NULL, NULL, NULL, &flags, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Is("its own", irp->IoStatus.Information, 4);
      B(s)->WskControlSocket(s, WskSetOption, IP_MULTICAST_LOOP, IPPROTO_IP, sizeof(loops), &loops, 0, NULL, NULL, Send());
      STATUS(Wait(), STATUS_SUCCESS);
      D(s)->WskSendTo(s, &own.Buf, 0, (PSOCKADDR)&there, 0, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      D(s)->WskReceiveFrom(s, &b.Buf, 0, NULL, NULL, NULL, &flags, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Is("the peer's", irp->IoStatus.Information, 5);
      Close(s); FreeBuffer(b); FreeBuffer(own);`,
  },
  'transports and addresses change, and who waits for that hears of it': {
    scenario: `network:
  changes:
    - { afterMs: 5, transports: [tcp4, udp4] }
    - { afterMs: 8, transports: [tcp4, udp4] }
    - { afterMs: 10, addresses: ["2001:db8::11", 192.0.2.10] }
    - { afterMs: 15, addresses: [192.0.2.11] }`,
    body: `
      PWSK_SOCKET s = Udp();
      UCHAR list[200];
      SIZE_T size = 0;
      Is("start", npi.Dispatch->WskControlClient(npi.Client, WSK_TRANSPORT_LIST_CHANGE, 0, NULL, 0, NULL, NULL, Send()), STATUS_PENDING);
      B(s)->WskControlSocket(s, WskIoctl, SIO_ADDRESS_LIST_CHANGE, 0, 0, NULL, 0, NULL, NULL, Send2());
      STATUS(Wait(), STATUS_SUCCESS);
      STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_TRANSPORT_LIST_QUERY, 0, NULL, sizeof(list), list, &size, NULL), STATUS_SUCCESS);
      Is("two transports", size, 2 * sizeof(WSK_TRANSPORT));
      TRUE_(Open(WSK_FLAG_DATAGRAM_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET6, NULL, NULL) == NULL);
      STATUS(irp->IoStatus.Status, STATUS_NOT_SUPPORTED);
      npi.Dispatch->WskControlClient(npi.Client, WSK_TRANSPORT_LIST_CHANGE, 0, NULL, 0, NULL, NULL, Send());
      Sleep(7);
      Is("an address of the other family is no news", KeReadStateEvent(&done2), 0);
      STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS);
      STATUS(B(s)->WskControlSocket(s, WskIoctl, SIO_ADDRESS_LIST_QUERY, 0, 0, NULL, sizeof(list), list, &size, NULL), STATUS_SUCCESS);
      Is("count", ((SOCKET_ADDRESS_LIST *)list)->iAddressCount, 1);
      Is("address", ((PSOCKADDR_IN)((SOCKET_ADDRESS_LIST *)list)->Address[0].lpSockaddr)->sin_addr.s_addr, RtlUlongByteSwap(0xC000020B));
      Is("the same transports are no news", KeReadStateEvent(&done), 0);
      IoCancelIrp(irp);
      STATUS(Wait(), STATUS_CANCELLED);
      D(s)->WskBind(s, At(0xC000020A, 0), 0, Send());
      STATUS(Wait(), STATUS_INVALID_ADDRESS_COMPONENT);
      Close(s);`,
  },
  'an IOCTL that no transport knows': {
    body: `
      PWSK_SOCKET s = Udp();
      STATUS(B(s)->WskControlSocket(s, WskIoctl, 0x22E004, 0, 0, NULL, 0, NULL, NULL, Send()), STATUS_INVALID_DEVICE_REQUEST);
      STATUS(Wait(), STATUS_INVALID_DEVICE_REQUEST);
      STATUS(B(s)->WskControlSocket(s, WskIoctl, 0x22E004, 0, 0, NULL, 0, NULL, NULL, NULL), STATUS_INVALID_DEVICE_REQUEST);
      Close(s);`,
  },
  'an option of Windows that is not emulated': {
    body: `
      PWSK_SOCKET s = Connection();
      ULONG value = 1400;
      DbgPrint("ok\\n");
      B(s)->WskControlSocket(s, WskSetOption, TCP_MAXSEG, IPPROTO_TCP, sizeof(value), &value, 0, NULL, NULL, Send());`,
    findings: ['not-emulated'],
  },
  'an IOCTL of Windows that is not emulated': {
    body: `
      PWSK_SOCKET s = Udp();
      ULONG value = 0;
      DbgPrint("ok\\n");
      B(s)->WskControlSocket(s, WskIoctl, SIO_ABSORB_RTRALERT, 0, sizeof(value), &value, 0, NULL, NULL, Send());`,
    findings: ['not-emulated'],
  },
  'routes: the best one, and who hears that they change': {
    scenario: `network:
  changes:
    - { afterMs: 5, addresses: ["2001:db8::11"] }
    - { afterMs: 10, addresses: ["2001:db8::11", 192.0.2.11] }`,
    declarations: `
#include <netioapi.h>
      static int initial, added, deleted;
      static VOID NTAPI OnRoute(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
      {
        Is("level", KeGetCurrentIrql(), PASSIVE_LEVEL);
        TRUE_(context == &initial);
        if (type == MibInitialNotification) { initial++; TRUE_(row == NULL); return; }
        Is("family", row->DestinationPrefix.Prefix.si_family, AF_INET);
        Is("everybody", row->DestinationPrefix.PrefixLength, 0);
        if (type == MibAddInstance) added++;
        if (type == MibDeleteInstance) deleted++;
      }`,
    body: `
      MIB_IPFORWARD_ROW2 row;
      SOCKADDR_INET to = { 0 }, from;
      HANDLE handle = NULL, all = NULL;
      to.Ipv4.sin_family = AF_INET;
      to.Ipv4.sin_addr.s_addr = RtlUlongByteSwap(0xC0000214);
      STATUS(GetBestRoute2(NULL, 0, NULL, &to, 0, &row, &from), STATUS_SUCCESS);
      Is("source", from.Ipv4.sin_addr.s_addr, RtlUlongByteSwap(0xC000020A));
      Is("interface", row.InterfaceLuid.Info.IfType, 6);
      Is("no loopback", row.Loopback, FALSE);
      to.Ipv4.sin_addr.s_addr = RtlUlongByteSwap(INADDR_LOOPBACK);
      STATUS(GetBestRoute2(NULL, 0, NULL, &to, 0, &row, &from), STATUS_SUCCESS);
      Is("loopback", row.Loopback, TRUE);
      Is("one host", row.DestinationPrefix.PrefixLength, 32);
      Is("from itself", from.Ipv4.sin_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK));
      to.si_family = AF_UNSPEC;
      STATUS(GetBestRoute2(NULL, 0, NULL, &to, 0, &row, &from), STATUS_INVALID_PARAMETER);
      STATUS(NotifyRouteChange2(77, OnRoute, &initial, FALSE, &handle), STATUS_INVALID_PARAMETER);
      STATUS(NotifyRouteChange2(AF_INET6, OnRoute, &initial, FALSE, &handle), STATUS_SUCCESS);
      STATUS(NotifyRouteChange2(AF_UNSPEC, OnRoute, &initial, TRUE, &all), STATUS_SUCCESS);
      TRUE_(handle != NULL && all != NULL && handle != all);
      Sleep(7);
      Is("initial", initial, 1);
      Is("deleted", deleted, 1);
      to.si_family = AF_INET;
      to.Ipv4.sin_addr.s_addr = RtlUlongByteSwap(0xC0000214);
      STATUS(GetBestRoute2(NULL, 0, NULL, &to, 0, &row, &from), STATUS_NETWORK_UNREACHABLE);
      Sleep(7);
      Is("added", added, 1);
      STATUS(CancelMibChangeNotify2(handle), STATUS_SUCCESS);
      STATUS(CancelMibChangeNotify2(all), STATUS_SUCCESS);
      STATUS(CancelMibChangeNotify2(handle), STATUS_INVALID_PARAMETER);`,
  },
  'an alias resolves': {
    scenario:
      'network: { names: { lpr: [printer.example], printer.example: [192.0.2.20] }, reverseNames: { 192.0.2.21: other } }',
    body: `
      UNICODE_STRING node, service;
      PADDRINFOEXW list = NULL;
      RtlInitUnicodeString(&node, L"LPR");
      RtlInitUnicodeString(&service, L"80");
      npi.Dispatch->WskGetAddressInfo(npi.Client, &node, &service, NS_ALL, NULL, NULL, &list, NULL, NULL, Send());
      STATUS(Wait(), STATUS_SUCCESS);
      Is("address", ((PSOCKADDR_IN)list->ai_addr)->sin_addr.s_addr, RtlUlongByteSwap(0xC0000214));
      npi.Dispatch->WskFreeAddressInfo(npi.Client, list);`,
  },
};
for (const [name, { log, findings, ...given }] of Object.entries(cases)) {
  test(name, () => {
    const result = runWsk(given);
    assert.deepEqual(
      result.findings.map(({ rule }) => rule),
      findings ?? [],
      result.findings.map(({ message }) => message).join('\n'),
    );
    assert.deepEqual(
      result.log.filter((line) => line.startsWith('not ok')),
      [],
    );
    assert.ok(result.log.some((line) => line.startsWith('ok')));
    for (const line of log ?? []) assert.ok(result.log.includes(line), line);
  });
}

test('a failed expectation says what came, and where in the scenario', () => {
  const text = `
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{ UNREFERENCED_PARAMETER(driver); UNREFERENCED_PARAMETER(path); return STATUS_SUCCESS; }`;
  const scenario = scenarioText(`peers:
  - name: printer
    connect: 127.0.0.1:515
    steps: []
  - name: asker
    datagram: 192.0.2.20:53
    steps:
      - send: { file: missing.bin }
`);
  const run = readyRun(planOf([sourceFile('driver.c', `#include <ntddk.h>${text}`)], { scenario }));
  const { findings } = finish(run);
  assert.deepEqual(
    findings.map(({ message, span }) => `${span?.file.text.slice(0, span.start).split('\n').length}: ${message}`),
    [
      '8: The peer "asker" expected the file missing.bin in its step 1, but got none.',
      '2: The peer "printer" expected a connection, but got refused.',
    ],
  );
});

test('what happens on the wire takes no context of the driver', () => {
  const text =
    '#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) { return d && p ? STATUS_SUCCESS : -1; }';
  const scenario = scenarioText('peers: [{ connect: "127.0.0.1:9", afterMs: 1 }]');
  const run = readyRun(planOf([sourceFile('driver.c', text)], { scenario }));
  finish(run);
  const packets = run.trace(0).filter(({ kind }) => kind === 'network');
  assert.deepEqual(new Set(packets.map(({ thread, irql }) => `${thread.name} ${irql}`)), new Set(['kernel 0']));
  assert.ok(
    packets.some((packet) => packet.kind === 'network' && packet.detail.endsWith('RST (nobody listens there)')),
  );
});
