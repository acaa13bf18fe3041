// Name resolution: WskGetAddressInfo, WskGetNameInfo, WskFreeAddressInfo, with every hint and flag.
import { type Row, type Rows, testRows } from './testing/rows.ts';

const declarations = `
static PADDRINFOEXW found;
static ADDRINFOEXW hints;
static UNICODE_STRING node, service;
static NTSTATUS Look(PCWSTR name, PCWSTR port, PADDRINFOEXW wanted, PEPROCESS process, PETHREAD thread, PIRP request)
{
  RtlInitUnicodeString(&node, name);
  RtlInitUnicodeString(&service, port);
  found = NULL;
  return npi.Dispatch->WskGetAddressInfo(npi.Client, name ? &node : NULL, port ? &service : NULL, NS_ALL, NULL, wanted, &found, process, thread, request);
}
static PADDRINFOEXW Hint(int flags, int family, int type, int protocol)
{
  RtlZeroMemory(&hints, sizeof(hints));
  hints.ai_flags = flags; hints.ai_family = family; hints.ai_socktype = type; hints.ai_protocol = protocol;
  return &hints;
}
static void Free(void) { npi.Dispatch->WskFreeAddressInfo(npi.Client, found); }
static ULONG Host(PADDRINFOEXW one) { return RtlUlongByteSwap(((PSOCKADDR_IN)one->ai_addr)->sin_addr.s_addr); }
static USHORT Port(PADDRINFOEXW one) { return RtlUshortByteSwap(((PSOCKADDR_IN)one->ai_addr)->sin_port); }
static ULONG Count(void) { ULONG n = 0; for (PADDRINFOEXW one = found; one; one = one->ai_next) n++; return n; }
static WCHAR nodeText[64], serviceText[64];
static NTSTATUS Name(PSOCKADDR of, ULONG size, BOOLEAN wantsNode, BOOLEAN wantsService, ULONG flags, PIRP request)
{
  RtlInitEmptyUnicodeString(&node, nodeText, sizeof(nodeText));
  RtlInitEmptyUnicodeString(&service, serviceText, sizeof(serviceText));
  return npi.Dispatch->WskGetNameInfo(npi.Client, of, size, wantsNode ? &node : NULL, wantsService ? &service : NULL, flags, NULL, NULL, request);
}
static void Text(PUNICODE_STRING actual, PCWSTR expected)
{
  UNICODE_STRING wanted;
  RtlInitUnicodeString(&wanted, expected);
  Is("text", RtlEqualUnicodeString(actual, &wanted, FALSE), TRUE);
}`;

const ok = { returns: 'STATUS_PENDING', completes: 'STATUS_SUCCESS' };
const unknown = { returns: 'STATUS_PENDING', completes: 'STATUS_NOT_FOUND', then: 'TRUE_(found == NULL);' };
const invalid = 'STATUS_INVALID_PARAMETER';
const look = (args: string, request = 'Send()'): string => `Look(${args}, ${request})`;
const free = (checks: string): Pick<Row, 'then'> => ({ then: `${checks} Free();` });

