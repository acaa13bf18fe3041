/**
 * The pieces of a driver that completion offers, put together and used as they say, run on the emulator: against peers
 * and a Dot4 device, in the usual order of events and in others.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { finish, planOf, readyRun, scenarioText } from '../../emulator/testing.ts';
import { patterns } from '../../server/features/patterns/index.ts';
import { expand } from '../../server/features/patterns/pattern.ts';

/** DriverEntry's part: a client of its own that says hello, and a question to the device. */
const uses = `
static NTSTATUS SayHello(const WSK_PROVIDER_NPI *Provider)
{
    SOCKADDR_IN any = { AF_INET }, to = { AF_INET, 0x6800 };
    WSK_REQUEST request;
    PWSK_SOCKET socket;
    NTSTATUS status = RequestInitialize(&request);

    if (!NT_SUCCESS(status)) return status;
    to.sin_addr.s_addr = 0x0100007f;
    Provider->Dispatch->WskSocketConnect(Provider->Client, SOCK_STREAM, IPPROTO_TCP, (PSOCKADDR)&any, (PSOCKADDR)&to, 0,
        NULL, NULL, NULL, NULL, NULL, RequestBegin(&request));
    status = RequestEnd(&request);
    if (NT_SUCCESS(status)) {
        socket = (PWSK_SOCKET)request.Irp->IoStatus.Information;
        SendCopy(socket, "hello", 5);
        ((const WSK_PROVIDER_CONNECTION_DISPATCH *)socket->Dispatch)->WskDisconnect(socket, NULL, 0, RequestBegin(&request));
        RequestEnd(&request);
        ((const WSK_PROVIDER_BASIC_DISPATCH *)socket->Dispatch)->WskCloseSocket(socket, RequestBegin(&request));
        RequestEnd(&request);
    }
    RequestFree(&request);
    return status;
}
static NTSTATUS Ask(void)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\\\Device\\\\Dot4Port0");
    PFILE_OBJECT file;
    PDEVICE_OBJECT port;
    char answer[16] = { 0 };
    ULONG_PTR read;
    NTSTATUS status = IoGetDeviceObjectPointer(&name, FILE_ALL_ACCESS, &file, &port);

    if (!NT_SUCCESS(status)) return status;
    status = Dot4Transaction(port, 4, "scan?", 5, answer, sizeof(answer) - 1, &read);
    DbgPrint("0x%x, %d bytes: %s\\n", status, (int)read, answer);
    ObDereferenceObject(file);
    return status;
}
static LISTENER Listening;
static ECHO_STATE Echoing;
`;

const scenario = `
unloadAfterMs: 200
devices:
  - name: \\Device\\Dot4Port0
    answers:
      - { code: IOCTL_DOT4_CREATE_SOCKET, output: { hex: "03" }, outputAt: 52 }
      - { code: IOCTL_DOT4_OPEN_CHANNEL, output: { hex: 07000000 }, outputAt: 4 }
      - { code: IOCTL_DOT4_WRITE, expectData: scan?, delayMs: 2 }
      - { code: IOCTL_DOT4_READ, output: picture, delayMs: 1 }
      - { code: IOCTL_DOT4_CLOSE_CHANNEL, expect: { hex: 07000000 } }
      - { code: IOCTL_DOT4_DESTROY_SOCKET, expect: { hex: "03" } }
peers:
  - name: greeted
    listen: 127.0.0.1:104
    steps: [{ expect: hello }, { expectClose: fin }]
  - name: first
    connect: 127.0.0.1:7
    afterMs: 50
    steps: [{ send: hello }, { waitMs: 60 }, { close: fin }]
  - name: one too many
    connect: 127.0.0.1:7
    afterMs: 60
    steps: [{ expectClose: rst }]
  - name: echoed
    datagram: 127.0.0.1:9000
    to: 127.0.0.1:7
    afterMs: 70
    steps: [{ send: ping }, { expect: ping }, { send: again }, { expect: again }]
`;

function driver(): string {
  const headers = [...new Set(patterns.flatMap((pattern) => pattern.headers))];
  const [registration, ...others] = patterns;
  assert.ok(registration !== undefined);
  const start = `status = SayHello(&DriverProvider);
    if (NT_SUCCESS(status)) status = Ask();
    if (NT_SUCCESS(status)) status = ListenerStart(&Listening, &DriverProvider, 7);
    if (NT_SUCCESS(status)) {
        status = EchoStart(&Echoing, &DriverProvider, 7);
        if (!NT_SUCCESS(status)) ListenerStop(&Listening);
    }
    if (!NT_SUCCESS(status)) { WskReleaseProviderNPI(&DriverRegistration); WskDeregister(&DriverRegistration); return status; }`;
  const entry = expand(registration.body.replace('$0', () => start)).replace(
    '    /* Every socket',
    '    EchoStop(&Echoing);\n    ListenerStop(&Listening);\n    /* Every socket',
  );
  const pieces = others.map((pattern) => expand(pattern.body)).join('\n');
  return headers.map((name) => `#include <${name}>\n`).join('') + pieces + uses + entry;
}

for (const seed of [undefined, 1, 2]) {
  test(`all patterns run clean${seed === undefined ? '' : ` under seed ${seed}`}`, () => {
    const plan = planOf([sourceFile('patterns.c', driver())], { scenario: scenarioText(scenario), seed });
    const result = finish(readyRun(plan));
    assert.deepEqual(
      result.findings.map(({ rule, message }) => `${rule}: ${message}`),
      [],
    );
    assert.equal(result.outcome, 'clean', `entry result ${result.entryResult}`);
    assert.deepEqual(result.log, ['0x0, 7 bytes: picture']);
  });
}
