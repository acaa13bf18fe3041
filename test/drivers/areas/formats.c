/* Safe string functions and every printf format that drivers use: what fits, what is cut, what is returned. */
#include "check.h"

#define SAYS(Format, Expected, ...)                                                      \
    do {                                                                                 \
        CHAR room_[80];                                                                  \
        NTSTATUS made_ = RtlStringCbPrintfA(room_, sizeof(room_), Format, __VA_ARGS__);  \
        CheckReport(made_ == STATUS_SUCCESS && strcmp(room_, Expected) == 0,             \
                    Format " gives " Expected, (ULONG)made_, 0);                         \
        if (strcmp(room_, Expected) != 0) {                                              \
            DbgPrint("  it gives \"%s\"\n", room_);                                      \
        }                                                                                \
    } while (0)

static VOID Formats(VOID)
{
    UNICODE_STRING u = RTL_CONSTANT_STRING(L"wide");
    ANSI_STRING a = RTL_CONSTANT_STRING("narrow");

    SAYS("%d", "-5", -5);
    SAYS("%i", "7", 7);
    SAYS("%u", "4294967295", 0xFFFFFFFFu);
    SAYS("%x", "beef", 0xBEEF);
    SAYS("%X", "BEEF", 0xBEEF);
    SAYS("%#x", "0xff", 255);
    SAYS("%08x", "0000beef", 0xBEEF);
    SAYS("%8d|", "     -42|", -42);
    SAYS("%-8d|", "-42     |", -42);
    SAYS("%+d", "+3", 3);
    SAYS("%o", "17", 15);
    SAYS("%c%c", "hi", 'h', 'i');
    SAYS("%s", "text", "text");
    SAYS("%.2s", "te", "text");
    SAYS("%6s|", "  text|", "text");
    SAYS("%*d", "   9", 4, 9);
    SAYS("%%", "%", 0);
    SAYS("%ld", "-1", -1L);
    SAYS("%lu", "1", 1UL);
    SAYS("%hd", "-1", 0xFFFF);
    SAYS("%hx", "ffff", 0x1FFFF);
    SAYS("%I64d", "-1234567890123", -1234567890123LL);
    SAYS("%I64u", "1234567890123", 1234567890123ULL);
    SAYS("%I64x", "123456789abc", 0x123456789ABCULL);
    SAYS("%lld", "5000000000", 5000000000LL);
    SAYS("%llX", "FF00000000", 0xFF00000000ULL);
    SAYS("%Iu", "10", (SIZE_T)10);
    SAYS("%zu", "10", (SIZE_T)10);
    SAYS("%I32d", "-3", -3);
    SAYS("%p", "00000000DEADBEEF", (PVOID)0xDEADBEEF);
    SAYS("%wZ", "wide", &u);
    SAYS("%wZ", "(null)", (PUNICODE_STRING)NULL);
    SAYS("%Z", "narrow", &a);
    SAYS("%ws", "unicode", L"unicode");
    SAYS("%S", "other", L"other");
    SAYS("%ls", "long", L"long");
    SAYS("%hs", "short", "short");
    SAYS("%s", "(null)", (PSTR)NULL);
    SAYS("%lc", "w", L'w');
    SAYS("0x%04X.%02u", "0x00AB.07", 0xAB, 7);
}

static VOID WideFormats(VOID)
{
    WCHAR room[16];
    size_t length;

    RETURNS(RtlStringCbPrintfW(room, sizeof(room), L"%d %s %S", 1, L"two", "three"), STATUS_SUCCESS);
    RETURNS(RtlStringCbLengthW(room, sizeof(room), &length), STATUS_SUCCESS);
    EQUAL(length, 22);
    RETURNS(RtlStringCchPrintfW(room, 16, L"%hs|%ls", "a", L"b"), STATUS_SUCCESS);
    EQUAL(wcscmp(room, L"a|b"), 0);
    RETURNS(RtlStringCchPrintfW(room, 4, L"%d", 123456), STATUS_BUFFER_OVERFLOW);
    EQUAL(wcscmp(room, L"123"), 0);
}

