/* DPCs: queues, arguments, order by importance, removal, flushing, threaded ones; the DPC of a device object. */
#include "check.h"

static KDPC First, Second, Third;
static LONG Order, OrderOf[3];
static KIRQL SeenIrql;
static PVOID SeenContext, SeenArgument1, SeenArgument2;
static LONG Ran;

static KDEFERRED_ROUTINE Remember, Count;

static VOID Remember(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    SeenIrql = KeGetCurrentIrql();
    SeenContext = Context;
    SeenArgument1 = Argument1;
    SeenArgument2 = Argument2;
    if (Dpc == &First) {
        OrderOf[0] = InterlockedIncrement(&Order);
    } else if (Dpc == &Second) {
        OrderOf[1] = InterlockedIncrement(&Order);
    } else {
        OrderOf[2] = InterlockedIncrement(&Order);
    }
}

static VOID Count(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    InterlockedIncrement((PLONG)Context);
    SeenIrql = KeGetCurrentIrql();
}

static VOID Arguments(VOID)
{
    KIRQL irql;

    KeInitializeDpc(&First, Remember, &Ran);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    CHECK(KeInsertQueueDpc(&First, (PVOID)1, (PVOID)2));
    CHECK(!KeInsertQueueDpc(&First, (PVOID)3, (PVOID)4));
    EQUAL(Order, 0);
    KeLowerIrql(irql);
    KeFlushQueuedDpcs();
    EQUAL(Order, 1);
    EQUAL(SeenIrql, DISPATCH_LEVEL);
    EQUAL(SeenContext, &Ran);
    EQUAL(SeenArgument1, 1);
    EQUAL(SeenArgument2, 2);
    CHECK(KeInsertQueueDpc(&First, NULL, NULL));
    KeFlushQueuedDpcs();
    EQUAL(Order, 2);
}

static VOID Removal(VOID)
{
    KIRQL irql;

    Order = 0;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    CHECK(!KeRemoveQueueDpc(&First));
    CHECK(KeInsertQueueDpc(&First, NULL, NULL));
    CHECK(KeRemoveQueueDpc(&First));
    CHECK(!KeRemoveQueueDpc(&First));
    KeLowerIrql(irql);
    KeFlushQueuedDpcs();
    EQUAL(Order, 0);
}

/* High importance goes to the head of the queue. */
static VOID Importance(VOID)
{
    KIRQL irql;

    KeInitializeDpc(&Second, Remember, NULL);
    KeInitializeDpc(&Third, Remember, NULL);
    KeSetImportanceDpc(&Third, HighImportance);
    Order = 0;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    KeInsertQueueDpc(&First, NULL, NULL);
    KeInsertQueueDpc(&Second, NULL, NULL);
    KeInsertQueueDpc(&Third, NULL, NULL);
    KeLowerIrql(irql);
    KeFlushQueuedDpcs();
    EQUAL(Order, 3);
    EQUAL(OrderOf[2], 1);
    EQUAL(OrderOf[0], 2);
    EQUAL(OrderOf[1], 3);
}

static VOID Threaded(VOID)
{
    KDPC dpc;

    Ran = 0;
    KeInitializeThreadedDpc(&dpc, Count, &Ran);
    CHECK(KeInsertQueueDpc(&dpc, NULL, NULL));
    KeFlushQueuedDpcs();
    Pause(1);
    EQUAL(Ran, 1);
    CHECK(SeenIrql == PASSIVE_LEVEL || SeenIrql == DISPATCH_LEVEL);
}

static VOID OfDevice(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device;

    if (!NT_SUCCESS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device))) {
        return;
    }
    Order = 0;
    IoInitializeDpcRequest(device, (PIO_DPC_ROUTINE)Remember);
    IoRequestDpc(device, (PIRP)0x10, (PVOID)0x20);
    KeFlushQueuedDpcs();
    EQUAL(Order, 1);
    EQUAL(SeenContext, device);
    EQUAL(SeenArgument1, 0x10);
    EQUAL(SeenArgument2, 0x20);
    IoDeleteDevice(device);
}

static IO_TIMER_ROUTINE EverySecond;
static LONG Seconds;
static KIRQL TimerIrql;

static VOID EverySecond(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    TimerIrql = KeGetCurrentIrql();
    InterlockedIncrement((PLONG)Context);
}

static VOID DeviceTimer(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device;

    if (!NT_SUCCESS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device))) {
        return;
    }
    EQUAL(device->Timer, NULL);
    RETURNS(IoInitializeTimer(device, EverySecond, &Seconds), STATUS_SUCCESS);
    CHECK(device->Timer != NULL);
    Pause(2500);
    EQUAL(Seconds, 0);
    IoStartTimer(device);
    Pause(3500);
    CHECK(Seconds >= 3 && Seconds <= 4);
    EQUAL(TimerIrql, DISPATCH_LEVEL);
    IoStopTimer(device);
    Seconds = 0;
    Pause(2500);
    EQUAL(Seconds, 0);
    IoDeleteDevice(device);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    Arguments();
    Removal();
    Importance();
    Threaded();
    OfDevice(DriverObject);
    DeviceTimer(DriverObject);
}
