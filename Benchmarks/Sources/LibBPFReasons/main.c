// SPDX-License-Identifier: Apache-2.0
/* What `dropdb reasons NO_SOCKET` does, as one writes it with libbpf. */
#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *type;
	const struct btf_enum *items;
	int id, i;

	if (!btf)
		return 1;
	id = btf__find_by_name_kind(btf, "skb_drop_reason", BTF_KIND_ENUM);
	if (id < 0)
		return 1;
	type = btf__type_by_id(btf, id);
	items = btf_enum(type);
	for (i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(btf, items[i].name_off);

		if (strcmp(name, "SKB_DROP_REASON_NO_SOCKET") == 0)
			printf("%u %s\n", items[i].val, name);
	}
	btf__free(btf);
	return 0;
}
