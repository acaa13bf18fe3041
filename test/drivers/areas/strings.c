/* Counted strings: initialising, comparing, copying, appending, converting, numbers, GUIDs, upper case, prefixes, hashes. */
#include "check.h"

static VOID Initialising(VOID)
{
    UNICODE_STRING u;
    ANSI_STRING a;
    STRING s;
    DECLARE_CONST_UNICODE_STRING(constant, L"abc");
    DECLARE_UNICODE_STRING_SIZE(sized, 10);
    UNICODE_STRING literal = RTL_CONSTANT_STRING(L"xyz");

    RtlInitUnicodeString(&u, L"hello");
    EQUAL(u.Length, 10);
    EQUAL(u.MaximumLength, 12);
    RtlInitUnicodeString(&u, NULL);
    EQUAL(u.Length, 0);
    EQUAL(u.MaximumLength, 0);
    EQUAL(u.Buffer, NULL);
    RtlInitAnsiString(&a, "hello");
    EQUAL(a.Length, 5);
    EQUAL(a.MaximumLength, 6);
    RtlInitString(&s, "");
    EQUAL(s.Length, 0);
    EQUAL(s.MaximumLength, 1);
    EQUAL(constant.Length, 6);
    EQUAL(constant.MaximumLength, 8);
    EQUAL(sized.Length, 0);
    EQUAL(sized.MaximumLength, 20);
    EQUAL(literal.Length, 6);
    RtlInitEmptyUnicodeString(&u, sized.Buffer, 20);
    EQUAL(u.Length, 0);
    EQUAL(u.MaximumLength, 20);
    RETURNS(RtlInitUnicodeStringEx(&u, L"four"), STATUS_SUCCESS);
    EQUAL(u.Length, 8);
    RETURNS(RtlUnicodeStringInit(&u, L"five!"), STATUS_SUCCESS);
    EQUAL(u.Length, 10);
    RETURNS(RtlUnicodeStringValidate(&u), STATUS_SUCCESS);
    u.Length = 11;
    RETURNS(RtlUnicodeStringValidate(&u), STATUS_INVALID_PARAMETER);
}

static VOID Comparing(VOID)
{
    UNICODE_STRING a = RTL_CONSTANT_STRING(L"Driver"), b = RTL_CONSTANT_STRING(L"dRIVER"), c = RTL_CONSTANT_STRING(L"Drive");
    UNICODE_STRING empty = { 0 };
    ANSI_STRING x = RTL_CONSTANT_STRING("One"), y = RTL_CONSTANT_STRING("oNE");

    CHECK(!RtlEqualUnicodeString(&a, &b, FALSE));
    CHECK(RtlEqualUnicodeString(&a, &b, TRUE));
    EQUAL(RtlCompareUnicodeString(&a, &a, FALSE), 0);
    EQUAL(RtlCompareUnicodeString(&a, &b, TRUE), 0);
    CHECK(RtlCompareUnicodeString(&a, &b, FALSE) < 0);
    CHECK(RtlCompareUnicodeString(&a, &c, FALSE) > 0);
    CHECK(RtlCompareUnicodeString(&c, &a, TRUE) < 0);
    CHECK(RtlPrefixUnicodeString(&c, &a, FALSE));
    CHECK(!RtlPrefixUnicodeString(&a, &c, FALSE));
    CHECK(RtlPrefixUnicodeString(&c, &b, TRUE));
    CHECK(!RtlPrefixUnicodeString(&c, &b, FALSE));
    CHECK(RtlPrefixUnicodeString(&empty, &b, FALSE));
    CHECK(RtlEqualString(&x, &y, TRUE));
    CHECK(!RtlEqualString(&x, &y, FALSE));
    EQUAL(RtlCompareString(&x, &y, TRUE), 0);
    CHECK(RtlCompareString(&x, &y, FALSE) < 0);
}

