/*
 * A peer with a key and an event, made in three steps.
 * Wrong: When the last step fails, the key of the second one is forgotten.
 * Right: When a step fails, what the earlier ones made is given back.
 */
#include "wsk-client.h"

typedef struct _PEER {
    PUCHAR Key;
    PIRP Irp;
} PEER, *PPEER;

static PPEER Peer;

static PPEER CreatePeer(VOID)
{
    PPEER peer = (PPEER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PEER), CLIENT_TAG);

    if (peer == NULL) {
        return NULL;
    }
    peer->Key = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 32, CLIENT_TAG); /* finding: pool-leak 0xC4/0x62 */
    if (peer->Key == NULL) {
        goto FreePeer;
    }
    peer->Irp = IoAllocateIrp(1, FALSE);
    if (peer->Irp == NULL) {
#ifdef WRONG
        goto FreePeer;
#else
        goto FreeKey;
#endif
    }
    return peer;

#ifndef WRONG
FreeKey:
    ExFreePoolWithTag(peer->Key, CLIENT_TAG);
#endif
FreePeer:
    ExFreePoolWithTag(peer, CLIENT_TAG);
    return NULL;
}

static VOID FreePeer(_In_ PPEER Target)
{
    IoFreeIrp(Target->Irp);
    ExFreePoolWithTag(Target->Key, CLIENT_TAG);
    ExFreePoolWithTag(Target, CLIENT_TAG);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    FreePeer(Peer);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Peer = CreatePeer();
    if (Peer == NULL) {
        ClientStop();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
