/* Arithmetic and conversions of integers that tell of an overflow (ntintsafe.h). */
#include "check.h"
#include <ntintsafe.h>

static VOID Arithmetic(VOID)
{
    CHAR c;
    UCHAR b;
    SHORT s;
    USHORT us;
    LONG l;
    ULONG ul;
    LONGLONG ll;
    ULONGLONG ull;
    SIZE_T size;

    RETURNS(RtlInt8Add(100, 27, &c), STATUS_SUCCESS);
    EQUAL(c, 127);
    RETURNS(RtlInt8Add(100, 28, &c), STATUS_INTEGER_OVERFLOW);
    EQUAL(c, -1);
    RETURNS(RtlUInt8Sub(3, 4, &b), STATUS_INTEGER_OVERFLOW);
    EQUAL(b, 0xff);
    RETURNS(RtlUInt8Mult(16, 16, &b), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlShortMult(-256, 128, &s), STATUS_SUCCESS);
    EQUAL(s, -32768);
    RETURNS(RtlShortMult(256, 128, &s), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlUShortMult(256, 256, &us), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlUShortAdd(0xfff0, 0xf, &us), STATUS_SUCCESS);
    EQUAL(us, 0xffff);
    RETURNS(RtlLongSub(MINLONG, 1, &l), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlLongMult(-65536, 32768, &l), STATUS_SUCCESS);
    EQUAL(l, (LONG)MINLONG);
    RETURNS(RtlULongMult(0x10000, 0x10000, &ul), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlULongMult(0xffff, 0x10001, &ul), STATUS_SUCCESS);
    EQUAL(ul, MAXULONG);
    RETURNS(RtlLongLongAdd(MAXLONGLONG, 1, &ll), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlLongLongSub(0, MAXLONGLONG, &ll), STATUS_SUCCESS);
    EQUAL(ll, -MAXLONGLONG);
    RETURNS(RtlLongLongMult(-1, MINLONGLONG, &ll), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlLongLongMult(MINLONGLONG, -1, &ll), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlLongLongMult(MINLONGLONG, 1, &ll), STATUS_SUCCESS);
    RETURNS(RtlLongLongMult(-1, 5, &ll), STATUS_SUCCESS);
    EQUAL(ll, -5);
    RETURNS(RtlULongLongAdd(MAXULONGLONG, 1, &ull), STATUS_INTEGER_OVERFLOW);
    EQUAL(ull, MAXULONGLONG);
    RETURNS(RtlSizeTMult(0x100000000, 0x100000000, &size), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlSIZETAdd(5, 6, &size), STATUS_SUCCESS);
    EQUAL(size, 11);
}

static VOID Conversions(VOID)
{
    UCHAR b;
    USHORT us;
    ULONG ul;
    LONG l;
    ULONGLONG ull;
    LONGLONG ll;
    CHAR c;
    ULONG_PTR ptr;

    RETURNS(RtlULongToUShort(0xffff, &us), STATUS_SUCCESS);
    RETURNS(RtlULongToUShort(0x10000, &us), STATUS_INTEGER_OVERFLOW);
    EQUAL(us, 0xffff);
    RETURNS(RtlLongToULong(-1, &ul), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlULongToLong(0x80000000, &l), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlLongLongToULongLong(-1, &ull), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlULongLongToLongLong(MAXULONGLONG, &ll), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlSizeTToULong(0x100000000, &ul), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlSIZETToULong(0xffffffff, &ul), STATUS_SUCCESS);
    EQUAL(ul, MAXULONG);
    RETURNS(RtlIntToUChar(255, &b), STATUS_SUCCESS);
    RETURNS(RtlIntToChar(128, &c), STATUS_INTEGER_OVERFLOW);
    RETURNS(RtlLongPtrToULongPtr(7, &ptr), STATUS_SUCCESS);
    EQUAL(ptr, 7);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Arithmetic();
    Conversions();
}
