// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/btf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CReference.h"

/* What C can do at best: the kernel's own file, mapped (6.16) and believed without a check. */
struct mapped {
	void *start;
	size_t length;
	const uint8_t *types;
	const uint8_t *end;
	const char *strings;
	size_t strings_length;
};

static int map_kernel(struct mapped *mapped)
{
	int file = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	const struct btf_header *header;
	struct stat status;

	if (file < 0)
		return -1;
	if (fstat(file, &status) != 0) {
		close(file);
		return -1;
	}
	mapped->length = (size_t)status.st_size;
	mapped->start = mmap(NULL, mapped->length, PROT_READ, MAP_PRIVATE, file, 0);
	close(file);
	if (mapped->start == MAP_FAILED)
		return -1;
	header = mapped->start;
	mapped->types = (const uint8_t *)mapped->start + header->hdr_len + header->type_off;
	mapped->end = mapped->types + header->type_len;
	mapped->strings = (const char *)mapped->start + header->hdr_len + header->str_off;
	mapped->strings_length = header->str_len;
	return 0;
}

static size_t record_size(const struct btf_type *type)
{
	size_t count = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(*type) + 4;
	case BTF_KIND_ARRAY:
		return sizeof(*type) + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return sizeof(*type) + count * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return sizeof(*type) + count * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return sizeof(*type) + count * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return sizeof(*type) + count * sizeof(struct btf_var_secinfo);
	case BTF_KIND_ENUM64:
		return sizeof(*type) + count * sizeof(struct btf_enum64);
	default:
		return sizeof(*type);
	}
}

static long look_at_names(const struct mapped *mapped, const struct btf_type *type)
{
	const struct btf_enum *items = (const struct btf_enum *)(type + 1);
	long count = BTF_INFO_VLEN(type->info);
	long bytes = 0;
	long i;

	for (i = 0; i < count; i++)
		bytes += (long)strlen(mapped->strings + items[i].name_off);
	return bytes > 0 ? count : -1;
}

long CReference_walk_names(void)
{
	struct mapped mapped;
	const uint8_t *place;
	long count = -1;

	if (map_kernel(&mapped) != 0)
		return -1;
	for (place = mapped.types; place < mapped.end;) {
		const struct btf_type *type = (const struct btf_type *)place;

		if (BTF_INFO_KIND(type->info) == BTF_KIND_ENUM &&
		    strcmp(mapped.strings + type->name_off, "skb_drop_reason") == 0) {
			count = look_at_names(&mapped, type);
			break;
		}
		place += record_size(type);
	}
	munmap(mapped.start, mapped.length);
	return count;
}

long CReference_scan_names(void)
{
	static const char name[] = "\0skb_drop_reason";
	struct mapped mapped;
	const uint32_t *word, *end;
	const char *found;
	uint32_t offset;
	long count = -1;

	if (map_kernel(&mapped) != 0)
		return -1;
	found = memmem(mapped.strings, mapped.strings_length, name, sizeof(name));
	if (found) {
		offset = (uint32_t)(found + 1 - mapped.strings);
		end = (const uint32_t *)mapped.end;
		for (word = (const uint32_t *)mapped.types; word + 3 <= end; word++) {
			if (word[0] == offset && BTF_INFO_KIND(word[1]) == BTF_KIND_ENUM) {
				count = look_at_names(&mapped, (const struct btf_type *)word);
				break;
			}
		}
	}
	munmap(mapped.start, mapped.length);
	return count;
}

long CReference_walk_index(void)
{
	struct mapped mapped;
	const uint8_t *place;
	uint32_t *offsets;
	long count = 0;

	if (map_kernel(&mapped) != 0)
		return -1;
	offsets = malloc((size_t)(mapped.end - mapped.types) / 12 * sizeof(*offsets));
	if (!offsets) {
		munmap(mapped.start, mapped.length);
		return -1;
	}
	for (place = mapped.types; place < mapped.end;) {
		offsets[count++] = (uint32_t)(place - mapped.types);
		place += record_size((const struct btf_type *)place);
	}
	if (offsets[count - 1] == 0)
		count = -1;
	free(offsets);
	munmap(mapped.start, mapped.length);
	return count;
}

long CReference_walk_structs(void)
{
	struct mapped mapped;
	const uint8_t *place;
	long structs = 0;

	if (map_kernel(&mapped) != 0)
		return -1;
	for (place = mapped.types; place < mapped.end;) {
		const struct btf_type *type = (const struct btf_type *)place;

		structs += BTF_INFO_KIND(type->info) == BTF_KIND_STRUCT;
		place += record_size(type);
	}
	munmap(mapped.start, mapped.length);
	return structs;
}
