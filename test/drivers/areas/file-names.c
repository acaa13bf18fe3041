/* Names of files: components, equality, patterns. Statuses that file systems expect. */
#include "check.h"

static BOOLEAN Fits(PCWSTR Pattern, PCWSTR Name, BOOLEAN IgnoreCase)
{
    UNICODE_STRING pattern, name;

    RtlInitUnicodeString(&pattern, Pattern);
    RtlInitUnicodeString(&name, Name);
    return FsRtlIsNameInExpression(&pattern, &name, IgnoreCase, NULL);
}

static VOID Patterns(VOID)
{
    UNICODE_STRING wild = RTL_CONSTANT_STRING(L"dir\\a*c"), plain = RTL_CONSTANT_STRING(L"di*r\\abc");

    CHECK(Fits(L"*", L"echo.c", FALSE));
    CHECK(Fits(L"*.C", L"echo.c", TRUE));
    CHECK(!Fits(L"*.C", L"echo.c", FALSE));
    CHECK(Fits(L"e?ho.*", L"echo.c", FALSE));
    CHECK(!Fits(L"e?ho.c", L"eho.c", FALSE));
    CHECK(Fits(L"*a*a*b", L"aaaaab", FALSE));
    CHECK(!Fits(L"*a*a*b", L"aaaaac", FALSE));
    CHECK(Fits(L"", L"", FALSE));
    CHECK(!Fits(L"*", L"", FALSE));
    CHECK(!Fits(L"", L"a", FALSE));
    /* The wild cards of DOS: < for * before the last dot, > for ? or nothing, \" for a dot or the end. */
    CHECK(Fits(L"<.c", L"a.b.c", FALSE));
    CHECK(!Fits(L"<.b", L"a.b.c", FALSE));
    CHECK(Fits(L"echo>>>", L"echo", FALSE));
    CHECK(Fits(L"echo>>>.c", L"echo1.c", FALSE));
    CHECK(Fits(L"*\"", L"echo", FALSE));
    CHECK(Fits(L"echo\"c", L"echo.c", FALSE));
    CHECK(FsRtlDoesNameContainWildCards(&wild));
    CHECK(!FsRtlDoesNameContainWildCards(&plain));
}

static VOID Names(VOID)
{
    UNICODE_STRING path = RTL_CONSTANT_STRING(L"\\one\\two\\three"), first, rest;
    UNICODE_STRING lower = RTL_CONSTANT_STRING(L"one"), upper = RTL_CONSTANT_STRING(L"ONE");

    FsRtlDissectName(path, &first, &rest);
    EQUAL(first.Length, 6);
    EQUAL(first.Buffer, path.Buffer + 1);
    EQUAL(rest.Length, 18);
    EQUAL(rest.Buffer, path.Buffer + 5);
    FsRtlDissectName(first, &first, &rest);
    EQUAL(first.Length, 6);
    EQUAL(rest.Length, 0);
    EQUAL(rest.Buffer, NULL);
    CHECK(FsRtlAreNamesEqual(&lower, &upper, TRUE, NULL));
    CHECK(!FsRtlAreNamesEqual(&lower, &upper, FALSE, NULL));
}

static VOID Statuses(VOID)
{
    CHECK(FsRtlIsNtstatusExpected(STATUS_DISK_FULL));
    CHECK(!FsRtlIsNtstatusExpected(STATUS_ACCESS_VIOLATION));
    RETURNS(FsRtlNormalizeNtstatus(STATUS_DISK_FULL, STATUS_UNEXPECTED_IO_ERROR), STATUS_DISK_FULL);
    RETURNS(FsRtlNormalizeNtstatus(STATUS_DATATYPE_MISALIGNMENT, STATUS_UNEXPECTED_IO_ERROR), STATUS_UNEXPECTED_IO_ERROR);
    CHECK(!FsRtlIsTotalDeviceFailure(STATUS_SUCCESS));
    CHECK(!FsRtlIsTotalDeviceFailure(STATUS_CRC_ERROR));
    CHECK(FsRtlIsTotalDeviceFailure(STATUS_NO_SUCH_DEVICE));
    FsRtlEnterFileSystem();
    CHECK(KeAreApcsDisabled());
    FsRtlExitFileSystem();
    CHECK(!KeAreApcsDisabled());
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Patterns();
    Names();
    Statuses();
}
