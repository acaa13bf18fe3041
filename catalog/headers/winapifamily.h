/* API partitions: a driver sees all of them. */
#pragma once
#define WINAPI_PARTITION_DESKTOP 1
#define WINAPI_PARTITION_APP 1
#define WINAPI_PARTITION_SYSTEM 1
#define WINAPI_PARTITION_GAMES 1
#define WINAPI_FAMILY_PARTITION(Partitions) (Partitions)
