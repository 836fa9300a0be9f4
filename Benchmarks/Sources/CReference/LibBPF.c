// SPDX-License-Identifier: Apache-2.0
#include <bpf/btf.h>
#include <string.h>

#include "CReference.h"

long CReference_libbpf_names(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *type;
	const struct btf_enum *items;
	long bytes = 0;
	int id, count, i;

	if (!btf)
		return -1;
	id = btf__find_by_name_kind(btf, "skb_drop_reason", BTF_KIND_ENUM);
	if (id < 0) {
		btf__free(btf);
		return -1;
	}
	type = btf__type_by_id(btf, id);
	items = btf_enum(type);
	count = btf_vlen(type);
	for (i = 0; i < count; i++)
		bytes += (long)strlen(btf__name_by_offset(btf, items[i].name_off));
	btf__free(btf);
	return bytes > 0 ? count : -1;
}

long CReference_libbpf_index(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	long count;

	if (!btf)
		return -1;
	count = (long)btf__type_cnt(btf) - 1;
	btf__free(btf);
	return count;
}

long CReference_libbpf_structs(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	__u32 id, count;
	long structs = 0;

	if (!btf)
		return -1;
	count = btf__type_cnt(btf);
	for (id = 1; id < count; id++)
		structs += btf_kind(btf__type_by_id(btf, id)) == BTF_KIND_STRUCT;
	btf__free(btf);
	return structs;
}
