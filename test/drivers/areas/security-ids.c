/* Security identifiers: made, compared, copied, as text; entries of access control lists. */
#include "check.h"

static VOID MakesAndCompares(VOID)
{
    SID_IDENTIFIER_AUTHORITY authority = SECURITY_NT_AUTHORITY;
    UCHAR space[SECURITY_MAX_SID_SIZE], other[SECURITY_MAX_SID_SIZE];
    PSID sid = space;

    EQUAL(SECURITY_MAX_SID_SIZE, 68);
    EQUAL(RtlLengthRequiredSid(2), 16);
    RETURNS(RtlInitializeSid(sid, &authority, 16), STATUS_INVALID_PARAMETER);
    RETURNS(RtlInitializeSid(sid, &authority, 2), STATUS_SUCCESS);
    *RtlSubAuthoritySid(sid, 0) = SECURITY_BUILTIN_DOMAIN_RID;
    *RtlSubAuthoritySid(sid, 1) = 544;
    EQUAL(RtlLengthSid(sid), 16);
    EQUAL(*RtlSubAuthorityCountSid(sid), 2);
    EQUAL(RtlIdentifierAuthoritySid(sid)->Value[5], 5);
    CHECK(RtlValidSid(sid));
    RETURNS(RtlCopySid(15, other, sid), STATUS_BUFFER_TOO_SMALL);
    RETURNS(RtlCopySid(sizeof(other), other, sid), STATUS_SUCCESS);
    CHECK(RtlEqualSid(sid, other));
    *RtlSubAuthoritySid(other, 1) = 545;
    CHECK(!RtlEqualSid(sid, other));
    CHECK(RtlEqualPrefixSid(sid, other));
    *RtlSubAuthoritySid(other, 0) = 21;
    CHECK(!RtlEqualPrefixSid(sid, other));
    other[0] = 2;
    CHECK(!RtlValidSid(other));
}

static VOID Text(VOID)
{
    SID_IDENTIFIER_AUTHORITY authority = SECURITY_NT_AUTHORITY;
    SID_IDENTIFIER_AUTHORITY large = { { 1, 0, 0, 0, 0, 2 } };
    UNICODE_STRING text, wanted = RTL_CONSTANT_STRING(L"S-1-5-21-4294967295");
    UNICODE_STRING hexadecimal = RTL_CONSTANT_STRING(L"S-1-0x010000000002");
    UCHAR space[SECURITY_MAX_SID_SIZE];
    WCHAR few[4];

    RETURNS(RtlInitializeSid(space, &authority, 2), STATUS_SUCCESS);
    *RtlSubAuthoritySid(space, 0) = 21;
    *RtlSubAuthoritySid(space, 1) = 0xFFFFFFFF;
    RETURNS(RtlConvertSidToUnicodeString(&text, space, TRUE), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&text, &wanted, FALSE));
    RtlFreeUnicodeString(&text);
    RtlInitEmptyUnicodeString(&text, few, sizeof(few));
    RETURNS(RtlConvertSidToUnicodeString(&text, space, FALSE), STATUS_BUFFER_OVERFLOW);
    RETURNS(RtlInitializeSid(space, &large, 0), STATUS_SUCCESS);
    RETURNS(RtlConvertSidToUnicodeString(&text, space, TRUE), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&text, &hexadecimal, FALSE));
    RtlFreeUnicodeString(&text);
    space[0] = 0;
    RETURNS(RtlConvertSidToUnicodeString(&text, space, TRUE), STATUS_INVALID_SID);
}