const rows: Rows = {
  'an address written as text': {
    call: look('L"127.0.0.1", L"12345", NULL, NULL, NULL'),
    ...ok,
    ...free(
      'Is("host", Host(found), INADDR_LOOPBACK); Is("port", Port(found), 12345); Is("length", found->ai_addrlen, sizeof(SOCKADDR_IN)); Is("family", found->ai_family, AF_INET); Is("count", Count(), 1);',
    ),
  },
  'an IPv6 address written as text': {
    call: look('L"::1", NULL, NULL, NULL, NULL'),
    ...ok,
    ...free('Is("family", found->ai_family, AF_INET6); Is("length", found->ai_addrlen, sizeof(SOCKADDR_IN6));'),
  },
  'a name that is not waited for': {
    call: 'Look(L"Printer.Local", L"80", NULL, NULL, NULL, Send())',
    meanwhile: 'IoCancelIrp(irp);',
    returns: 'STATUS_PENDING',
    completes: 'STATUS_CANCELLED',
    then: 'TRUE_(found == NULL);',
  },
  'an unknown name': { call: look('L"dead.beef", L"12345", NULL, NULL, NULL'), ...unknown },
  'a name of the scenario, whatever its case': {
    call: look('L"Printer.Local", NULL, NULL, NULL, NULL'),
    ...ok,
    ...free('Is("host", Host(found), 0xC0000214); Is("count", Count(), 2);'),
  },
  localhost: { call: look('L"localhost", NULL, NULL, NULL, NULL'), ...ok, ...free('Is("count", Count(), 2);') },
  'no name: this machine': {
    call: look('NULL, L"80", Hint(0, AF_INET, 0, 0), NULL, NULL'),
    ...ok,
    ...free('Is("host", Host(found), INADDR_LOOPBACK); Is("port", Port(found), 80);'),
  },
  'no name, AI_PASSIVE: the wildcard': {
    call: look('NULL, L"80", Hint(AI_PASSIVE, AF_INET, 0, 0), NULL, NULL'),
    ...ok,
    ...free('Is("host", Host(found), INADDR_ANY);'),
  },
  'a family is asked for': {
    call: look('L"printer.local", NULL, Hint(0, AF_INET6, 0, 0), NULL, NULL'),
    ...ok,
    ...free('Is("family", found->ai_family, AF_INET6); Is("count", Count(), 1);'),
  },
  'a family that the name does not have': {
    call: look('L"scanner.local", NULL, Hint(0, AF_INET6, 0, 0), NULL, NULL'),
    ...unknown,
  },
  AI_V4MAPPED: {
    call: look('L"scanner.local", NULL, Hint(AI_V4MAPPED, AF_INET6, 0, 0), NULL, NULL'),
    ...ok,
    ...free(
      'Is("family", found->ai_family, AF_INET6); Is("mapped", ((PSOCKADDR_IN6)found->ai_addr)->sin6_addr.u.Byte[11], 0xff);',
    ),
  },
  'AI_V4MAPPED and AI_ALL': {
    call: look('L"printer.local", NULL, Hint(AI_V4MAPPED | AI_ALL, AF_INET6, 0, 0), NULL, NULL'),
    ...ok,
    ...free('Is("count", Count(), 2); Is("family", found->ai_next->ai_family, AF_INET6);'),
  },
  'an address with its link': {
    call: look('L"fe80::1%3", L"80", NULL, NULL, NULL'),
    ...ok,
    ...free('Is("link", ((PSOCKADDR_IN6)found->ai_addr)->sin6_scope_id, 3); Is("count", Count(), 1);'),
  },
  'AI_NUMERICHOST with a name': {
    call: look('L"printer.local", NULL, Hint(AI_NUMERICHOST, AF_UNSPEC, 0, 0), NULL, NULL'),
    ...unknown,
  },
  'AI_CANONNAME of an alias': {
    call: look('L"lpr", NULL, Hint(AI_CANONNAME, AF_UNSPEC, 0, 0), NULL, NULL'),
    ...ok,
    ...free('UNICODE_STRING name; RtlInitUnicodeString(&name, found->ai_canonname); Text(&name, L"printer.local");'),
  },
  'type and protocol come back as they were asked for': {
    call: look('L"127.0.0.1", NULL, Hint(0, AF_INET, SOCK_STREAM, IPPROTO_TCP), NULL, NULL'),
    ...ok,
    ...free('Is("type", found->ai_socktype, SOCK_STREAM); Is("protocol", found->ai_protocol, IPPROTO_TCP);'),
  },
  'a service by name': {
    call: look('L"127.0.0.1", L"http", NULL, NULL, NULL'),
    ...ok,
    ...free('Is("port", Port(found), 80);'),
  },
  'AI_NUMERICSERV with a name': {
    call: look('L"127.0.0.1", L"http", Hint(AI_NUMERICSERV, AF_INET, 0, 0), NULL, NULL'),
    ...unknown,
  },
  'a service that is not known': { call: look('L"127.0.0.1", L"nosuchservice", NULL, NULL, NULL'), ...unknown },
  'a family without names': {
    call: look('L"printer.local", NULL, Hint(0, AF_UNIX, 0, 0), NULL, NULL'),
    returns: invalid,
  },
  'neither name nor service': { call: look('NULL, NULL, NULL, NULL, NULL'), returns: invalid },
  'an empty name and an empty service': { call: look('L"", L"", NULL, NULL, NULL'), returns: invalid },
  'a thread without its process': {
    call: look('L"127.0.0.1", NULL, NULL, NULL, PsGetCurrentThread()'),
    returns: invalid,
  },
  'a thread with its process': {
    call: look('L"127.0.0.1", NULL, NULL, PsGetCurrentProcess(), PsGetCurrentThread()'),
    ...ok,
    ...free('Is("count", Count(), 1);'),
  },
  'no IRP: the result is not touched': {
    call: look('L"127.0.0.1", NULL, NULL, NULL, NULL', 'NULL'),
    returns: invalid,
    completes: 'no',
    then: 'TRUE_(found == NULL);',
    finding: 'irp-missing R26',
  },
  'no client': {
    setup: 'RtlInitUnicodeString(&node, L"localhost");',
    call: 'npi.Dispatch->WskGetAddressInfo(NULL, &node, NULL, NS_ALL, NULL, NULL, &found, NULL, NULL, Send())',
    returns: 'STATUS_INVALID_HANDLE',
    completes: 'no',
  },

  'WskGetNameInfo: name and service': {
    call: 'Name(At(0xC0000214, 80), sizeof(SOCKADDR_IN), TRUE, TRUE, 0, Send())',
    ...ok,
    then: 'Text(&node, L"printer.local"); Text(&service, L"http");',
  },
  'WskGetNameInfo of an address without a name': {
    call: 'Name(At(0xC0000263, 4711), sizeof(SOCKADDR_IN), TRUE, TRUE, 0, Send())',
    ...ok,
    then: 'Text(&node, L"192.0.2.99"); Text(&service, L"4711");',
  },
  'WskGetNameInfo NI_NAMEREQD without a name': {
    call: 'Name(At(0xC0000263, 80), sizeof(SOCKADDR_IN), TRUE, FALSE, NI_NAMEREQD, Send())',
    returns: 'STATUS_PENDING',
    completes: 'STATUS_NO_MATCH',
  },
  'WskGetNameInfo NI_NUMERICHOST': {
    call: 'Name(At(0xC0000214, 80), sizeof(SOCKADDR_IN), TRUE, FALSE, NI_NUMERICHOST, Send())',
    ...ok,
    then: 'Text(&node, L"192.0.2.20");',
  },
  'WskGetNameInfo NI_NUMERICSERV': {
    call: 'Name(At(0xC0000214, 80), sizeof(SOCKADDR_IN), FALSE, TRUE, NI_NUMERICSERV, Send())',
    ...ok,
    then: 'Text(&service, L"80");',
  },
  'WskGetNameInfo NI_NOFQDN': {
    call: 'Name(At(0xC0000214, 80), sizeof(SOCKADDR_IN), TRUE, FALSE, NI_NOFQDN, Send())',
    ...ok,
    then: 'Text(&node, L"printer");',
  },
  'WskGetNameInfo with IPv6': {
    call: 'Name(At6(&loopback6, 0), sizeof(SOCKADDR_IN6), TRUE, FALSE, NI_NUMERICHOST, Send())',
    ...ok,
    then: 'Text(&node, L"::1");',
  },
  'WskGetNameInfo for nothing': {
    call: 'Name(At(0xC0000214, 80), sizeof(SOCKADDR_IN), FALSE, FALSE, 0, Send())',
    returns: invalid,
  },
  'WskGetNameInfo of an address that is too short': {
    call: 'Name(At(0xC0000214, 80), 8, TRUE, FALSE, 0, Send())',
    returns: invalid,
  },
  'WskGetNameInfo of an address that is too long': {
    call: 'Name(At(0xC0000214, 80), sizeof(SOCKADDR_STORAGE) + 1, TRUE, FALSE, 0, Send())',
    returns: invalid,
  },
  'WskGetNameInfo of an address of no family': {
    setup: 'sa.sin_family = AF_UNIX;',
    call: 'Name((PSOCKADDR)&sa, sizeof(sa), TRUE, FALSE, 0, Send())',
    returns: invalid,
  },
  'WskGetNameInfo into too little room': {
    setup: 'RtlInitEmptyUnicodeString(&node, nodeText, 4);',
    call: 'npi.Dispatch->WskGetNameInfo(npi.Client, At(0xC0000214, 80), sizeof(SOCKADDR_IN), &node, NULL, 0, NULL, NULL, Send())',
    returns: 'STATUS_PENDING',
    completes: 'STATUS_BUFFER_OVERFLOW',
  },
  'WskGetNameInfo for a thread without its process': {
    setup: 'RtlInitEmptyUnicodeString(&node, nodeText, sizeof(nodeText));',
    call: 'npi.Dispatch->WskGetNameInfo(npi.Client, At(0xC0000214, 80), sizeof(SOCKADDR_IN), &node, NULL, 0, NULL, PsGetCurrentThread(), Send())',
    returns: invalid,
  },
  'WskGetNameInfo without an IRP': {
    call: 'Name(At(0xC0000214, 80), sizeof(SOCKADDR_IN), TRUE, FALSE, 0, NULL)',
    returns: invalid,
    completes: 'no',
    finding: 'irp-missing R26',
  },
};

testRows('names', rows, {
  declarations,
  scenario:
    'network: { names: { printer.local: [192.0.2.20, "2001:db8::20"], scanner.local: [192.0.2.21], lpr: [printer.local] } }',
});