static VOID CopyingAndAppending(VOID)
{
    WCHAR room[8];
    UNICODE_STRING u = { 0, sizeof(room), room }, abc = RTL_CONSTANT_STRING(L"abc"), longer = RTL_CONSTANT_STRING(L"0123456789");
    CHAR bytes[4];
    STRING s = { 0, sizeof(bytes), bytes }, text = RTL_CONSTANT_STRING("abcdef");

    RtlCopyUnicodeString(&u, &abc);
    EQUAL(u.Length, 6);
    EQUAL(room[2], L'c');
    RETURNS(RtlAppendUnicodeToString(&u, L"de"), STATUS_SUCCESS);
    EQUAL(u.Length, 10);
    RETURNS(RtlAppendUnicodeStringToString(&u, &abc), STATUS_SUCCESS);
    EQUAL(u.Length, 16);
    RETURNS(RtlAppendUnicodeToString(&u, L"x"), STATUS_BUFFER_TOO_SMALL);
    EQUAL(u.Length, 16);
    RtlCopyUnicodeString(&u, &longer);
    EQUAL(u.Length, 16);
    EQUAL(room[7], L'7');
    RtlCopyUnicodeString(&u, NULL);
    EQUAL(u.Length, 0);
    RtlCopyString(&s, &text);
    EQUAL(s.Length, 4);
    EQUAL(bytes[3], 'd');
    RETURNS(RtlUnicodeStringCopy(&u, &abc), STATUS_SUCCESS);
    RETURNS(RtlUnicodeStringCatString(&u, L"def"), STATUS_SUCCESS);
    EQUAL(u.Length, 12);
    RETURNS(RtlUnicodeStringCat(&u, &abc), STATUS_BUFFER_OVERFLOW);
    EQUAL(u.Length, 16);
    RETURNS(RtlUnicodeStringPrintf(&u, L"%d-%wZ", 7, &abc), STATUS_SUCCESS);
    EQUAL(u.Length, 10);
    RETURNS(RtlUnicodeStringCopyString(&u, L"0123456789"), STATUS_BUFFER_OVERFLOW);
    EQUAL(u.Length, 16);
}

static VOID Converting(VOID)
{
    ANSI_STRING a = RTL_CONSTANT_STRING("Hello"), back;
    UNICODE_STRING u, wide = RTL_CONSTANT_STRING(L"World"), copy;
    WCHAR room[4];
    CHAR bytes[3];
    ULONG size;

    RETURNS(RtlAnsiStringToUnicodeString(&u, &a, TRUE), STATUS_SUCCESS);
    EQUAL(u.Length, 10);
    CHECK(u.MaximumLength >= 12);
    EQUAL(u.Buffer[5], 0);
    EQUAL(RtlAnsiStringToUnicodeSize(&a), 12);
    RETURNS(RtlUnicodeStringToAnsiString(&back, &u, TRUE), STATUS_SUCCESS);
    EQUAL(back.Length, 5);
    EQUAL(back.Buffer[4], 'o');
    EQUAL(RtlUnicodeStringToAnsiSize(&u), 6);
    RtlFreeUnicodeString(&u);
    EQUAL(u.Buffer, NULL);
    RtlFreeAnsiString(&back);
    EQUAL(back.Buffer, NULL);
    u.Length = 0;
    u.MaximumLength = sizeof(room);
    u.Buffer = room;
    RETURNS(RtlAnsiStringToUnicodeString(&u, &a, FALSE), STATUS_BUFFER_OVERFLOW);
    back.Length = 0;
    back.MaximumLength = sizeof(bytes);
    back.Buffer = bytes;
    RETURNS(RtlUnicodeStringToAnsiString(&back, &wide, FALSE), STATUS_BUFFER_OVERFLOW);
    RETURNS(RtlDuplicateUnicodeString(RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE, &wide, &copy), STATUS_SUCCESS);
    EQUAL(copy.Length, 10);
    EQUAL(copy.Buffer[5], 0);
    EQUAL(copy.MaximumLength, 12);
    CHECK(copy.Buffer != wide.Buffer);
    RtlFreeUnicodeString(&copy);
    RETURNS(RtlDuplicateUnicodeString(0, &wide, &copy), STATUS_SUCCESS);
    EQUAL(copy.Length, 10);
    EQUAL(copy.MaximumLength, 10);
    RtlFreeUnicodeString(&copy);
    RETURNS(RtlDuplicateUnicodeString(RTL_DUPLICATE_UNICODE_STRING_ALLOCATE_NULL_STRING, &wide, &copy),
            STATUS_INVALID_PARAMETER);
    RETURNS(RtlDuplicateUnicodeString(4, &wide, &copy), STATUS_INVALID_PARAMETER);
    u.Length = 0;
    RETURNS(RtlDuplicateUnicodeString(RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE, &u, &copy), STATUS_SUCCESS);
    EQUAL(copy.Buffer, NULL);
    EQUAL(copy.MaximumLength, 0);
    RETURNS(RtlDuplicateUnicodeString(RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE |
                                      RTL_DUPLICATE_UNICODE_STRING_ALLOCATE_NULL_STRING, &u, &copy), STATUS_SUCCESS);
    EQUAL(copy.Length, 0);
    EQUAL(copy.MaximumLength, 2);
    EQUAL(copy.Buffer[0], 0);
    RtlFreeUnicodeString(&copy);
    RETURNS(RtlUnicodeToMultiByteSize(&size, wide.Buffer, wide.Length), STATUS_SUCCESS);
    EQUAL(size, 5);
    RETURNS(RtlUnicodeToMultiByteN(bytes, 3, &size, wide.Buffer, wide.Length), STATUS_SUCCESS);
    EQUAL(size, 3);
    EQUAL(bytes[2], 'r');
    RETURNS(RtlMultiByteToUnicodeN(room, sizeof(room), &size, "xy", 2), STATUS_SUCCESS);
    EQUAL(size, 4);
    EQUAL(room[1], L'y');
}

