/* Security identifiers, which say who somebody is, and the entries of access control lists that name them. */
#include <ntifs.h>
#include <ntstrsafe.h>
#include "ki.h"

/* "S-1-", an authority of 48 bits and fifteen numbers of 32 bits with a hyphen before each. */
#define TEXT_MAX 192

ULONG RtlLengthRequiredSid(ULONG SubAuthorityCount) {
  KiCheckCaller(__func__);
  return FIELD_OFFSET(SID, SubAuthority) + SubAuthorityCount * sizeof(ULONG);
}

NTSTATUS RtlInitializeSid(PSID Sid, PSID_IDENTIFIER_AUTHORITY IdentifierAuthority, UCHAR SubAuthorityCount) {
  KiCheckCaller(__func__);
  PISID Id = Sid;
  if (SubAuthorityCount > SID_MAX_SUB_AUTHORITIES) return STATUS_INVALID_PARAMETER;
  Id->Revision = SID_REVISION;
  Id->SubAuthorityCount = SubAuthorityCount;
  Id->IdentifierAuthority = *IdentifierAuthority;
  return STATUS_SUCCESS;
}

PULONG RtlSubAuthoritySid(PSID Sid, ULONG SubAuthority) {
  KiCheckCaller(__func__);
  return &((PISID)Sid)->SubAuthority[SubAuthority];
}

PUCHAR RtlSubAuthorityCountSid(PSID Sid) {
  KiCheckCaller(__func__);
  return &((PISID)Sid)->SubAuthorityCount;
}

PSID_IDENTIFIER_AUTHORITY RtlIdentifierAuthoritySid(PSID Sid) {
  KiCheckCaller(__func__);
  return &((PISID)Sid)->IdentifierAuthority;
}

BOOLEAN RtlValidSid(PSID Sid) {
  KiCheckCaller(__func__);
  PISID Id = Sid;
  return Id != NULL && Id->Revision == SID_REVISION && Id->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

BOOLEAN RtlEqualSid(PSID Sid1, PSID Sid2) {
  KiCheckCaller(__func__);
  PISID A = Sid1, B = Sid2;
  if (A->Revision != B->Revision || A->SubAuthorityCount != B->SubAuthorityCount) return FALSE;
  ULONG Length = RtlLengthSid(Sid1);
  return RtlCompareMemory(Sid1, Sid2, Length) == Length;
}

BOOLEAN RtlEqualPrefixSid(PSID Sid1, PSID Sid2) {
  KiCheckCaller(__func__);
  PISID A = Sid1, B = Sid2;
  if (A->Revision != B->Revision || A->SubAuthorityCount != B->SubAuthorityCount) return FALSE;
  ULONG Count = A->SubAuthorityCount;
  ULONG Length = FIELD_OFFSET(SID, SubAuthority) + (Count == 0 ? 0 : Count - 1) * sizeof(ULONG);
  return RtlCompareMemory(Sid1, Sid2, Length) == Length;
}

NTSTATUS RtlCopySid(ULONG DestinationSidLength, PSID DestinationSid, PSID SourceSid) {
  KiCheckCaller(__func__);
  ULONG Length = RtlLengthSid(SourceSid);
  if (Length > DestinationSidLength) return STATUS_BUFFER_TOO_SMALL;
  RtlCopyMemory(DestinationSid, SourceSid, Length);
  return STATUS_SUCCESS;
}

/* S-1-5-32-544; an authority beyond 32 bits is written in hexadecimal. */
NTSTATUS RtlConvertSidToUnicodeString(PUNICODE_STRING UnicodeString, PSID Sid, BOOLEAN AllocateDestinationString) {
  KiCheckCaller(__func__);
  PISID Id = Sid;
  WCHAR Text[TEXT_MAX];
  UNICODE_STRING Whole;
  ULONGLONG Authority = 0;
  size_t Used;
  if (!RtlValidSid(Sid)) return STATUS_INVALID_SID;
  for (ULONG I = 0; I < 6; I++) Authority = Authority << 8 | Id->IdentifierAuthority.Value[I];
  RtlStringCchPrintfW(Text, TEXT_MAX, Authority >> 32 != 0 ? L"S-1-0x%012I64x" : L"S-1-%I64u", Authority);
  for (ULONG I = 0; I < Id->SubAuthorityCount; I++) {
    RtlStringCchLengthW(Text, TEXT_MAX, &Used);
    RtlStringCchPrintfW(Text + Used, TEXT_MAX - Used, L"-%u", Id->SubAuthority[I]);
  }
  RtlInitUnicodeString(&Whole, Text);
  if (AllocateDestinationString) return RtlDuplicateUnicodeString(1, &Whole, UnicodeString);
  if (UnicodeString->MaximumLength < Whole.Length) return STATUS_BUFFER_OVERFLOW;
  RtlCopyUnicodeString(UnicodeString, &Whole);
  return STATUS_SUCCESS;
}

NTSTATUS RtlGetAce(PACL Acl, ULONG AceIndex, PVOID *Ace) {
  KiCheckCaller(__func__);
  if (Acl->AclRevision < ACL_REVISION || Acl->AclRevision > ACL_REVISION_DS) return STATUS_INVALID_PARAMETER;
  if (AceIndex >= Acl->AceCount) return STATUS_INVALID_PARAMETER;
  PACE_HEADER Header = (PACE_HEADER)(Acl + 1);
  for (ULONG I = 0; I < AceIndex; I++) Header = (PACE_HEADER)((PUCHAR)Header + Header->AceSize);
  *Ace = Header;
  return STATUS_SUCCESS;
}

NTSTATUS RtlAddAccessAllowedAceEx(PACL Acl, ULONG AceRevision, ULONG AceFlags, ACCESS_MASK AccessMask, PSID Sid) {
  KiCheckCaller(__func__);
  PACE_HEADER Header;
  NTSTATUS Status = RtlAddAccessAllowedAce(Acl, AceRevision, AccessMask, Sid);
  if (!NT_SUCCESS(Status)) return Status;
  Status = RtlGetAce(Acl, Acl->AceCount - 1, (PVOID *)&Header);
  if (NT_SUCCESS(Status)) Header->AceFlags = (UCHAR)AceFlags;
  return Status;
}
