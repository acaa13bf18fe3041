/* Strings in the OEM code page: sizes, conversions both ways, with and without a terminator, cut where there is no room. */
#include "check.h"

static VOID Strings(VOID)
{
    OEM_STRING oem, back;
    UNICODE_STRING wide, wanted = RTL_CONSTANT_STRING(L"Readme.txt");
    CHAR room[11];

    RtlInitString(&oem, "Readme.txt");
    EQUAL(RtlOemStringToUnicodeSize(&oem), 22);
    EQUAL(RtlOemStringToCountedUnicodeSize(&oem), 20);
    EQUAL(RtlUnicodeStringToOemSize(&wanted), 11);
    EQUAL(RtlUnicodeStringToCountedOemSize(&wanted), 10);
    RETURNS(RtlOemStringToUnicodeString(&wide, &oem, TRUE), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&wide, &wanted, FALSE));
    EQUAL(wide.Buffer[10], 0);
    RtlInitEmptyAnsiString(&back, room, sizeof(room));
    RETURNS(RtlUnicodeStringToOemString(&back, &wide, FALSE), STATUS_SUCCESS);
    CHECK(RtlEqualString(&back, &oem, FALSE));
    back.MaximumLength = 10;
    RETURNS(RtlUnicodeStringToOemString(&back, &wide, FALSE), STATUS_BUFFER_OVERFLOW);
    RETURNS(RtlUnicodeStringToCountedOemString(&back, &wide, FALSE), STATUS_SUCCESS);
    EQUAL(back.Length, 10);
    RtlFreeUnicodeString(&wide);
    RETURNS(RtlUpcaseUnicodeStringToOemString(&back, &wanted, TRUE), STATUS_SUCCESS);
    CHECK(RtlEqualMemory(back.Buffer, "README.TXT", 11));
    RtlFreeOemString(&back);
    EQUAL(back.Buffer, NULL);
    RETURNS(RtlUpcaseUnicodeStringToCountedOemString(&back, &wanted, TRUE), STATUS_SUCCESS);
    EQUAL(back.MaximumLength, 10);
    CHECK(RtlEqualMemory(back.Buffer, "README.TXT", 10));
    RtlFreeOemString(&back);
    RETURNS(RtlOemStringToCountedUnicodeString(&wide, &oem, TRUE), STATUS_SUCCESS);
    EQUAL(wide.MaximumLength, 20);
    CHECK(RtlEqualUnicodeString(&wide, &wanted, FALSE));
    RtlFreeUnicodeString(&wide);
    RtlInitString(&oem, "");
    RETURNS(RtlOemStringToCountedUnicodeString(&wide, &oem, TRUE), STATUS_SUCCESS);
    EQUAL(wide.Length, 0);
    EQUAL(wide.Buffer, NULL);
}

static VOID Bytes(VOID)
{
    WCHAR wide[8] = { 0 };
    CHAR narrow[4];
    ULONG bytes = 0;

    RETURNS(RtlOemToUnicodeN(wide, sizeof(wide), &bytes, "abc", 3), STATUS_SUCCESS);
    EQUAL(bytes, 6);
    EQUAL(wide[2], L'c');
    RETURNS(RtlUnicodeToOemN(narrow, 2, &bytes, wide, 6), STATUS_BUFFER_OVERFLOW);
    EQUAL(bytes, 2);
    RETURNS(RtlUpcaseUnicodeToOemN(narrow, sizeof(narrow), &bytes, wide, 6), STATUS_SUCCESS);
    EQUAL(bytes, 3);
    CHECK(RtlEqualMemory(narrow, "ABC", 3));
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Strings();
    Bytes();
}