static VOID Utf8(VOID)
{
    CHAR bytes[16];
    WCHAR units[8];
    ULONG size;

    RETURNS(RtlUnicodeToUTF8N(bytes, sizeof(bytes), &size, L"a\x00E9\x20AC", 6), STATUS_SUCCESS);
    EQUAL(size, 6);
    EQUAL((UCHAR)bytes[1], 0xC3);
    EQUAL((UCHAR)bytes[5], 0xAC);
    RETURNS(RtlUTF8ToUnicodeN(units, sizeof(units), &size, bytes, 6), STATUS_SUCCESS);
    EQUAL(size, 6);
    EQUAL(units[2], 0x20AC);
    RETURNS(RtlUnicodeToUTF8N(NULL, 0, &size, L"abc", 6), STATUS_SUCCESS);
    EQUAL(size, 3);
    RETURNS(RtlUnicodeToUTF8N(bytes, 2, &size, L"abc", 6), STATUS_BUFFER_TOO_SMALL);
    RETURNS(RtlUTF8ToUnicodeN(units, sizeof(units), &size, "\xFF", 1), STATUS_SOME_NOT_MAPPED);
    EQUAL(units[0], 0xFFFD);
}

static VOID Cases(VOID)
{
    WCHAR room[8];
    UNICODE_STRING u = { 0, sizeof(room), room }, mixed = RTL_CONSTANT_STRING(L"MiXeD1"), made;
    CHAR bytes[8];
    STRING s = { 0, sizeof(bytes), bytes }, text = RTL_CONSTANT_STRING("aBc");
    ULONG one, two;

    EQUAL(RtlUpcaseUnicodeChar(L'q'), L'Q');
    EQUAL(RtlUpcaseUnicodeChar(L'Q'), L'Q');
    EQUAL(RtlUpcaseUnicodeChar(0xE9), 0xC9);
    EQUAL(RtlDowncaseUnicodeChar(L'Q'), L'q');
    EQUAL(RtlUpperChar('z'), 'Z');
    RETURNS(RtlUpcaseUnicodeString(&u, &mixed, FALSE), STATUS_SUCCESS);
    EQUAL(room[1], L'I');
    EQUAL(u.Length, 12);
    RETURNS(RtlDowncaseUnicodeString(&u, &mixed, FALSE), STATUS_SUCCESS);
    EQUAL(room[0], L'm');
    EQUAL(room[5], L'1');
    RETURNS(RtlDowncaseUnicodeString(&made, &mixed, TRUE), STATUS_SUCCESS);
    EQUAL(made.Buffer[4], L'd');
    RtlFreeUnicodeString(&made);
    RtlUpperString(&s, &text);
    EQUAL(s.Length, 3);
    EQUAL(bytes[0], 'A');
    EQUAL(bytes[2], 'C');
    RETURNS(RtlHashUnicodeString(&mixed, TRUE, HASH_STRING_ALGORITHM_DEFAULT, &one), STATUS_SUCCESS);
    RETURNS(RtlHashUnicodeString(&u, TRUE, HASH_STRING_ALGORITHM_X65599, &two), STATUS_SUCCESS);
    EQUAL(one, two);
    RETURNS(RtlHashUnicodeString(&mixed, FALSE, HASH_STRING_ALGORITHM_DEFAULT, &one), STATUS_SUCCESS);
    CHECK(one != two);
    RETURNS(RtlHashUnicodeString(&mixed, FALSE, 99, &one), STATUS_INVALID_PARAMETER);
}

