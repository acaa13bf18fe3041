/* Tokens and what they say, SeExports, security descriptors in one piece, memory that a driver makes in a process. */
#include "check.h"

static VOID Tokens(VOID)
{
    PACCESS_TOKEN token = PsReferencePrimaryToken(PsGetCurrentProcess());
    PTOKEN_USER user = NULL;
    PTOKEN_GROUPS groups = NULL;
    PTOKEN_STATISTICS statistics = NULL;
    ULONG_PTR session = 1;
    ULONG i, admins = 0;
    LUID luid;

    CHECK(token != NULL);
    EQUAL(PsReferencePrimaryToken(PsGetCurrentProcess()), token);
    PsDereferencePrimaryToken(token);
    CHECK(SeTokenIsAdmin(token));
    RETURNS(SeQueryInformationToken(token, TokenUser, (PVOID *)&user), STATUS_SUCCESS);
    CHECK(RtlEqualSid(user->User.Sid, SeExports->SeLocalSystemSid));
    ExFreePool(user);
    RETURNS(SeQueryInformationToken(token, TokenGroups, (PVOID *)&groups), STATUS_SUCCESS);
    for (i = 0; i < groups->GroupCount; i++) {
        admins += RtlEqualSid(groups->Groups[i].Sid, SeExports->SeAliasAdminsSid);
    }
    EQUAL(admins, 1);
    ExFreePool(groups);
    RETURNS(SeQueryInformationToken(token, TokenStatistics, (PVOID *)&statistics), STATUS_SUCCESS);
    EQUAL(statistics->TokenType, TokenPrimary);
    EQUAL(statistics->AuthenticationId.LowPart, 0x3e7);
    ExFreePool(statistics);
    RETURNS(SeQueryInformationToken(token, TokenSessionId, (PVOID *)&session), STATUS_SUCCESS);
    EQUAL((ULONG)session, 0);
    RETURNS(SeQueryInformationToken(token, TokenImpersonationLevel, (PVOID *)&user), STATUS_INVALID_INFO_CLASS);
    RETURNS(SeQueryAuthenticationIdToken(token, &luid), STATUS_SUCCESS);
    EQUAL(luid.LowPart, 0x3e7);
    PsDereferencePrimaryToken(token);
}

/* What Zw functions say of a token, and a token's handle. */
static VOID TokenHandles(VOID)
{
    HANDLE token = NULL;
    UCHAR room[64];
    PTOKEN_USER user = (PTOKEN_USER)room;
    ULONG needed = 0, session = 7;

    RETURNS(ZwOpenThreadTokenEx(NtCurrentThread(), TOKEN_QUERY, TRUE, OBJ_KERNEL_HANDLE, &token), STATUS_NO_TOKEN);
    RETURNS(ZwOpenThreadTokenEx((HANDLE)0x4444, TOKEN_QUERY, TRUE, OBJ_KERNEL_HANDLE, &token), STATUS_INVALID_HANDLE);
    RETURNS(ZwOpenProcessTokenEx(NtCurrentProcess(), TOKEN_QUERY, OBJ_KERNEL_HANDLE, &token), STATUS_SUCCESS);
    RETURNS(ZwQueryInformationToken(token, TokenUser, NULL, 0, &needed), STATUS_BUFFER_TOO_SMALL);
    CHECK(needed > sizeof(TOKEN_USER) && needed <= sizeof(room));
    RETURNS(ZwQueryInformationToken(token, TokenUser, room, sizeof(room), &needed), STATUS_SUCCESS);
    CHECK(RtlEqualSid(user->User.Sid, SeExports->SeLocalSystemSid));
    RETURNS(ZwQueryInformationToken(token, TokenSessionId, &session, sizeof(session), &needed), STATUS_SUCCESS);
    EQUAL(session, 0);
    RETURNS(ZwQueryInformationToken(token, (TOKEN_INFORMATION_CLASS)999, room, sizeof(room), &needed), STATUS_INVALID_INFO_CLASS);
    RETURNS(NtClose(token), STATUS_SUCCESS);
}

