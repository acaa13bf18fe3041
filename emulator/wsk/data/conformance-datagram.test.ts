// Datagrams: WskSendTo, WskSendMessages, WskReceiveFrom, control information, groups, broadcast, raw sockets.
import { type Row, type Rows, testRows } from '../testing/rows.ts';

const declarations = `
static WSK_BUF part, empty = { NULL, 0, 0 };
static WSK_BUF Part(BUFFER b, ULONG offset, SIZE_T length) { WSK_BUF w = { b.Buf.Mdl, offset, length }; return w; }
static WSK_BUF_LIST second, first;
static void Messages(SIZE_T one, SIZE_T two)
{
  second.Next = NULL; second.Buffer = Part(out, 0, two);
  first.Next = &second; first.Buffer = Part(out, 0, one);
}
static NTSTATUS To(PWSK_SOCKET s, SIZE_T length, ULONG flags, PSOCKADDR to, ULONG controlLength, PVOID controlInfo, PIRP request)
{
  part = Part(out, 0, length);
  return D(s)->WskSendTo(s, &part, flags, to, controlLength, (PCMSGHDR)controlInfo, request);
}
static void SendIt(PWSK_SOCKET s, SIZE_T length, ULONG host, USHORT port) { To(s, length, 0, At(host, port), 0, NULL, Send()); Wait(); }
static NTSTATUS From(PWSK_SOCKET s, PWSK_BUF buf, ULONG flags, PSOCKADDR from, PULONG length, PVOID info, PULONG controlFlags, PIRP request)
{
  return D(s)->WskReceiveFrom(s, buf, flags, from, length, (PCMSGHDR)info, controlFlags, request);
}
static struct { CMSGHDR header; IN_PKTINFO info; ULONG pad[8]; } cmsg;
static void Source(ULONG host, SIZE_T length)
{
  RtlZeroMemory(&cmsg, sizeof(cmsg));
  cmsg.header.cmsg_len = length;
  cmsg.header.cmsg_level = IPPROTO_IP;
  cmsg.header.cmsg_type = IP_PKTINFO;
  cmsg.info.ipi_addr.s_addr = RtlUlongByteSwap(host);
}
static ULONG flags, length;
static SOCKADDR_IN fixed;
static NTSTATUS Fix(PWSK_SOCKET s, ULONG code, ULONG host, USHORT port, PIRP request)
{
  fixed = *(PSOCKADDR_IN)At(host, port);
  return Io(s, code, &fixed, sizeof(fixed), NULL, 0, NULL, request);
}
static PWSK_SOCKET Udp6(USHORT port, ULONG only)
{
  PWSK_SOCKET s = Open(WSK_FLAG_DATAGRAM_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET6, NULL, NULL);
  Set(s, IPV6_V6ONLY, IPPROTO_IPV6, only);
  D(s)->WskBind(s, At6(&any6, port), 0, Send()); Wait();
  return s;
}
static PWSK_SOCKET Raw(ULONG protocol) { return Open(WSK_FLAG_DATAGRAM_SOCKET, SOCK_RAW, protocol, AF_INET, NULL, NULL); }
static IP_MREQ group;
static NTSTATUS Group(PWSK_SOCKET s, ULONG code, ULONG host, PIRP request)
{
  RtlZeroMemory(&group, sizeof(group));
  group.imr_multiaddr.s_addr = RtlUlongByteSwap(host);
  group.imr_interface.s_addr = RtlUlongByteSwap(0xC000020A);
  return B(s)->WskControlSocket(s, WskSetOption, code, IPPROTO_IP, sizeof(group), &group, 0, NULL, NULL, request);
}`;

const pending = 'STATUS_PENDING';
const success = 'STATUS_SUCCESS';
const two = 's = Bound(Udp(), INADDR_LOOPBACK, 5000); t = Bound(Udp(), INADDR_LOOPBACK, 5001);';

const bad = (setup: string, call: string, finding: string): Row => ({
  setup,
  call,
  returns: 'STATUS_INVALID_PARAMETER',
  finding,
});

