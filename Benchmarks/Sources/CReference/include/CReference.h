// SPDX-License-Identifier: Apache-2.0
#ifndef CREFERENCE_H
#define CREFERENCE_H

#include <stddef.h>

/* Each reads the running kernel's BTF from nothing and gives back what it needed; a result below 0
 * is a failure. */

/* How many enumerators `enum skb_drop_reason` has, each name looked at: by libbpf. */
long CReference_libbpf_names(void);
/* The same from the mapped file, through all records up to the enum. */
long CReference_walk_names(void);
/* The same from the mapped file, by the words that the enum's record begins with, wherever they
 * are. */
long CReference_scan_names(void);

/* How many types there are: by libbpf, which makes an index of them when it loads. */
long CReference_libbpf_index(void);
/* The same from the mapped file, the place of each record stored. */
long CReference_walk_index(void);

/* How many structs there are, every type asked for by its id: by libbpf. */
long CReference_libbpf_structs(void);
/* The same from the mapped file, in the one pass that finds the records. */
long CReference_walk_structs(void);

/* Counts allocations of the whole process from here on. */
void CReference_heap_start(void);
/* How many allocations there were since, and by how many bytes the heap was larger at most. */
size_t CReference_heap_allocations(void);
size_t CReference_heap_peak(void);

#endif