/* The security of an object: told in parts, replaced in parts. */
static VOID Security(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\Secured");
    OBJECT_ATTRIBUTES attributes = RTL_CONSTANT_OBJECT_ATTRIBUTES(&name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE);
    SECURITY_DESCRIPTOR absolute;
    UCHAR room[128];
    ULONG needed = 0;
    BOOLEAN isPresent = TRUE, isDefault;
    PSID owner = NULL;
    PACL dacl = NULL;
    HANDLE key = NULL;

    RETURNS(ZwCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, 0, NULL), STATUS_SUCCESS);
    RETURNS(ZwQuerySecurityObject(key, OWNER_SECURITY_INFORMATION, NULL, 0, &needed), STATUS_BUFFER_TOO_SMALL);
    EQUAL(needed, 20 + 16);
    RETURNS(ZwQuerySecurityObject(key, OWNER_SECURITY_INFORMATION, room, sizeof(room), &needed), STATUS_SUCCESS);
    EQUAL(RtlLengthSecurityDescriptor(room), needed);
    RETURNS(RtlGetOwnerSecurityDescriptor(room, &owner, &isDefault), STATUS_SUCCESS);
    CHECK(RtlEqualSid(owner, SeExports->SeAliasAdminsSid));
    RETURNS(RtlGetDaclSecurityDescriptor(room, &isPresent, &dacl, &isDefault), STATUS_SUCCESS);
    CHECK(!isPresent);
    RtlZeroMemory(&absolute, sizeof(absolute));
    RETURNS(ZwSetSecurityObject(key, OWNER_SECURITY_INFORMATION, &absolute), STATUS_UNKNOWN_REVISION);
    RtlCreateSecurityDescriptor(&absolute, SECURITY_DESCRIPTOR_REVISION);
    RETURNS(ZwSetSecurityObject(key, OWNER_SECURITY_INFORMATION, &absolute), STATUS_INVALID_OWNER);
    RtlSetOwnerSecurityDescriptor(&absolute, SeExports->SeLocalSystemSid, FALSE);
    RETURNS(ZwSetSecurityObject(key, OWNER_SECURITY_INFORMATION, &absolute), STATUS_SUCCESS);
    ZwClose(key);
    RETURNS(ZwOpenKey(&key, KEY_READ, &attributes), STATUS_SUCCESS);
    RETURNS(ZwQuerySecurityObject(key, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, room, sizeof(room), &needed),
        STATUS_SUCCESS);
    RtlGetOwnerSecurityDescriptor(room, &owner, &isDefault);
    CHECK(RtlEqualSid(owner, SeExports->SeLocalSystemSid));
    RtlGetDaclSecurityDescriptor(room, &isPresent, &dacl, &isDefault);
    CHECK(isPresent);
    EQUAL(dacl->AceCount, 2);
    RETURNS(ZwQuerySecurityObject((HANDLE)0x4444, OWNER_SECURITY_INFORMATION, NULL, 0, &needed), STATUS_INVALID_HANDLE);
    ZwClose(key);
}

static VOID Exports(VOID)
{
    EQUAL(SeExports->SeDebugPrivilege.LowPart, SE_DEBUG_PRIVILEGE);
    EQUAL(SeExports->SeLoadDriverPrivilege.LowPart, SE_LOAD_DRIVER_PRIVILEGE);
    EQUAL(SeExports->SeCreateSymbolicLinkPrivilege.LowPart, SE_CREATE_SYMBOLIC_LINK_PRIVILEGE);
    EQUAL(*RtlSubAuthorityCountSid(SeExports->SeAliasAdminsSid), 2);
    EQUAL(*RtlSubAuthoritySid(SeExports->SeAliasAdminsSid, 1), 544);
    EQUAL(RtlIdentifierAuthoritySid(SeExports->SeWorldSid)->Value[5], 1);
    EQUAL(FIELD_OFFSET(SE_EXPORTS, SeNullSid), 184);
}

static VOID Descriptors(VOID)
{
    SECURITY_DESCRIPTOR absolute;
    UCHAR aclSpace[64], one[128];
    PACL dacl = (PACL)aclSpace, found = NULL;
    BOOLEAN isPresent = FALSE, isDefault = TRUE;
    ULONG length = 0;
    PSID owner = NULL;

    RtlCreateSecurityDescriptor(&absolute, SECURITY_DESCRIPTOR_REVISION);
    RtlCreateAcl(dacl, 40, ACL_REVISION);
    RtlAddAccessAllowedAce(dacl, ACL_REVISION, GENERIC_ALL, SeExports->SeLocalSystemSid);
    RtlSetDaclSecurityDescriptor(&absolute, TRUE, dacl, FALSE);
    RtlSetOwnerSecurityDescriptor(&absolute, SeExports->SeAliasAdminsSid, FALSE);
    RETURNS(RtlAbsoluteToSelfRelativeSD(&absolute, NULL, &length), STATUS_BUFFER_TOO_SMALL);
    EQUAL(length, 20 + 40 + 16);
    RETURNS(RtlAbsoluteToSelfRelativeSD(&absolute, one, &length), STATUS_SUCCESS);
    EQUAL(RtlLengthSecurityDescriptor(one), length);
    RETURNS(RtlAbsoluteToSelfRelativeSD(one, NULL, &length), STATUS_BAD_DESCRIPTOR_FORMAT);
    RETURNS(RtlGetOwnerSecurityDescriptor(one, &owner, &isDefault), STATUS_SUCCESS);
    CHECK(owner > (PVOID)one && owner < (PVOID)(one + length));
    CHECK(RtlEqualSid(owner, SeExports->SeAliasAdminsSid));
    CHECK(!isDefault);
    RETURNS(RtlGetGroupSecurityDescriptor(one, &owner, &isDefault), STATUS_SUCCESS);
    EQUAL(owner, NULL);
    RETURNS(RtlGetDaclSecurityDescriptor(one, &isPresent, &found, &isDefault), STATUS_SUCCESS);
    CHECK(isPresent);
    EQUAL(found->AceCount, 1);
    RETURNS(RtlSetOwnerSecurityDescriptor(one, NULL, FALSE), STATUS_INVALID_SECURITY_DESCR);
}

