/*
 * Requests move an amount between two accounts; each account has a fast mutex of its own.
 * Wrong: The mutexes are taken in the order of the transfer, so two programs that move opposite ways wait for
 * each other.
 * Right: The mutexes are taken in the order of their addresses, whichever way the amount goes.
 */
#define HAS_PREPARE
#include "control-device.h"

typedef struct _ACCOUNT {
    FAST_MUTEX Lock;
    LONG Balance;
} ACCOUNT, *PACCOUNT;

static ACCOUNT Savings, Current;

static VOID Move(PACCOUNT From, PACCOUNT To, LONG Amount)
{
#ifdef WRONG
    ExAcquireFastMutex(&From->Lock);
    ExAcquireFastMutex(&To->Lock); /* finding: lock-order 0xC4/0x1001 */
#else
    PACCOUNT first = From < To ? From : To;
    PACCOUNT second = From < To ? To : From;

    ExAcquireFastMutex(&first->Lock);
    ExAcquireFastMutex(&second->Lock);
#endif
    From->Balance -= Amount;
    To->Balance += Amount;
#ifdef WRONG
    ExReleaseFastMutex(&To->Lock);
    ExReleaseFastMutex(&From->Lock);
#else
    ExReleaseFastMutex(&second->Lock);
    ExReleaseFastMutex(&first->Lock);
#endif
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PLONG amount = (PLONG)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (*amount >= 0) {
        Move(&Savings, &Current, *amount);
    } else {
        Move(&Current, &Savings, -*amount);
    }
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ExInitializeFastMutex(&Savings.Lock);
    ExInitializeFastMutex(&Current.Lock);
}