static VOID Entries(VOID)
{
    SID_IDENTIFIER_AUTHORITY authority = SECURITY_NT_AUTHORITY;
    UCHAR sid[SECURITY_MAX_SID_SIZE];
    ULONG space[14];
    PACL acl = (PACL)space;
    PACCESS_ALLOWED_ACE ace = NULL;

    RETURNS(RtlInitializeSid(sid, &authority, 1), STATUS_SUCCESS);
    *RtlSubAuthoritySid(sid, 0) = SECURITY_LOCAL_SYSTEM_RID;
    RETURNS(RtlCreateAcl(acl, sizeof(space), ACL_REVISION), STATUS_SUCCESS);
    RETURNS(RtlGetAce(acl, 0, (PVOID *)&ace), STATUS_INVALID_PARAMETER);
    RETURNS(RtlAddAccessAllowedAce(acl, ACL_REVISION, GENERIC_READ, sid), STATUS_SUCCESS);
    RETURNS(RtlAddAccessAllowedAceEx(acl, ACL_REVISION, CONTAINER_INHERIT_ACE, GENERIC_ALL, sid), STATUS_SUCCESS);
    RETURNS(RtlAddAccessAllowedAceEx(acl, ACL_REVISION, 0, GENERIC_ALL, sid), STATUS_ALLOTTED_SPACE_EXCEEDED);
    RETURNS(RtlGetAce(acl, 1, (PVOID *)&ace), STATUS_SUCCESS);
    EQUAL(ace->Header.AceType, ACCESS_ALLOWED_ACE_TYPE);
    EQUAL(ace->Header.AceFlags, CONTAINER_INHERIT_ACE);
    EQUAL(ace->Header.AceSize, 20);
    EQUAL(ace->Mask, GENERIC_ALL);
    CHECK(RtlEqualSid(&ace->SidStart, sid));
}

static VOID Parts(VOID)
{
    static const GENERIC_MAPPING mapping = { 0x1, 0x2, 0x4, 0xf };
    SECURITY_DESCRIPTOR descriptor;
    PSID owner = &descriptor;
    PACL list = NULL;
    BOOLEAN isDefaulted = TRUE, isPresent = TRUE;
    ACCESS_MASK mask = GENERIC_READ | GENERIC_WRITE | 0x10;
    LUID one = RtlConvertLongToLuid(-5), other;
    SID system = { SID_REVISION, 1, SECURITY_NT_AUTHORITY, { SECURITY_LOCAL_SYSTEM_RID } };
    ACL acl;

    RETURNS(RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION), STATUS_SUCCESS);
    RETURNS(RtlGetOwnerSecurityDescriptor(&descriptor, &owner, &isDefaulted), STATUS_SUCCESS);
    EQUAL(owner, NULL);
    EQUAL(isDefaulted, FALSE);
    RETURNS(RtlSetOwnerSecurityDescriptor(&descriptor, &system, TRUE), STATUS_SUCCESS);
    RETURNS(RtlGetOwnerSecurityDescriptor(&descriptor, &owner, &isDefaulted), STATUS_SUCCESS);
    EQUAL(owner, &system);
    EQUAL(isDefaulted, TRUE);
    RETURNS(RtlSetGroupSecurityDescriptor(&descriptor, &system, FALSE), STATUS_SUCCESS);
    RETURNS(RtlGetGroupSecurityDescriptor(&descriptor, &owner, &isDefaulted), STATUS_SUCCESS);
    EQUAL(isDefaulted, FALSE);
    RETURNS(RtlGetDaclSecurityDescriptor(&descriptor, &isPresent, &list, &isDefaulted), STATUS_SUCCESS);
    EQUAL(isPresent, FALSE);
    RETURNS(RtlCreateAcl(&acl, sizeof(acl), ACL_REVISION), STATUS_SUCCESS);
    RETURNS(RtlSetDaclSecurityDescriptor(&descriptor, TRUE, &acl, FALSE), STATUS_SUCCESS);
    RETURNS(RtlGetDaclSecurityDescriptor(&descriptor, &isPresent, &list, &isDefaulted), STATUS_SUCCESS);
    EQUAL(isPresent, TRUE);
    EQUAL(list, &acl);
    descriptor.Revision = 9;
    RETURNS(RtlGetOwnerSecurityDescriptor(&descriptor, &owner, &isDefaulted), STATUS_UNKNOWN_REVISION);

    RtlMapGenericMask(&mask, &mapping);
    EQUAL(mask, 0x13);
    RtlCopyLuid(&other, &one);
    CHECK(RtlEqualLuid(&one, &other));
    CHECK(!RtlIsZeroLuid(&one));
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    MakesAndCompares();
    Text();
    Entries();
    Parts();
}
