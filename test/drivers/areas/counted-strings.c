/* The safe string functions that write counted strings with limits and flags, and between both kinds of strings. */
#include "check.h"

static WCHAR Room[9];
static UNICODE_STRING Target;

/* A target of eight characters that holds `ab`, in memory full of `#`. */
static VOID Fresh(VOID)
{
    ULONG i;

    for (i = 0; i < 9; i++) {
        Room[i] = L'#';
    }
    Room[0] = L'a';
    Room[1] = L'b';
    Target.Buffer = Room;
    Target.Length = 4;
    Target.MaximumLength = 16;
}

static BOOLEAN Holds(PCWSTR Expected)
{
    UNICODE_STRING expected;

    RtlInitUnicodeString(&expected, Expected);
    return RtlEqualUnicodeString(&Target, &expected, FALSE);
}

static VOID Limits(VOID)
{
    UNICODE_STRING source = RTL_CONSTANT_STRING(L"12345");

    Fresh();
    RETURNS(RtlUnicodeStringCchCopyN(&Target, &source, 3), STATUS_SUCCESS);
    CHECK(Holds(L"123"));
    RETURNS(RtlUnicodeStringCbCatN(&Target, &source, 4), STATUS_SUCCESS);
    CHECK(Holds(L"12312"));
    RETURNS(RtlUnicodeStringCchCatStringN(&Target, L"xyzw", 9), STATUS_BUFFER_OVERFLOW);
    CHECK(Holds(L"12312xyz"));
    RETURNS(RtlUnicodeStringCbCopyStringN(&Target, L"hello", 6), STATUS_SUCCESS);
    CHECK(Holds(L"hel"));
    RETURNS(RtlUnicodeStringCchCopyN(&Target, &source, NTSTRSAFE_UNICODE_STRING_MAX_CCH + 1), STATUS_INVALID_PARAMETER);
    EQUAL(Room[8], L'#');
}

static VOID Flags(VOID)
{
    UNICODE_STRING source = RTL_CONSTANT_STRING(L"12345"), rest;

    Fresh();
    RETURNS(RtlUnicodeStringCatEx(&Target, &source, &rest, STRSAFE_FILL_BEHIND_NULL), STATUS_SUCCESS);
    CHECK(Holds(L"ab12345"));
    EQUAL(rest.Length, 0);
    EQUAL(rest.MaximumLength, 2);
    CHECK(rest.Buffer == &Room[7]);
    EQUAL(Room[7], 0);
    RETURNS(RtlUnicodeStringCatStringEx(&Target, L"678", NULL, STRSAFE_NO_TRUNCATION), STATUS_BUFFER_OVERFLOW);
    CHECK(Holds(L"ab12345"));
    RETURNS(RtlUnicodeStringCopyStringEx(&Target, L"0123456789", &rest, STRSAFE_ZERO_LENGTH_ON_FAILURE), STATUS_BUFFER_OVERFLOW);
    EQUAL(Target.Length, 0);
    EQUAL(rest.MaximumLength, 16);
    RETURNS(RtlUnicodeStringCopyEx(&Target, NULL, NULL, 0), STATUS_INVALID_PARAMETER);
    RETURNS(RtlUnicodeStringCopyEx(&Target, NULL, NULL, STRSAFE_IGNORE_NULLS), STATUS_SUCCESS);
    RETURNS(RtlUnicodeStringCopyEx(NULL, &source, NULL, STRSAFE_IGNORE_NULLS), STATUS_INVALID_PARAMETER);
    RETURNS(RtlUnicodeStringCopyEx(&Target, &source, NULL, 0x2000), STATUS_INVALID_PARAMETER);
    RETURNS(RtlUnicodeStringCchCopyStringNEx(&Target, L"abcdef", 2, &rest, 0), STATUS_SUCCESS);
    CHECK(Holds(L"ab"));
    EQUAL(rest.MaximumLength, 12);
    Target.Length = 3;
    RETURNS(RtlUnicodeStringCatEx(&Target, &source, NULL, 0), STATUS_INVALID_PARAMETER);
    EQUAL(Room[8], L'#');
}

static VOID Printing(VOID)
{
    UNICODE_STRING rest;

    Fresh();
    RETURNS(RtlUnicodeStringPrintfEx(&Target, &rest, 0, L"%d-%s", 42, L"x"), STATUS_SUCCESS);
    CHECK(Holds(L"42-x"));
    EQUAL(rest.MaximumLength, 8);
    RETURNS(RtlUnicodeStringPrintfEx(&Target, NULL, STRSAFE_NO_TRUNCATION, L"%s", L"0123456789"), STATUS_BUFFER_OVERFLOW);
    EQUAL(Target.Length, 0);
}

static VOID Terminated(VOID)
{
    UNICODE_STRING source = RTL_CONSTANT_STRING(L"12345");
    WCHAR text[6] = L"#####";
    PWSTR end = NULL;
    size_t left = 0, length = 0;

    source.Length = 6;
    RETURNS(RtlStringCbCopyUnicodeString(text, sizeof(text), &source), STATUS_SUCCESS);
    CHECK(wcscmp(text, L"123") == 0);
    RETURNS(RtlStringCchCopyUnicodeString(text, 3, &source), STATUS_BUFFER_OVERFLOW);
    CHECK(wcscmp(text, L"12") == 0);
    RETURNS(RtlStringCbCopyUnicodeStringEx(text, sizeof(text), &source, &end, &left, STRSAFE_FILL_BEHIND_NULL), STATUS_SUCCESS);
    CHECK(end == &text[3]);
    EQUAL(left, 6);
    EQUAL(text[5], 0);
    RETURNS(RtlStringCchCopyUnicodeString(text, 0, &source), STATUS_INVALID_PARAMETER);
    RETURNS(RtlUnalignedStringCbLengthW(text, sizeof(text), &length), STATUS_SUCCESS);
    EQUAL(length, 6);
    RETURNS(RtlUnalignedStringCchLengthW(text, 2, &length), STATUS_INVALID_PARAMETER);
}

static VOID Making(VOID)
{
    UNICODE_STRING made;

    RETURNS(RtlUnicodeStringInitEx(&made, L"abc", 0), STATUS_SUCCESS);
    EQUAL(made.Length, 6);
    RETURNS(RtlUnicodeStringInitEx(&made, NULL, 0), STATUS_INVALID_PARAMETER);
    RETURNS(RtlUnicodeStringInitEx(&made, NULL, STRSAFE_IGNORE_NULLS), STATUS_SUCCESS);
    RETURNS(RtlUnicodeStringValidateEx(&made, 0), STATUS_SUCCESS);
    RETURNS(RtlUnicodeStringValidateEx(NULL, 0), STATUS_INVALID_PARAMETER);
    RETURNS(RtlUnicodeStringValidateEx(NULL, STRSAFE_IGNORE_NULLS), STATUS_SUCCESS);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Limits();
    Flags();
    Printing();
    Terminated();
    Making();
}