static VOID Memory(VOID)
{
    PVOID base = NULL, inner;
    PVOID other;
    SIZE_T size = 5000;

    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
        STATUS_SUCCESS);
    CHECK(base != NULL && base <= MmHighestUserAddress);
    EQUAL(size, 8192);
    __try {
        ProbeForWrite(base, size, 1);
        EQUAL(((PUCHAR)base)[4999], 0);
        ((PUCHAR)base)[8191] = 7;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        CHECK(FALSE);
    }
    inner = (PUCHAR)base + 4096;
    size = 4096;
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &inner, 0, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_SUCCESS);
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &inner, 0, &size, MEM_RESERVE, PAGE_READWRITE),
        STATUS_CONFLICTING_ADDRESSES);
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &inner, 0, &size, MEM_COMMIT, 0), STATUS_INVALID_PAGE_PROTECTION);
    RETURNS(ZwAllocateVirtualMemory((HANDLE)0x1234, &inner, 0, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_INVALID_HANDLE);
    /* What no memory can be made of, in the order in which it is looked at. */
    other = NULL;
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &other, 22, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_INVALID_PARAMETER_3);
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &other, 0, &size, 0, PAGE_READWRITE), STATUS_INVALID_PARAMETER_5);
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &other, 0, &size, MEM_TOP_DOWN, PAGE_READWRITE), STATUS_INVALID_PARAMETER_5);
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &other, 0, &size, MEM_COMMIT | MEM_RESET, PAGE_READWRITE), STATUS_INVALID_PARAMETER_5);
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &other, 0, &size, MEM_RESERVE, PAGE_WRITECOPY), STATUS_INVALID_PAGE_PROTECTION);
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &other, 0, &size, MEM_COMMIT, PAGE_NOACCESS | PAGE_GUARD), STATUS_INVALID_PAGE_PROTECTION);
    other = MmSystemRangeStart;
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &other, 0, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_INVALID_PARAMETER_2);
    other = NULL;
    size = (SIZE_T)-1;
    RETURNS(ZwAllocateVirtualMemory(NtCurrentProcess(), &other, 0, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_INVALID_PARAMETER_4);
    size = 0;
    RETURNS(ZwFreeVirtualMemory(NtCurrentProcess(), &inner, &size, MEM_RELEASE), STATUS_FREE_VM_NOT_AT_BASE);
    RETURNS(ZwFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE), STATUS_SUCCESS);
    EQUAL(size, 8192);
    size = 0;
    RETURNS(ZwFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE), STATUS_MEMORY_NOT_ALLOCATED);
}

static VOID VpbLock(VOID)
{
    KIRQL irql;

    IoAcquireVpbSpinLock(&irql);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    IoReleaseVpbSpinLock(irql);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A tree that a driver builds with its own hands. */
static VOID Splay(VOID)
{
    RTL_SPLAY_LINKS root, left, right;

    RtlInitializeSplayLinks(&root);
    RtlInitializeSplayLinks(&left);
    RtlInitializeSplayLinks(&right);
    CHECK(RtlIsRoot(&root));
    RtlInsertAsLeftChild(&root, &left);
    RtlInsertAsRightChild(&root, &right);
    CHECK(RtlIsLeftChild(&left));
    CHECK(RtlIsRightChild(&right));
    EQUAL(RtlParent(&left), &root);
    EQUAL(RtlRealSuccessor(&left), &root);
    EQUAL(RtlSubtreePredecessor(&root), &left);
    EQUAL(RtlSplay(&left), &left);
    CHECK(RtlIsRoot(&left));
    EQUAL(RtlRightChild(&left), &root);
    EQUAL(FileNetworkOpenInformation, 34);
    EQUAL(FileDispositionInformationEx, 64);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Tokens();
    TokenHandles();
    Security();
    Exports();
    Descriptors();
    Memory();
    VpbLock();
    Splay();
}
