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

/* Bytes of an answer, with the SIDs that it points to behind it; 0 for what a primary token does not tell. */
static ULONG SizeOf(TOKEN_INFORMATION_CLASS Class, PULONG Sids) {
  *Sids = Class == TokenGroups ? GROUPS : Class == TokenUser || Class == TokenOwner || Class == TokenPrimaryGroup;
  switch (Class) {
  case TokenUser:
    return sizeof(TOKEN_USER);
  case TokenOwner:
  case TokenPrimaryGroup:
    return sizeof(TOKEN_OWNER);
  case TokenGroups:
    return FIELD_OFFSET(TOKEN_GROUPS, Groups) + GROUPS * sizeof(SID_AND_ATTRIBUTES);
  case TokenSource:
    return sizeof(TOKEN_SOURCE);
  case TokenType:
    return sizeof(TOKEN_TYPE);
  case TokenStatistics:
    return sizeof(TOKEN_STATISTICS);
  case TokenSessionId:
    return sizeof(ULONG);
  default:
    return 0;
  }
}

static VOID Fill(TOKEN_INFORMATION_CLASS Class, PVOID Block, ULONG Size) {
  switch (Class) {
  case TokenUser:
    ((PTOKEN_USER)Block)->User.Sid = PutSid(Block, Size, 0, LocalSystem);
    break;
  case TokenOwner:
    ((PTOKEN_OWNER)Block)->Owner = PutSid(Block, Size, 0, Administrators);
    break;
  case TokenPrimaryGroup:
    ((PTOKEN_PRIMARY_GROUP)Block)->PrimaryGroup = PutSid(Block, Size, 0, LocalSystem);
    break;
  case TokenGroups:
    ((PTOKEN_GROUPS)Block)->GroupCount = GROUPS;
    PutGroup(Block, Size, 0, Administrators);
    PutGroup(Block, Size, 1, World);
    PutGroup(Block, Size, 2, AuthenticatedUsers);
    break;
  case TokenSource:
    RtlCopyMemory(((PTOKEN_SOURCE)Block)->SourceName, "*SYSTEM*", TOKEN_SOURCE_LENGTH);
    break;
  case TokenType:
    *(PTOKEN_TYPE)Block = TokenPrimary;
    break;
  case TokenStatistics:
    FillStatistics(Block);
    break;
  default:
    break;
  }
}

NTSTATUS SeQueryInformationToken(PACCESS_TOKEN Token, TOKEN_INFORMATION_CLASS TokenInformationClass,
                                 PVOID *TokenInformation) {
  KiCheckCaller(__func__);
  UNREFERENCED_PARAMETER(Token);
  ULONG Sids, Size = SizeOf(TokenInformationClass, &Sids);
  PVOID Block;
  if (Size == 0) return STATUS_INVALID_INFO_CLASS;
  if (TokenInformationClass == TokenSessionId) {
    /* The number itself, where the others give a pointer. */
    *(PULONG)TokenInformation = 0;
    return STATUS_SUCCESS;
  }
  *TokenInformation = Block = ExAllocatePoolWithTag(PagedPool, Size + Sids * SID_MAX, TOKEN_TAG);
  if (Block == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  RtlZeroMemory(Block, Size + Sids * SID_MAX);
  Fill(TokenInformationClass, Block, Size);
  return STATUS_SUCCESS;
}

NTSTATUS ZwQueryInformationToken(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS TokenInformationClass,
                                 PVOID TokenInformation, ULONG TokenInformationLength, PULONG ReturnLength) {
  KiCheckCaller(__func__);
  ULONG Sids, Size = SizeOf(TokenInformationClass, &Sids);
  NTSTATUS Status = KiCheckToken(TokenHandle);
  if (!NT_SUCCESS(Status)) return Status;
  if (Size == 0) return STATUS_INVALID_INFO_CLASS;
  *ReturnLength = Size + Sids * SID_MAX;
  if (TokenInformationLength < Size + Sids * SID_MAX) return STATUS_BUFFER_TOO_SMALL;
  RtlZeroMemory(TokenInformation, Size + Sids * SID_MAX);
  Fill(TokenInformationClass, TokenInformation, Size);
  return STATUS_SUCCESS;
}

TOKEN_TYPE SeTokenType(PACCESS_TOKEN Token) {
  KiCheckCaller(__func__);
  UNREFERENCED_PARAMETER(Token);
  return TokenPrimary;
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
