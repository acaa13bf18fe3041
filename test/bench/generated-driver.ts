/**
 * A driver of any length, of our own making, for measurements: `lines` in, C text with at least that many lines out,
 * the same for the same arguments. It has what drivers have (SAL, lists, locks, IRPs, WSK calls, parsing) in sections
 * that differ in their names and numbers.
 */
export function generatedDriver(lines: number, seed = 0): string {
  let text = HEAD;
  let count = text.split('\n').length;
  for (let i = 0; count < lines; i++) {
    const part = section(i, seed);
    text += part;
    count += part.split('\n').length - 1;
  }
  return text;
}

const HEAD = `#include <ntddk.h>
#include <wsk.h>

#define POOL_TAG 'hcnB'

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD DriverUnload;

static LONG Loaded;

_Use_decl_annotations_
VOID
DriverUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    InterlockedDecrement(&Loaded);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = DriverUnload;
    InterlockedIncrement(&Loaded);
    return STATUS_SUCCESS;
}
`;

function section(i: number, seed: number): string {
  const id = `${seed}_${i}`;
  return `
/* Channel ${i}: a queue of messages that go out over one connection. */
typedef struct _CHANNEL_${id} {
    LIST_ENTRY Waiting;
    KSPIN_LOCK Lock;
    PWSK_SOCKET Socket;
    ULONG Flags;
    ULONG Sent;
    ULONG Failed;
    volatile LONG Outstanding;
} CHANNEL_${id}, *PCHANNEL_${id};

typedef struct _MESSAGE_${id} {
    LIST_ENTRY Link;
    PCHANNEL_${id} Channel;
    WSK_BUF Buffer;
    USHORT Kind;
    USHORT Length;
    UCHAR Payload[${64 + (i % 8) * 16}];
} MESSAGE_${id}, *PMESSAGE_${id};

IO_COMPLETION_ROUTINE SendComplete_${id};

static ULONG
Checksum_${id}(_In_reads_bytes_(Length) const UCHAR *Bytes, _In_ ULONG Length)
{
    ULONG sum = ${(i * 7919 + seed) % 65536}u;
    ULONG position;

    for (position = 0; position < Length; position++) {
        sum = (sum << 5) + (sum >> 27) + Bytes[position];
        if ((sum & 0x${(i % 15) + 1}u) == 0) {
            sum ^= 0xA5A5${(i % 9) + 1}u;
        }
    }
    return sum;
}

_Use_decl_annotations_
NTSTATUS
SendComplete_${id}(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PMESSAGE_${id} message = (PMESSAGE_${id})Context;
    PCHANNEL_${id} channel;

    UNREFERENCED_PARAMETER(DeviceObject);
    _Analysis_assume_(Context != NULL);
    channel = message->Channel;
    if (NT_SUCCESS(Irp->IoStatus.Status)) {
        channel->Sent += (ULONG)Irp->IoStatus.Information;
    } else {
        channel->Failed++;
    }
    InterlockedDecrement(&channel->Outstanding);
    IoFreeIrp(Irp);
    ExFreePoolWithTag(message, POOL_TAG);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID
Queue_${id}(_Inout_ PCHANNEL_${id} Channel, _Inout_ PMESSAGE_${id} Message)
{
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    InsertTailList(&Channel->Waiting, &Message->Link);
    Channel->Flags |= 0x${(i % 7) + 1}u;
    KeReleaseSpinLock(&Channel->Lock, irql);
}

static NTSTATUS
Classify_${id}(_In_ const MESSAGE_${id} *Message, _Out_ PULONG Priority)
{
    *Priority = 0;
    switch (Message->Kind) {
    case ${i % 4}:
        *Priority = Message->Length > 32 ? 2 : 1;
        break;
    case ${(i % 4) + 5}:
    case ${(i % 4) + 9}:
        *Priority = Checksum_${id}(Message->Payload, Message->Length) % 3;
        break;
    default:
        return STATUS_INVALID_PARAMETER;
    }
    return STATUS_SUCCESS;
}
`;
}
