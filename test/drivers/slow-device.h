/*
 * A driver that asks its own device while it is loaded, which completes each request 2 ms after it came: the test has
 * AskOwnDevice.
 */
#pragma once
#define OWN_CONTROL Control
#include "own-device.h"

static KTIMER Timer;
static KDPC Dpc;

static VOID OnTimer(PKDPC D, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PIRP irp = (PIRP)InterlockedExchangePointer((PVOID *)Context, NULL);

    UNREFERENCED_PARAMETER(D);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (irp != NULL) {
        DeviceComplete(irp, STATUS_SUCCESS, 0);
    }
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    static PIRP waiting;
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(DeviceObject);
    due.QuadPart = -20 * 1000;
    IoMarkIrpPending(Irp);
    waiting = Irp;
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, OnTimer, &waiting);
    KeSetTimer(&Timer, due, &Dpc);
    return STATUS_PENDING;
}