static VOID Copies(VOID)
{
    CHAR room[8];
    size_t length, left;
    PSTR end;

    RETURNS(RtlStringCbCopyA(room, sizeof(room), "1234567"), STATUS_SUCCESS);
    RETURNS(RtlStringCbCopyA(room, sizeof(room), "12345678"), STATUS_BUFFER_OVERFLOW);
    EQUAL(strcmp(room, "1234567"), 0);
    RETURNS(RtlStringCbCopyA(room, 0, "x"), STATUS_INVALID_PARAMETER);
    RETURNS(RtlStringCchCopyNA(room, 8, "abcdef", 3), STATUS_SUCCESS);
    EQUAL(strcmp(room, "abc"), 0);
    RETURNS(RtlStringCbCatA(room, sizeof(room), "de"), STATUS_SUCCESS);
    EQUAL(strcmp(room, "abcde"), 0);
    RETURNS(RtlStringCbCatA(room, sizeof(room), "fgh"), STATUS_BUFFER_OVERFLOW);
    EQUAL(strcmp(room, "abcdefg"), 0);
    RETURNS(RtlStringCbLengthA(room, sizeof(room), &length), STATUS_SUCCESS);
    EQUAL(length, 7);
    RETURNS(RtlStringCchLengthA(room, 3, &length), STATUS_INVALID_PARAMETER);
    RETURNS(RtlStringCchCatNA(room, 8, "zzz", 0), STATUS_SUCCESS);
    EQUAL(strcmp(room, "abcdefg"), 0);
    RETURNS(RtlStringCbPrintfA(room, sizeof(room), "%s", "much too long"), STATUS_BUFFER_OVERFLOW);
    EQUAL(strcmp(room, "much to"), 0);
    RETURNS(RtlStringCchCopyExA(room, 8, "abc", &end, &left, 0), STATUS_SUCCESS);
    EQUAL(end, room + 3);
    EQUAL(left, 5);
    RETURNS(RtlStringCchPrintfExA(room, 8, &end, &left, 0, "%u", 12), STATUS_SUCCESS);
    EQUAL(end, room + 2);
    EQUAL(left, 6);
}

static VOID CLibrary(VOID)
{
    CHAR room[16];
    WCHAR wide[8];

    EQUAL(strlen("four"), 4);
    EQUAL(wcslen(L"four"), 4);
    CHECK(strncmp("abcd", "abzz", 2) == 0);
    CHECK(_stricmp("ABC", "abc") == 0);
    CHECK(_wcsicmp(L"ABC", L"abd") < 0);
    CHECK(_strnicmp("ABx", "aby", 2) == 0);
    EQUAL(strchr("abc", 'c') != NULL, TRUE);
    EQUAL(strrchr("abca", 'z'), NULL);
    CHECK(strcmp(strstr("one two", "two"), "two") == 0);
    CHECK(wcsstr(L"one two", L"three") == NULL);
    EQUAL(_snprintf(room, sizeof(room), "%d", 123), 3);
    EQUAL(_snprintf(room, 2, "%d", 123), -1);
    EQUAL(_snwprintf(wide, 8, L"%s", L"ab"), 2);
    EQUAL(swprintf(wide, 8, L"%d", 12), 2);
    EQUAL(swprintf(wide, L"a%db", 34), 4);
    CHECK(wcscmp(wide, L"a34b") == 0);
    EQUAL(sprintf_s(room, sizeof(room), "%x", 255), 2);
    EQUAL(atoi("42x"), 42);
    EQUAL(strtoul("ff", NULL, 16), 255);
    EQUAL(toupper('a'), 'A');
    CHECK(isdigit('5') && !isdigit('x') && isxdigit('f') && isspace(' '));
    EQUAL(min(3, 4), 3);
    EQUAL(max(3, 4), 4);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Formats();
    WideFormats();
    Copies();
    CLibrary();
}
