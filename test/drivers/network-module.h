/* A module for the Network Module Registrar: an NPI that nobody provides, and a client's callbacks that decline. */
#pragma once
#include <ntddk.h>
#include <netioddk.h>

static const NPIID Npi = { 0x0d3c8c5e, 0x5b0c, 0x4b7e, { 0xa1, 0x1d, 0x3c, 0x0a, 0x51, 0x92, 0x6e, 0x44 } };
static const NPI_MODULEID Module = {
    sizeof(NPI_MODULEID), MIT_GUID, { { 0x2a91cf10, 0x7d45, 0x4a6b, { 0x90, 0x5f, 0x81, 0x22, 0x70, 0xe3, 0x19, 0x05 } } }
};
static HANDLE Client;

static NTSTATUS Attach(HANDLE Binding, PVOID Context, PNPI_REGISTRATION_INSTANCE Provider)
{
    UNREFERENCED_PARAMETER(Binding);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Provider);
    return STATUS_NOINTERFACE;
}

static NTSTATUS Detach(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    return STATUS_SUCCESS;
}