const rows: Rows = {
  'WskSendTo: Information is the number of bytes': {
    setup: two,
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '10',
  },
  'WskSendTo to port 0': {
    setup: two,
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 0), 0, NULL, Send())',
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'WskSendTo to the wildcard': {
    setup: two,
    call: 'To(s, 10, 0, At(INADDR_ANY, 5001), 0, NULL, Send())',
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'IP_ADD_MEMBERSHIP on an interface that is not there': {
    setup: 's = Bound(Udp(), INADDR_ANY, 5000); Group(s, IP_ADD_MEMBERSHIP, 0xE0000105, Send()); Wait();',
    call: '(group.imr_interface.s_addr = RtlUlongByteSwap(0x0A0000FF), B(s)->WskControlSocket(s, WskSetOption, IP_ADD_MEMBERSHIP, IPPROTO_IP, sizeof(group), &group, 0, NULL, NULL, Send()))',
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'IP_MULTICAST_TTL of more than a packet can say': {
    setup: 's = Udp();',
    call: 'SetIt(s, IP_MULTICAST_TTL, IPPROTO_IP, 256, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WskSendTo of nothing is a datagram': {
    setup: two,
    call: 'D(s)->WskSendTo(s, &empty, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: pending,
    completes: success,
    then: 'flags = 7; From(t, &in.Buf, 0, NULL, NULL, NULL, &flags, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 0); Is("flags", flags, 0);',
  },
  'WskSendTo to nobody': {
    setup: 's = Bound(Udp(), INADDR_LOOPBACK, 5000);',
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '10',
  },
  'WskSendTo before WskBind': {
    setup: 's = Udp();',
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-bound R64',
  },
  'WskSendTo with a flag': bad(two, 'To(s, 10, 1, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())', 'reserved-flags R34'),
  'WskSendTo without an address': bad(two, 'To(s, 10, 0, NULL, 0, NULL, Send())', 'send-to-address R43'),
  'WskSendTo to an address of another family': bad(
    two,
    'To(s, 10, 0, At6(&loopback6, 5001), 0, NULL, Send())',
    'address-family R81',
  ),
  'WskSendTo with control information of no length': bad(
    two,
    'Source(INADDR_LOOPBACK, 24), To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 0, &cmsg, Send())',
    'control-info R44',
  ),
  'WskSendTo with a length of no control information': bad(
    two,
    'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 24, NULL, Send())',
    'control-info R44',
  ),
  'WskSendTo without an IRP': {
    ...bad(two, 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, NULL)', 'irp-missing R26'),
    completes: 'no',
  },
  'WskSendTo with IP_PKTINFO as the source': {
    setup: 's = Bound(Udp(), INADDR_ANY, 5000); t = Bound(Udp(), INADDR_LOOPBACK, 5001); Source(INADDR_LOOPBACK, 24);',
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 24, &cmsg, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: 'From(t, &in.Buf, 0, (PSOCKADDR)&sa, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("source", sa.sin_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK));',
  },
  'WskSendTo with IP_PKTINFO of another machine': {
    setup: 's = Bound(Udp(), INADDR_ANY, 5000); Source(0x08080808, 24);',
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 24, &cmsg, Send())',
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'WskSendTo with a CMSGHDR that is longer than the control information': {
    setup: `${two} Source(INADDR_LOOPBACK, 40);`,
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 24, &cmsg, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WskSendTo with a CMSGHDR that is shorter than itself': {
    setup: `${two} Source(INADDR_LOOPBACK, 8);`,
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 24, &cmsg, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WskSendTo to a broadcast address without SO_BROADCAST': {
    setup: 's = Bound(Udp(), INADDR_ANY, 5000);',
    call: 'To(s, 10, 0, At(INADDR_BROADCAST, 5001), 0, NULL, Send())',
    returns: 'STATUS_ACCESS_DENIED',
    finding: 'send-to-address R50',
  },
  'WskSendTo to a fixed broadcast address without SO_BROADCAST': {
    setup:
      's = Bound(Udp(), INADDR_ANY, 5000); B(s)->WskControlSocket(s, WskIoctl, SIO_WSK_SET_SENDTO_ADDRESS, 0, sizeof(SOCKADDR_IN), At(INADDR_BROADCAST, 5001), 0, NULL, NULL, Send()); Wait();',
    call: 'To(s, 10, 0, NULL, 0, NULL, Send())',
    returns: 'STATUS_ACCESS_DENIED',
    finding: 'send-to-address R50',
  },
  'WskSendTo to a broadcast address': {
    setup:
      's = Bound(Udp(), INADDR_ANY, 5000); t = Bound(Udp(), INADDR_ANY, 5001); Set(s, SO_BROADCAST, SOL_SOCKET, 1);',
    call: 'To(s, 10, 0, At(INADDR_BROADCAST, 5001), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: 'From(t, &in.Buf, 0, NULL, NULL, NULL, &flags, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("flags", flags, MSG_BCAST);',
  },
  'WskSendTo of more than UDP takes': {
    setup: `${two} BUFFER big = Buffer(70000); WSK_BUF all = Part(big, 0, 65508);`,
    call: 'D(s)->WskSendTo(s, &all, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: 'STATUS_INVALID_BUFFER_SIZE',
    then: 'FreeBuffer(big);',
  },
  'WskSendTo of as much as UDP takes': {
    setup: `${two} BUFFER big = Buffer(70000); WSK_BUF all = Part(big, 0, 65507);`,
    call: 'D(s)->WskSendTo(s, &all, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '65507',
    then: 'FreeBuffer(big);',
  },
  'WskSendTo with IPv6': {
    setup: 's = Udp6(5000, 1); t = Udp6(5001, 1);',
    call: 'To(s, 10, 0, At6(&loopback6, 5001), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: 'From(t, &in.Buf, 0, (PSOCKADDR)&sa6, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("port", RtlUshortByteSwap(sa6.sin6_port), 5000); TRUE_(RtlCompareMemory(&sa6.sin6_addr, &loopback6, 16) == 16);',
  },
  'WskSendTo with IPv4 to a dual socket': {
    setup: 's = Bound(Udp(), INADDR_LOOPBACK, 5000); t = Udp6(5001, 0);',
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: 'From(t, &in.Buf, 0, (PSOCKADDR)&sa6, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("family", sa6.sin6_family, AF_INET6); Is("mapped", sa6.sin6_addr.u.Byte[10], 0xff);',
  },

  'WskSendMessages: Information is the bytes of all': {
    setup: `${two} Messages(5, 3);`,
    call: 'D(s)->WskSendMessages(s, &first, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '8',
    then: `From(t, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("first", irp->IoStatus.Information, 5);
      From(t, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("second", irp->IoStatus.Information, 3);`,
  },
  'WskSendMessages without a list': {
    setup: two,
    call: 'D(s)->WskSendMessages(s, NULL, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WskSendMessages before WskBind': {
    setup: 's = Udp(); Messages(5, 3);',
    call: 'D(s)->WskSendMessages(s, &first, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-bound R64',
  },
  'WskSendMessages without an address': bad(
    `${two} Messages(5, 3);`,
    'D(s)->WskSendMessages(s, &first, 0, NULL, 0, NULL, Send())',
    'send-to-address R43',
  ),
  'WskSendMessages with a flag': bad(
    `${two} Messages(5, 3);`,
    'D(s)->WskSendMessages(s, &first, 1, At(INADDR_LOOPBACK, 5001), 0, NULL, Send())',
    'reserved-flags R34',
  ),

  'WskReceiveFrom: address, flags, no control information': {
    setup: `${two} SendIt(s, 10, INADDR_LOOPBACK, 5001); flags = 7; length = sizeof(cmsg);`,
    call: 'From(t, &in.Buf, 0, (PSOCKADDR)&sa, &length, &cmsg, &flags, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: 'Is("port", RtlUshortByteSwap(sa.sin_port), 5000); Is("flags", flags, 0); Is("control", length, 0);',
  },
  'WskReceiveFrom of a datagram that is too long': {
    setup: `${two} SendIt(s, 10, INADDR_LOOPBACK, 5001); part = Part(in, 0, 4);`,
    call: 'From(t, &part, 0, NULL, NULL, NULL, &flags, Send())',
    returns: pending,
    completes: 'STATUS_BUFFER_OVERFLOW',
    information: '4',
    then: 'Is("flags", flags, MSG_TRUNC);',
  },
  'WskReceiveFrom before WskBind': {
    setup: 's = Udp();',
    call: 'From(s, &in.Buf, 0, NULL, NULL, NULL, NULL, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'socket-not-bound R64',
  },
  'WskReceiveFrom with a flag': bad(two, 'From(s, &in.Buf, 1, NULL, NULL, NULL, NULL, Send())', 'reserved-flags R34'),
  'WskReceiveFrom with control information of no length': bad(
    two,
    'From(s, &in.Buf, 0, NULL, NULL, &cmsg, NULL, Send())',
    'control-info R44',
  ),
  'WskReceiveFrom that is cancelled': {
    setup: two,
    call: 'From(s, &in.Buf, 0, NULL, NULL, NULL, NULL, Send())',
    returns: pending,
    meanwhile: 'TRUE_(IoCancelIrp(irp));',
    completes: 'STATUS_CANCELLED',
  },
  'WskReceiveFrom with IP_PKTINFO': {
    setup: `${two} Set(t, IP_PKTINFO, IPPROTO_IP, 1); SendIt(s, 10, INADDR_LOOPBACK, 5001); length = sizeof(cmsg);`,
    call: 'From(t, &in.Buf, 0, NULL, &length, &cmsg, &flags, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: `Is("control", length, 24); Is("cmsg_len", cmsg.header.cmsg_len, 24); Is("level", cmsg.header.cmsg_level, IPPROTO_IP); Is("type", cmsg.header.cmsg_type, IP_PKTINFO);
      Is("host", cmsg.info.ipi_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK)); Is("interface", cmsg.info.ipi_ifindex, 1); Is("flags", flags, 0);`,
  },
  'WskReceiveFrom with IP_PKTINFO and room for less': {
    setup: `${two} Set(t, IP_PKTINFO, IPPROTO_IP, 1); SendIt(s, 10, INADDR_LOOPBACK, 5001); length = 8;`,
    call: 'From(t, &in.Buf, 0, NULL, &length, &cmsg, &flags, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: 'Is("control", length, 0); Is("flags", flags, MSG_CTRUNC);',
  },
  'WskReceiveFrom with IPV6_PKTINFO and IPV6_HOPLIMIT': {
    setup: `s = Udp6(5000, 1); t = Udp6(5001, 1); Set(t, IPV6_PKTINFO, IPPROTO_IPV6, 1); Set(t, IPV6_HOPLIMIT, IPPROTO_IPV6, 1);
      To(s, 10, 0, At6(&loopback6, 5001), 0, NULL, Send()); Wait(); length = 256; RtlZeroMemory(out.Data, 256);`,
    call: 'From(t, &in.Buf, 0, NULL, &length, out.Data, &flags, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: 'PCMSGHDR one = (PCMSGHDR)out.Data; Is("type", one->cmsg_type, IPV6_PKTINFO); Is("length", one->cmsg_len, 36); one = (PCMSGHDR)((PUCHAR)out.Data + 40); Is("type", one->cmsg_type, IPV6_HOPLIMIT); Is("hops", *(PULONG)(one + 1), 128); Is("all", length, 64);',
  },

  'SIO_WSK_SET_REMOTE_ADDRESS before WskBind': {
    setup: 's = Udp();',
    call: 'Fix(s, SIO_WSK_SET_REMOTE_ADDRESS, INADDR_LOOPBACK, 5001, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
    finding: 'option-order R70',
  },
  'SIO_WSK_SET_REMOTE_ADDRESS without an IRP': {
    setup: two,
    call: 'Fix(s, SIO_WSK_SET_REMOTE_ADDRESS, INADDR_LOOPBACK, 5001, NULL)',
    returns: 'STATUS_INVALID_PARAMETER',
    completes: 'no',
  },
  'SIO_WSK_SET_REMOTE_ADDRESS on a listening socket': {
    setup: 's = Bound(Listener(), INADDR_ANY, 0);',
    call: 'Fix(s, SIO_WSK_SET_REMOTE_ADDRESS, INADDR_LOOPBACK, 5001, Send())',
    returns: 'STATUS_INVALID_DEVICE_REQUEST',
  },
  'SIO_WSK_SET_REMOTE_ADDRESS: strangers are not heard': {
    setup: `${two} d = Bound(Udp(), INADDR_LOOPBACK, 5002);`,
    call: 'Fix(t, SIO_WSK_SET_REMOTE_ADDRESS, INADDR_LOOPBACK, 5000, Send())',
    returns: pending,
    completes: success,
    then: `SendIt(d, 3, INADDR_LOOPBACK, 5001); SendIt(s, 10, INADDR_LOOPBACK, 5001);
      From(t, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 10);
      To(t, 4, 0, NULL, 0, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      From(s, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("answer", irp->IoStatus.Information, 4);`,
  },
  'SIO_WSK_SET_REMOTE_ADDRESS can be cleared': {
    setup: `${two} Fix(t, SIO_WSK_SET_REMOTE_ADDRESS, INADDR_LOOPBACK, 5009, Send()); Wait();`,
    call: 'Io(t, SIO_WSK_SET_REMOTE_ADDRESS, NULL, 0, NULL, 0, NULL, Send())',
    returns: pending,
    completes: success,
    then: 'SendIt(s, 10, INADDR_LOOPBACK, 5001); From(t, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);',
  },
  'SIO_WSK_SET_SENDTO_ADDRESS: everybody is heard all the same': {
    setup: `${two} d = Bound(Udp(), INADDR_LOOPBACK, 5002);`,
    call: 'Fix(t, SIO_WSK_SET_SENDTO_ADDRESS, INADDR_LOOPBACK, 5000, Send())',
    returns: pending,
    completes: success,
    then: `SendIt(d, 3, INADDR_LOOPBACK, 5001); From(t, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 3);
      To(t, 4, 0, NULL, 0, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      From(s, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("answer", irp->IoStatus.Information, 4);`,
  },
  'SIO_WSK_SET_SENDTO_ADDRESS of another family': {
    setup: two,
    call: 'Io(s, SIO_WSK_SET_SENDTO_ADDRESS, At6(&loopback6, 5000), sizeof(SOCKADDR_IN6), NULL, 0, NULL, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },

  IP_ADD_MEMBERSHIP: {
    setup: 's = Bound(Udp(), INADDR_ANY, 5000); t = Bound(Udp(), INADDR_ANY, 5001);',
    call: 'Group(t, IP_ADD_MEMBERSHIP, 0xEF010101, Send())',
    returns: pending,
    completes: success,
    then: 'SendIt(s, 10, 0xEF010101, 5001); From(t, &in.Buf, 0, NULL, NULL, NULL, &flags, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("flags", flags, MSG_MCAST);',
  },
  'IP_ADD_MEMBERSHIP twice': {
    setup: 's = Bound(Udp(), INADDR_ANY, 5000); Group(s, IP_ADD_MEMBERSHIP, 0xEF010101, Send()); Wait();',
    call: 'Group(s, IP_ADD_MEMBERSHIP, 0xEF010101, Send())',
    returns: 'STATUS_ADDRESS_ALREADY_EXISTS',
  },
  'IP_ADD_MEMBERSHIP of an address that is no group': {
    setup: 's = Bound(Udp(), INADDR_ANY, 5000);',
    call: 'Group(s, IP_ADD_MEMBERSHIP, INADDR_LOOPBACK, Send())',
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'IP_DROP_MEMBERSHIP of a group that was not joined': {
    setup: 's = Bound(Udp(), INADDR_ANY, 5000);',
    call: 'Group(s, IP_DROP_MEMBERSHIP, 0xEF010101, Send())',
    returns: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'IP_ADD_MEMBERSHIP before WskBind': {
    setup: 's = Udp();',
    call: 'Group(s, IP_ADD_MEMBERSHIP, 0xEF010101, Send())',
    returns: 'STATUS_INVALID_DEVICE_STATE',
  },

  'WskBind of a raw socket': {
    setup: 's = Raw(200);',
    call: 'D(s)->WskBind(s, At(INADDR_LOOPBACK, 0), 0, Send())',
    returns: pending,
    completes: success,
  },
  'WskBind of a raw socket to another machine': {
    setup: 's = Raw(200);',
    call: 'D(s)->WskBind(s, At(0x08080808, 0), 0, Send())',
    returns: pending,
    completes: 'STATUS_INVALID_ADDRESS_COMPONENT',
  },
  'WskSendTo of a raw socket: the other end gets the IP header too': {
    setup:
      's = Bound(Raw(200), INADDR_LOOPBACK, 0); t = Bound(Raw(200), INADDR_LOOPBACK, 0); d = Bound(Raw(201), INADDR_ANY, 0);',
    call: 'To(s, 10, 0, At(INADDR_LOOPBACK, 0), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '10',
    then: 'From(t, &in.Buf, 0, (PSOCKADDR)&sa, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 30); Is("protocol", ((PUCHAR)in.Data)[9], 200); Is("version", ((PUCHAR)in.Data)[0], 0x45);',
  },
  'an echo request of ICMP is answered': {
    setup: 's = Bound(Raw(IPPROTO_ICMP), 0xC000020A, 0); RtlZeroMemory(out.Data, 16); ((PUCHAR)out.Data)[0] = 8;',
    call: 'To(s, 16, 0, At(INADDR_LOOPBACK, 0), 0, NULL, Send())',
    returns: pending,
    completes: success,
    information: '16',
    then: 'From(s, &in.Buf, 0, (PSOCKADDR)&sa, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 36); Is("type", ((PUCHAR)in.Data)[20], 0); Is("from", sa.sin_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK)); RtlFillMemory(out.Data, 256, 120);',
  },
};

testRows('datagrams', rows, { declarations });
