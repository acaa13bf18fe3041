/* Event providers: registration, events that nobody listens to, what describes an event and its data. */
#include "check.h"
#include <TraceLoggingProvider.h>

TRACELOGGING_DEFINE_PROVIDER(Events, "Area.Events",
    (0x3970f9cf, 0x2c0c, 0x4f11, 0xb1, 0xcc, 0xe3, 0xa1, 0xe9, 0x95, 0x88, 0x34));

static const GUID ProviderId = { 0x3970f9cf, 0x2c0c, 0x4f11, { 0xb1, 0xcc, 0xe3, 0xa1, 0xe9, 0x95, 0x88, 0x33 } };

static VOID NTAPI Enabled(LPCGUID Source, ULONG Code, UCHAR Level, ULONGLONG Any, ULONGLONG All,
                          PEVENT_FILTER_DESCRIPTOR Filter, PVOID Context)
{
    UNREFERENCED_PARAMETER(Source);
    UNREFERENCED_PARAMETER(Code);
    UNREFERENCED_PARAMETER(Level);
    UNREFERENCED_PARAMETER(Any);
    UNREFERENCED_PARAMETER(All);
    UNREFERENCED_PARAMETER(Filter);
    UNREFERENCED_PARAMETER(Context);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    EVENT_DATA_DESCRIPTOR data[2];
    EVENT_DESCRIPTOR event;
    REGHANDLE provider = 0;
    ULONG value = 7;
    USHORT word = 8;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    EQUAL(sizeof(EVENT_DESCRIPTOR), 16);
    EQUAL(sizeof(EVENT_DATA_DESCRIPTOR), 16);
    RETURNS(EtwRegister(&ProviderId, Enabled, NULL, &provider), STATUS_SUCCESS);
    CHECK(provider != 0);
    EventDescCreate(&event, 1, 2, 3, 4, 5, 6, 0x8000000000000000);
    EQUAL(event.Level, 4);
    EQUAL(event.Task, 5);
    EQUAL(event.Opcode, 6);
    EventDataDescCreate(&data[0], &value, sizeof(value));
    EventDataDescCreate(&data[1], &word, sizeof(word));
    EQUAL(data[1].Ptr, (ULONG_PTR)&word);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    EQUAL(EtwEventEnabled(provider, &event), FALSE);
    EQUAL(EtwProviderEnabled(provider, 4, 1), FALSE);
    RETURNS(EtwWrite(provider, &event, NULL, 2, data), STATUS_SUCCESS);
    RETURNS(EtwWriteTransfer(provider, &event, &ProviderId, NULL, 1, data), STATUS_SUCCESS);
    KeLowerIrql(irql);
    RETURNS(EtwWriteString(provider, 4, 1, NULL, L"text"), STATUS_SUCCESS);
    RETURNS(EtwUnregister(provider), STATUS_SUCCESS);
    RETURNS(EtwWrite(0, &event, NULL, 0, NULL), STATUS_SUCCESS);

    EQUAL(TraceLoggingProviderEnabled(Events, 0, 0), FALSE);
    RETURNS(TraceLoggingRegister(Events), STATUS_SUCCESS);
    CHECK(TraceLoggingProviderEnabled(Events, 5, 0));
    value = 0;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    TraceLoggingWrite(Events, "Area", TraceLoggingLevel(4), TraceLoggingUInt32(++value, "Value"),
        TraceLoggingWideString(L"text", "Text"));
    KeLowerIrql(irql);
    EQUAL(value, 1);
    TraceLoggingUnregister(Events);
    TraceLoggingWrite(Events, "Area", TraceLoggingUInt32(++value, "Value"));
    EQUAL(value, 1);
}