static VOID Numbers(VOID)
{
    WCHAR room[40];
    UNICODE_STRING u = { 0, sizeof(room), room }, small = { 0, 4, room };
    UNICODE_STRING number = RTL_CONSTANT_STRING(L"  0x1F"), decimal = RTL_CONSTANT_STRING(L"-42z"), none = RTL_CONSTANT_STRING(L"zz");
    UNICODE_STRING guidText = RTL_CONSTANT_STRING(L"{01234567-89ab-CDEF-0123-456789abcdef}"), bad = RTL_CONSTANT_STRING(L"{0123}"), made;
    ULONG value;
    GUID guid, other;

    RETURNS(RtlIntegerToUnicodeString(255, 16, &u), STATUS_SUCCESS);
    EQUAL(u.Length, 4);
    EQUAL(room[0], L'F');
    RETURNS(RtlIntegerToUnicodeString(255, 0, &u), STATUS_SUCCESS);
    EQUAL(u.Length, 6);
    RETURNS(RtlIntegerToUnicodeString(5, 2, &u), STATUS_SUCCESS);
    EQUAL(u.Length, 6);
    EQUAL(room[1], L'0');
    RETURNS(RtlIntegerToUnicodeString(5, 7, &u), STATUS_INVALID_PARAMETER);
    RETURNS(RtlIntegerToUnicodeString(12345, 10, &small), STATUS_BUFFER_OVERFLOW);
    RETURNS(RtlInt64ToUnicodeString(0x123456789ABCULL, 16, &u), STATUS_SUCCESS);
    EQUAL(u.Length, 24);
    RETURNS(RtlUnicodeStringToInteger(&number, 0, &value), STATUS_SUCCESS);
    EQUAL(value, 31);
    RETURNS(RtlUnicodeStringToInteger(&decimal, 10, &value), STATUS_SUCCESS);
    EQUAL((LONG)value, -42);
    RETURNS(RtlUnicodeStringToInteger(&none, 10, &value), STATUS_SUCCESS);
    EQUAL(value, 0);
    RETURNS(RtlUnicodeStringToInteger(&none, 3, &value), STATUS_INVALID_PARAMETER);
    RETURNS(RtlCharToInteger("0b101", 0, &value), STATUS_SUCCESS);
    EQUAL(value, 5);
    RETURNS(RtlCharToInteger("777", 8, &value), STATUS_SUCCESS);
    EQUAL(value, 511);
    RETURNS(RtlGUIDFromString(&guidText, &guid), STATUS_SUCCESS);
    EQUAL(guid.Data1, 0x01234567);
    EQUAL(guid.Data3, 0xCDEF);
    EQUAL(guid.Data4[7], 0xEF);
    RETURNS(RtlGUIDFromString(&bad, &other), STATUS_INVALID_PARAMETER);
    RETURNS(RtlStringFromGUID(&guid, &made), STATUS_SUCCESS);
    EQUAL(made.Length, 76);
    CHECK(RtlEqualUnicodeString(&made, &guidText, TRUE));
    RtlFreeUnicodeString(&made);
    other = guid;
    CHECK(IsEqualGUID(&guid, &other));
    RETURNS(ExUuidCreate(&guid), STATUS_SUCCESS);
    EQUAL(guid.Data3 >> 12, 1);
    RETURNS(ExUuidCreate(&other), STATUS_SUCCESS);
    CHECK(!IsEqualGUID(&guid, &other));
    EQUAL(RtlUlongByteSwap(0x01020304), 0x04030201);
    EQUAL(RtlUshortByteSwap(0x0102), 0x0201);
    EQUAL(RtlUlonglongByteSwap(0x0102030405060708ULL), 0x0807060504030201ULL);
}

static VOID Made(VOID)
{
    UNICODE_STRING made = { 0 };
    CHAR room[8] = "ab";
    STRING text = { 2, sizeof(room), room }, more = RTL_CONSTANT_STRING("cdef");

    CHECK(RtlCreateUnicodeString(&made, L"made"));
    EQUAL(made.Length, 4 * sizeof(WCHAR));
    CHECK(wcscmp(made.Buffer, L"made") == 0);
    RtlFreeUnicodeString(&made);
    RETURNS(RtlAppendStringToString(&text, &more), STATUS_SUCCESS);
    EQUAL(text.Length, 6);
    CHECK(RtlEqualMemory(room, "abcdef", 6));
    RETURNS(RtlAppendStringToString(&text, &more), STATUS_BUFFER_TOO_SMALL);
    EQUAL(text.Length, 6);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Initialising();
    Comparing();
    CopyingAndAppending();
    Converting();
    Utf8();
    Cases();
    Numbers();
    Made();
}
