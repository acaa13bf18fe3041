/* The part of the cryptography interface that drivers use to hash. */
#pragma once
#include <ntdef.h>

typedef PVOID BCRYPT_HANDLE, BCRYPT_ALG_HANDLE, BCRYPT_HASH_HANDLE, BCRYPT_KEY_HANDLE;
#define BCRYPT_SUCCESS(Status) (((NTSTATUS)(Status)) >= 0)
#define BCRYPT_MD5_ALGORITHM L"MD5"
#define BCRYPT_SHA1_ALGORITHM L"SHA1"
#define BCRYPT_SHA256_ALGORITHM L"SHA256"
#define BCRYPT_SHA384_ALGORITHM L"SHA384"
#define BCRYPT_SHA512_ALGORITHM L"SHA512"
#define BCRYPT_RNG_ALGORITHM L"RNG"
#define BCRYPT_OBJECT_LENGTH L"ObjectLength"
#define BCRYPT_HASH_LENGTH L"HashDigestLength"
#define BCRYPT_PROV_DISPATCH 0x00000001
#define BCRYPT_ALG_HANDLE_HMAC_FLAG 0x00000008
#define BCRYPT_HASH_REUSABLE_FLAG 0x00000020
#define BCRYPT_USE_SYSTEM_PREFERRED_RNG 0x00000002

_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS NTAPI BCryptOpenAlgorithmProvider(_Out_ BCRYPT_ALG_HANDLE *phAlgorithm, _In_z_ LPCWSTR pszAlgId,
                                           _In_opt_z_ LPCWSTR pszImplementation, _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS NTAPI BCryptCloseAlgorithmProvider(_Inout_ BCRYPT_ALG_HANDLE hAlgorithm, _In_ ULONG dwFlags);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS NTAPI BCryptGetProperty(_In_ BCRYPT_HANDLE hObject, _In_z_ LPCWSTR pszProperty,
                                 _Out_writes_bytes_to_opt_(cbOutput, *pcbResult) PUCHAR pbOutput, _In_ ULONG cbOutput,
                                 _Out_ ULONG *pcbResult, _In_ ULONG dwFlags);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS NTAPI BCryptCreateHash(_Inout_ BCRYPT_ALG_HANDLE hAlgorithm, _Out_ BCRYPT_HASH_HANDLE *phHash,
                                _Out_writes_bytes_opt_(cbHashObject) PUCHAR pbHashObject, _In_ ULONG cbHashObject,
                                _In_reads_bytes_opt_(cbSecret) PUCHAR pbSecret, _In_ ULONG cbSecret, _In_ ULONG dwFlags);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS NTAPI BCryptHashData(_Inout_ BCRYPT_HASH_HANDLE hHash, _In_reads_bytes_(cbInput) PUCHAR pbInput,
                              _In_ ULONG cbInput, _In_ ULONG dwFlags);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS NTAPI BCryptFinishHash(_Inout_ BCRYPT_HASH_HANDLE hHash, _Out_writes_bytes_all_(cbOutput) PUCHAR pbOutput,
                                _In_ ULONG cbOutput, _In_ ULONG dwFlags);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS NTAPI BCryptDestroyHash(_Inout_ BCRYPT_HASH_HANDLE hHash);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS NTAPI BCryptGenRandom(_In_opt_ BCRYPT_ALG_HANDLE hAlgorithm, _Out_writes_bytes_(cbBuffer) PUCHAR pbBuffer,
                               _In_ ULONG cbBuffer, _In_ ULONG dwFlags);
