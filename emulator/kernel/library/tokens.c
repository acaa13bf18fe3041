/* What a token says: everybody here is the system, whose token is a primary one and has the administrators' group. */
#include <ntifs.h>
#include "ki.h"

#define TOKEN_TAG 'kTeS'
#define SID_MAX 16

static const UCHAR LocalSystem[SID_MAX] = {1, 1, 0, 0, 0, 0, 0, 5, 18};
static const UCHAR Administrators[SID_MAX] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2};
static const UCHAR World[SID_MAX] = {1, 1, 0, 0, 0, 0, 0, 1};
static const UCHAR AuthenticatedUsers[SID_MAX] = {1, 1, 0, 0, 0, 0, 0, 5, 11};

#define GROUPS 3

/* Each answer is a block of its own, with the SIDs that it points to behind it. */
static PVOID Answer(ULONG Size, ULONG Sids) {
  PVOID Block = ExAllocatePoolWithTag(PagedPool, Size + Sids * SID_MAX, TOKEN_TAG);
  if (Block != NULL) RtlZeroMemory(Block, Size + Sids * SID_MAX);
  return Block;
}

static PSID PutSid(PVOID Block, ULONG Size, ULONG Index, const UCHAR *Sid) {
  PUCHAR At = (PUCHAR)Block + Size + Index * SID_MAX;
  RtlCopyMemory(At, Sid, SID_MAX);
  return At;
}

static VOID PutGroup(PTOKEN_GROUPS Groups, ULONG Size, ULONG Index, const UCHAR *Sid) {
  Groups->Groups[Index].Sid = PutSid(Groups, Size, Index, Sid);
  Groups->Groups[Index].Attributes = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED;
}

static VOID FillStatistics(PTOKEN_STATISTICS Statistics) {
  LUID System = SYSTEM_LUID;
  Statistics->TokenId.LowPart = 0x3e8;
  Statistics->AuthenticationId = System;
  Statistics->ExpirationTime.QuadPart = MAXLONGLONG;
  Statistics->TokenType = TokenPrimary;
  Statistics->GroupCount = GROUPS;
  Statistics->ModifiedId.LowPart = 0x3e9;
}

NTSTATUS SeQueryInformationToken(PACCESS_TOKEN Token, TOKEN_INFORMATION_CLASS TokenInformationClass,
                                 PVOID *TokenInformation) {
  KiCheckCaller(__func__);
  UNREFERENCED_PARAMETER(Token);
  PVOID Block = NULL;
  ULONG Size;
  switch (TokenInformationClass) {
  case TokenSessionId:
    /* The number itself, where the others give a pointer. */
    *(PULONG)TokenInformation = 0;
    return STATUS_SUCCESS;
  case TokenUser:
    Block = Answer(sizeof(TOKEN_USER), 1);
    if (Block != NULL) ((PTOKEN_USER)Block)->User.Sid = PutSid(Block, sizeof(TOKEN_USER), 0, LocalSystem);
    break;
  case TokenOwner:
    Block = Answer(sizeof(TOKEN_OWNER), 1);
    if (Block != NULL) ((PTOKEN_OWNER)Block)->Owner = PutSid(Block, sizeof(TOKEN_OWNER), 0, Administrators);
    break;
  case TokenPrimaryGroup:
    Block = Answer(sizeof(TOKEN_PRIMARY_GROUP), 1);
    if (Block != NULL)
      ((PTOKEN_PRIMARY_GROUP)Block)->PrimaryGroup = PutSid(Block, sizeof(TOKEN_PRIMARY_GROUP), 0, LocalSystem);
    break;
  case TokenGroups:
    Size = FIELD_OFFSET(TOKEN_GROUPS, Groups) + GROUPS * sizeof(SID_AND_ATTRIBUTES);
    Block = Answer(Size, GROUPS);
    if (Block == NULL) break;
    ((PTOKEN_GROUPS)Block)->GroupCount = GROUPS;
    PutGroup(Block, Size, 0, Administrators);
    PutGroup(Block, Size, 1, World);
    PutGroup(Block, Size, 2, AuthenticatedUsers);
    break;
  case TokenSource:
    Block = Answer(sizeof(TOKEN_SOURCE), 0);
    if (Block != NULL) RtlCopyMemory(((PTOKEN_SOURCE)Block)->SourceName, "*SYSTEM*", TOKEN_SOURCE_LENGTH);
    break;
  case TokenType:
    Block = Answer(sizeof(TOKEN_TYPE), 0);
    if (Block != NULL) *(PTOKEN_TYPE)Block = TokenPrimary;
    break;
  case TokenStatistics:
    Block = Answer(sizeof(TOKEN_STATISTICS), 0);
    if (Block != NULL) FillStatistics(Block);
    break;
  default:
    return STATUS_INVALID_INFO_CLASS;
  }
  *TokenInformation = Block;
  return Block == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

NTSTATUS SeQueryAuthenticationIdToken(PACCESS_TOKEN Token, PLUID AuthenticationId) {
  KiCheckCaller(__func__);
  LUID System = SYSTEM_LUID;
  UNREFERENCED_PARAMETER(Token);
  *AuthenticationId = System;
  return STATUS_SUCCESS;
}

BOOLEAN SeTokenIsAdmin(PACCESS_TOKEN Token) {
  KiCheckCaller(__func__);
  UNREFERENCED_PARAMETER(Token);
  return TRUE;
}
